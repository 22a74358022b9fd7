/** The rules for agents that run and tell nothing: a missing signal is never taken for an idle agent. */
import { startedIdle, times } from './signals.ts';
import { finished, is, none, type Rule } from './state-rule.ts';

/** In the order in which they are asked, after those for agents of which something is told. */
export const silent: readonly Rule[] = [
  {
    known: 'its preset is not known any more',
    leads: ['unknown', none],
    decide: ({ preset, base }) => (preset === null ? is('unknown', base, 'its preset is not known') : null),
  },
  {
    known: 'its preset reports; started without a prompt, silent for 1.5 s',
    leads: ['unknown', 'failure when it was interrupted'],
    decide: ({ preset, folded, now, base }) => {
      if (preset?.hooks !== 'events' || !startedIdle(folded)) return null;
      if (now - Date.parse(base) <= times.settling) return null;
      const cut = folded.interrupted;
      const why = 'started without a prompt; it has reported nothing yet';
      if (cut === null) return is('unknown', base, why);
      const was = cut.state === 'waiting' ? 'asking' : 'at work';
      const message = `was interrupted while ${was}${cut.message ? `: ${cut.message}` : ''}`;
      return is('unknown', cut.at, why, { message, outcome: 'failed' });
    },
  },
  {
    known: 'its preset reports; nothing reported yet',
    leads: ['starting', none],
    decide: ({ preset, now, base }) =>
      preset?.hooks === 'events' && now - Date.parse(base) <= times.start
        ? is('starting', base, 'launched; it has reported nothing yet')
        : null,
  },
  {
    known: 'its preset reports; nothing reported for 15 s, and no dialog is seen',
    leads: ['unknown', none],
    decide: ({ preset, base }) =>
      preset?.hooks === 'events'
        ? is('unknown', base, 'launched, and nothing was reported since: its hooks may not run')
        : null,
  },
];

/** For agents that are read from their output. */
export const byOutput: readonly Rule[] = [
  {
    known: 'has printed nothing yet',
    leads: ['starting', none],
    decide: ({ printed, preset, now, base }) =>
      printed === null && now - Date.parse(base) <= (preset?.reading.quietMs ?? 0)
        ? is('starting', base, 'it has printed nothing yet')
        : null,
  },
  {
    known: 'has printed nothing for 3 s',
    leads: ['unknown', none],
    decide: ({ printed, base }) => (printed === null ? is('unknown', base, 'it has printed nothing') : null),
  },
  {
    known: 'printed within the last 3 s',
    leads: ['working', none],
    decide: ({ printed, preset, now, base }) =>
      printed !== null && Math.abs(now - printed) < (preset?.reading.quietMs ?? 0)
        ? is('working', base, 'it is printing')
        : null,
  },
  {
    known: 'quiet; no prompt was given, or it takes none',
    leads: ['unknown', none],
    decide: ({ printed, preset, folded }) => {
      const at = printed ?? 0;
      const prompted = folded.promptedAt !== null && Date.parse(folded.promptedAt) <= at;
      if (prompted && preset?.prompt !== 'none') return null;
      return is('unknown', new Date(at).toISOString(), 'it is quiet, and nothing tells why');
    },
  },
  {
    known: 'quiet after its prompt',
    leads: ['done', finished],
    decide: ({ printed }) =>
      is('done', new Date(printed ?? 0).toISOString(), 'it is quiet after its prompt', { outcome: 'done' }),
  },
];
