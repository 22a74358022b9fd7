import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createTmux } from '../../lib/adapters/tmux.ts';
import { type AgentPane, docketOfPanes } from '../../lib/core/docket/docket-order.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

const exec = promisify(execFile);

/** Numbers that look random and are the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

test('the awk of pitwall-hook and docketOfPanes agree on any panes', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d', '-x', '200', '-y', '50', '--', 'sleep', '600');
  for (let made = 1; made < 14; made += 1) await box.tmux('new-window', '-d', '--', 'sleep', '600');
  const tmux = createTmux({ socket: box.socket, env: box.env, stableDir: '/' });
  const random = sequence(77);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const states = ['starting', 'working', 'waiting', 'done', 'done', 'exited', 'failed', 'unknown'];
  for (let round = 0; round < 25; round += 1) {
    const panes = Array.from(
      { length: 13 },
      (_, index): AgentPane => ({
        pane: `%${index + 1}`,
        order: pick([4990, 5000, 5000]),
        kind: pick([null, null, 0, 1, 3, 4, 5, 9]),
        since: 1_700_000_000 + random(4),
        state: pick(states),
        task: `app:t${random(6)}`,
        dead: false,
      }),
    );
    const own = `%0`;
    // Who sets a state past the hook makes it forget what it told.
    rmSync(join(box.folder, '.told-demo'), { force: true });
    const shown = [
      ...panes.map((each) => ({ ...each, kind: each.kind === null ? '' : String(each.kind) })),
      { pane: own, order: 5000, kind: '', since: 0, state: 'starting', task: 'app:own' },
    ];
    await tmux.run(
      shown.flatMap((each) =>
        Object.entries({
          role: 'agent',
          agent: 'demo',
          project: 'app',
          task: each.task.split(':')[1] ?? '',
          state: each.state,
          since: String(each.since),
          order: String(each.order ?? 5000),
          kind: each.kind,
        }).map(([name, value]) => ['set-option', '-p', '-t', each.pane, `@pitwall_${name}`, value]),
      ),
    );
    const env = {
      ...box.env,
      TMUX_PANE: own,
      PITWALL_PROJECT: 'app',
      PITWALL_TASK: 'own',
      PITWALL_AGENT: 'demo',
      PITWALL_TASK_DIR: box.folder,
    };
    const run = exec(resolve('bin/pitwall-hook'), ['failed', 'x'], { env });
    run.child.stdin?.end();
    await run;
    // The pane is told in the background; what was there before was put there by nobody's `failed`.
    const since = Number(
      await until('the state to be told', () =>
        box.tmux('display-message', '-p', '-t', own, '#{?#{==:#{@pitwall_state},failed},#{@pitwall_since},}'),
      ),
    );
    const wanted = docketOfPanes([
      ...panes,
      { pane: own, order: 5000, kind: null, since, state: 'failed', task: 'app:own', dead: false },
    ]);
    const docket = `${wanted.map((each) => `${each} `).join('')}|${wanted[0] ?? ''}|${wanted.length}`;
    const options = '#{@pitwall_docket}|#{@pitwall_next}|#{@pitwall_count}';
    await until(
      `${docket} of ${JSON.stringify(panes)}`,
      async () => (await box.tmux('display-message', '-p', options)) === docket,
    );
  }
});
