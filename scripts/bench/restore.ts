/** The figure of a desk that tmux lost: pitwall restore against tmux making the same panes in one chain. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { ratio } from './figure.ts';
import { isAlive } from './processes.ts';
import { nameOf, type Stage, until } from './stage.ts';

const tasks = 20;
const layout = {
  name: 'trio',
  panes: {
    split: 'columns',
    children: [{}, { split: 'rows', children: [{ runs: 'shell' }, { runs: 'shell' }] }],
  },
};

/** A desk brought back against tmux making the same panes. */
export const restore: Figure = {
  name: 'restore',
  words: `restore of ${tasks * 3} panes / tmux, the same panes in one chain`,
  stage: 'lost',
  async measure(stage, quick) {
    await openTasks(stage);
    const panes = () =>
      stage.tmux('list-panes', '-a', '-f', '#{@pitwall_task}', '-F', '#{pane_id}').split('\n').length;
    if (panes() !== tasks * 3) throw new Error(`there are ${panes()} panes, not ${tasks * 3}`);
    const chain = rawChain(stage);
    return ratio(
      2,
      quick ? 5 : 11,
      async () => {
        const server = Number(stage.tmux('display-message', '-p', '#{pid}'));
        stage.tmux('kill-server');
        await until('the server is gone', () => !isAlive(server));
        const ms = run(stage, [...stage.pitwall, 'restore']);
        if (panes() !== tasks * 3) throw new Error('a pane is not back');
        return ms;
      },
      () => {
        const ms = run(
          stage,
          ['tmux', '-L', 'raw', '-f', '/dev/null', 'start-server', ';', 'source-file', '-'],
          chain,
        );
        spawnSync('tmux', ['-L', 'raw', 'kill-server'], { env: stage.env });
        return ms;
      },
    );
  },
};

async function openTasks(stage: Stage): Promise<void> {
  const folder = join(stage.folder, 'config', 'pitwall', 'layouts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'trio.json'), JSON.stringify(layout));
  for (let number = 1; number <= tasks; number += 1)
    stage.run('new', '--no-attach', '--agent', 'ready', '--layout', 'trio', '--name', nameOf(number));
  await until('nothing to record', () => stage.tmux('show-options', '-sqv', '@pitwall_recording') === '');
}

/** The windows as they stand, each with its folder, programs, size and layout. */
function rawChain(stage: Stage): string {
  const windows = stage
    .tmux('list-windows', '-a', '-F', '#{window_layout} #{window_name}')
    .split('\n')
    .filter((line) => line.includes(' task-'));
  const lines = windows.flatMap((line, index) => {
    const [shape = '', name = ''] = line.split(' ');
    const at = `-c ${stage.root}.worktrees/${name}`;
    const make = index === 0 ? 'new-session -d -s raw -x 200 -y 50' : 'new-window -d -t raw:';
    const target = `-t raw:${index}`;
    return [
      `${make} -n ${name} ${at} -- sh -c 'echo ready; exec cat'`,
      ...[1, 2].flatMap(() => [
        `split-window ${target} ${at} -- env /bin/sh`,
        `select-layout ${target} tiled`,
      ]),
      `split-window ${target} -hbf -l 32 ''`,
      `select-layout ${target} '${shape}'`,
    ];
  });
  return `${lines.join('\n')}\n`;
}

function run(stage: Stage, argv: readonly string[], input = ''): number {
  const [program = '', ...args] = argv;
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, {
    cwd: stage.root,
    env: stage.env,
    input,
    encoding: 'utf8',
  });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return ms;
}
