/** The figure of a desk that tmux lost: pitwall restore against tmux making the same panes in one chain. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { ratio } from './figure.ts';
import { isAlive } from './processes.ts';
import { nameOf, type Stage, socket, until } from './stage.ts';

/** Cells of the windows that are brought back. */
const size = { columns: 200, rows: 50 } as const;

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
    const chain = rawChain(stage);
    return ratio(
      2,
      quick ? 5 : 11,
      () => broughtBack(stage),
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

/**
 * A desk brought back against tmux-resurrect's restore script bringing back the same panes, from its own save of them;
 * it starts no agents. `folder` is that plugin's.
 */
export function resurrect(folder: string): Figure {
  return {
    name: 'resurrect',
    words: `restore of ${tasks * 3} panes / tmux-resurrect, the same panes without agents`,
    stage: 'lost',
    async measure(stage, quick) {
      await openTasks(stage);
      const saved = join(stage.folder, 'resurrect');
      const script = (name: string, server: string) => {
        const here = spawnSync('tmux', ['-L', server, 'display-message', '-p', '#{socket_path},#{pid},0'], {
          env: stage.env,
          encoding: 'utf8',
        }).stdout.trim();
        return run(stage, ['env', `TMUX=${here}`, 'bash', join(folder, 'scripts', name)]);
      };
      stage.tmux('set-option', '-g', '@resurrect-dir', saved);
      script('save.sh', socket);
      return ratio(
        1,
        quick ? 3 : 5,
        () => broughtBack(stage),
        () => {
          const raw = (...args: string[]) =>
            spawnSync('tmux', ['-L', 'raw', '-f', '/dev/null', ...args], {
              env: stage.env,
              encoding: 'utf8',
            });
          raw('new-session', '-d', '-x', String(size.columns), '-y', String(size.rows));
          raw('set-option', '-g', '@resurrect-dir', saved);
          const ms = script('restore.sh', 'raw');
          const back = raw('list-panes', '-a', '-F', '#{pane_id}').stdout.trim().split('\n').length;
          raw('kill-server');
          if (back < tasks * 3) throw new Error(`tmux-resurrect brought back ${back} panes`);
          return ms;
        },
      );
    },
  };
}

/** Kills the server and brings its desk back; ms of the latter. */
async function broughtBack(stage: Stage): Promise<number> {
  const server = Number(stage.tmux('display-message', '-p', '#{pid}'));
  stage.tmux('kill-server');
  await until('the server is gone', () => !isAlive(server));
  const ms = run(stage, [...stage.pitwall, 'restore']);
  if (taskPanes(stage) !== tasks * 3) throw new Error('a pane is not back');
  return ms;
}

function taskPanes(stage: Stage): number {
  return stage.tmux('list-panes', '-a', '-f', '#{@pitwall_task}', '-F', '#{pane_id}').split('\n').length;
}

/** Does nothing where the stage has them already. */
async function openTasks(stage: Stage): Promise<void> {
  const folder = join(stage.folder, 'config', 'pitwall', 'layouts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'trio.json'), JSON.stringify(layout));
  if (taskPanes(stage) === tasks * 3) return;
  for (let number = 1; number <= tasks; number += 1)
    stage.run('new', '--no-attach', '--agent', 'ready', '--layout', 'trio', '--name', nameOf(number));
  await until('nothing to record', () => stage.tmux('show-options', '-sqv', '@pitwall_recording') === '');
  if (taskPanes(stage) !== tasks * 3)
    throw new Error(`there are ${taskPanes(stage)} panes, not ${tasks * 3}`);
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
    const make =
      index === 0 ? `new-session -d -s raw -x ${size.columns} -y ${size.rows}` : 'new-window -d -t raw:';
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
