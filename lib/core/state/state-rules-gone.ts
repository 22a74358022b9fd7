/** The rules for agents whose program does not run: what they reported before their end still counts. */
import { finished, is, none, type Rule } from './state-rule.ts';

/** In the order in which they are asked. */
export const gone: readonly Rule[] = [
  {
    known: 'you stopped it, and no program runs',
    leads: ['exited', none],
    decide: ({ folded, alive }) =>
      folded.stopped !== null && !alive
        ? is('exited', folded.stopped, folded.launchedAt === null ? 'it was not started' : 'you stopped it')
        : null,
  },
  {
    known: 'not launched yet',
    leads: ['starting', none],
    decide: ({ folded, base }) =>
      folded.launchedAt === null ? is('starting', base, 'it was not launched yet') : null,
  },
  {
    known: 'pane gone; last report `done`',
    leads: ['exited', finished],
    decide: ({ folded: { report }, alive, exited }) =>
      !alive && exited === null && report?.state === 'done'
        ? is('exited', report.at, 'its pane is gone', { message: report.message, outcome: 'done' })
        : null,
  },
  {
    known: 'pane gone; anything else',
    leads: ['exited', 'failure'],
    decide: ({ folded: { report }, alive, exited, base }) =>
      !alive && exited === null
        ? is('exited', report?.at ?? base, 'its pane is gone', {
            message: 'its pane is gone',
            outcome: 'failed',
          })
        : null,
  },
  {
    known: 'program ended; last report `done`',
    leads: ['exited', finished],
    decide: ({ folded: { report }, alive }) =>
      !alive && report?.state === 'done'
        ? is('exited', report.at, 'it reported done, then ended', {
            message: report.message,
            outcome: 'done',
          })
        : null,
  },
  {
    known: 'program ended with status 0; last report not `failed`',
    leads: ['exited', 'review or report when it was started with a prompt'],
    decide: ({ folded, alive, exited }) =>
      !alive && exited?.status === 0 && !exited.signal && folded.report?.state !== 'failed'
        ? is('exited', exited.at, 'exited with 0', {
            message: 'its program has ended',
            outcome: folded.hadPrompt ? 'done' : null,
          })
        : null,
  },
  {
    known: 'program ended otherwise',
    leads: ['failed', 'failure'],
    decide: ({ folded: { report }, alive, exited }) => {
      if (alive || exited === null) return null;
      const how = exited.signal
        ? `ended by signal ${exited.signal}`
        : `exited with ${exited.status ?? 'an unknown status'}`;
      const message = report?.state === 'failed' ? report.message : how;
      return is('failed', exited.at, how, { message, outcome: 'failed' });
    },
  },
];
