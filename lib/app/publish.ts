/** Writes what the snapshot says into tmux's options, so that keys and status lines need no program. */
import type { DocketItem, Snapshot } from '../core/model.ts';
import { docketKinds } from '../core/model.ts';
import type { ServerView, TmuxCommand } from '../ports.ts';
import type { Context } from './context.ts';
import { type Observed, observe } from './observe.ts';

/** Publishes `observed`; when a hook wrote meanwhile, observes again and publishes that, three times at most. */
export async function publish(context: Context, observed: Observed): Promise<Observed> {
  let current = observed;
  for (let round = 0; round < 3; round += 1) {
    if (!current.view.running) return current;
    const commands = publishCommands(current.snapshot, current.view);
    if (commands.length === 0) return current;
    const guard = `#{==:#{@pitwall_docket},${current.view.options.docket ?? ''}}`;
    const said = await context.deps.tmux.run([
      ['if-shell', '-F', guard, 'display-message -p yes', 'display-message -p no'],
      ...commands.map((command) => guarded(guard, command)),
    ]);
    if (said[0] === 'yes') return current;
    current = await observe(context, { diffs: 'kept' });
  }
  return current;
}

/** The pane ids of the docket in order, each once and only those that have one. */
export function docketPanes(docket: readonly DocketItem[]): readonly string[] {
  return [...new Set(docket.flatMap((item) => (item.pane === null ? [] : [item.pane])))];
}

/** Only what differs from what tmux has now. Values are ids and numbers of ours, never text from outside. */
function publishCommands(snapshot: Snapshot, view: ServerView): readonly TmuxCommand[] {
  const commands: TmuxCommand[] = [];
  const panes = docketPanes(snapshot.docket);
  const server = (name: string, value: string) => {
    if ((view.options[name] ?? '') !== value) commands.push(['set-option', '-s', `@pitwall_${name}`, value]);
  };
  const known = new Map(view.panes.map((pane) => [pane.pane, pane]));
  const kinds = new Map(snapshot.docket.map((item) => [item.pane, docketKinds.indexOf(item.kind)]));
  for (const project of snapshot.projects)
    for (const task of project.tasks)
      for (const agent of task.agents) {
        const pane = agent.pane === null ? undefined : known.get(agent.pane);
        if (!pane || agent.pane === null) continue;
        const set = (name: string, value: string) =>
          commands.push(['set-option', '-p', '-t', pane.pane, `@pitwall_${name}`, value]);
        if (pane.state !== agent.state) {
          set('state', agent.state);
          set('since', String(Math.floor(Date.parse(agent.since) / 1000)));
        }
        const kind = String(kinds.get(agent.pane) ?? '');
        if ((pane.kind ?? '') !== kind) set('kind', kind);
      }
  server('unseated', String(snapshot.docket.length - panes.length));
  server('count', String(snapshot.docket.length));
  server('next', panes[0] ?? '');
  // Last: it is what the guard compares, so what stands before it is written under the same guard.
  server('docket', panes.map((pane) => `${pane} `).join(''));
  return commands;
}

function guarded(guard: string, command: TmuxCommand): TmuxCommand {
  return ['if-shell', '-F', guard, command.map((word) => `'${word}'`).join(' ')];
}
