/**
 * Figures of overlaps: twenty worktrees with uncommitted work, every two of which change one file in common, so that
 * git has to be asked about all 190 pairs. Measured in this process, as at the end of a turn, where Node runs already.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createFiles } from '../../lib/adapters/files.ts';
import { createGit } from '../../lib/adapters/git.ts';
import type { Context } from '../../lib/app/context.ts';
import { refreshOverlaps } from '../../lib/app/overlap.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import { makeDeps } from '../../lib/deps.ts';
import type { Files } from '../../lib/ports.ts';
import type { Figure } from './figure.ts';
import { ratio } from './figure.ts';
import { nameOf, type Stage } from './stage.ts';

const tasks = 20;
const pairs = (tasks * (tasks - 1)) / 2;

/** A project of the figure's own, and what is measured on it. */
interface Desk {
  /** ms for all pairs when nothing is known yet. */
  anew(): Promise<number>;
  /** ms when one task's turn has ended. */
  turn(): Promise<number>;
  /** ms of as many bare `git merge-tree` as there are pairs. */
  bare(): number;
}

let desk: Promise<Desk> | null = null;

/** All pairs, nothing known before. */
export const overlap: Figure = {
  name: 'overlap',
  words: `overlap of ${tasks} tasks from nothing / ${pairs} git merge-tree`,
  stage: 'launches',
  async measure(stage, quick) {
    desk ??= openDesk(stage);
    const { anew, bare } = await desk;
    return ratio(0.6, quick ? 3 : 7, anew, bare);
  },
};

/** The pairs of one task that changed. */
export const overlapTurn: Figure = {
  name: 'overlap-turn',
  words: `overlap after one turn / ${pairs} git merge-tree`,
  stage: 'launches',
  async measure(stage, quick) {
    desk ??= openDesk(stage);
    const { turn, bare } = await desk;
    return ratio(0.6 / 8, quick ? 3 : 7, turn, bare);
  },
};

async function openDesk(stage: Stage): Promise<Desk> {
  const folder = join(stage.folder, 'overlap');
  const root = join(folder, 'app');
  const stateDir = join(folder, 'state');
  const files = createFiles({ stateDir });
  const commits = await makeTasks(stage, folder, root, files);
  const deps = { ...makeDeps('bench'), files, git: createGit({ env: stage.env }) };
  const preferences = parsePreferences({}).preferences;
  const context: Context = { deps, preferences, presets: new Map(), problems: [] };
  const refresh = async (expected: number) => {
    const [project] = (await files.load()).projects;
    if (!project) throw new Error('there is no project');
    const start = performance.now();
    const { computed, problems } = await refreshOverlaps(context, project, 'turns');
    const ms = performance.now() - start;
    if (computed !== expected) throw new Error(`${computed} pairs, not ${expected} ${problems.join(' ')}`);
    return ms;
  };
  let turns = 0;
  return {
    anew() {
      for (const kept of ['.overlap', 'overlap.json'])
        rmSync(join(stateDir, 'app', kept), { recursive: true, force: true });
      return refresh(pairs);
    },
    async turn() {
      turns += 1;
      const task = nameOf(turns % tasks);
      writeFileSync(join(folder, task, 'src', 'part-99.txt'), `turn ${turns}\n`);
      await files.append('app', task, { type: 'note', severity: 'low', message: 'its turn has ended' });
      return refresh(tasks - 1);
    },
    bare() {
      // From nothing too: what the merges of the last round made is not there any more.
      const objects = join(folder, 'objects');
      rmSync(objects, { recursive: true, force: true });
      mkdirSync(objects);
      const env = {
        ...stage.env,
        GIT_OBJECT_DIRECTORY: objects,
        GIT_ALTERNATE_OBJECT_DIRECTORIES: join(root, '.git', 'objects'),
      };
      const start = performance.now();
      commits.forEach((a, index) => {
        for (const b of commits.slice(index + 1))
          spawnSync('git', ['merge-tree', '--write-tree', a, b], {
            cwd: root,
            env,
            stdio: 'ignore',
          });
      });
      return performance.now() - start;
    },
  };
}

/** The tasks with their worktrees; answers a commit of what each of these holds. */
async function makeTasks(
  stage: Stage,
  folder: string,
  root: string,
  files: Files,
): Promise<readonly string[]> {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, env: stage.env, encoding: 'utf8' }).trim();
  mkdirSync(folder);
  git(folder, 'clone', '-q', stage.root, root);
  const baseCommit = git(root, 'rev-parse', 'HEAD');
  const created = new Date().toISOString();
  await files.saveProject({ version: 1, name: 'app', root, created });
  const fixed = {
    version: 1,
    ...{ project: 'app', prompt: '', base: 'main', baseCommit, created, ownsBranch: true },
    ...{ included: {}, layout: 'solo', priority: 0, group: null, ports: [], agents: [] },
  } as const;
  const commits: string[] = [];
  for (let number = 0; number < tasks; number += 1) {
    const name = nameOf(number);
    const worktree = join(folder, name);
    git(root, 'worktree', 'add', '-q', '-b', name, worktree);
    for (let file = 0; file < 5; file += 1) edit(worktree, (number * 4 + file) % 80, number);
    edit(worktree, 99, number);
    writeFileSync(join(worktree, `new-${number}`), 'x\n');
    await files.createTask({ ...fixed, name, branch: name, worktree });
    git(worktree, 'add', '-A');
    commits.push(git(worktree, 'commit-tree', git(worktree, 'write-tree'), '-p', 'HEAD', '-m', name));
    git(worktree, 'reset', '-q');
  }
  return commits;
}

function edit(worktree: string, part: number, number: number): void {
  const lines = Array.from({ length: 40 }, (_, line) =>
    line === number ? `task ${number}` : `part ${part}`,
  );
  writeFileSync(join(worktree, 'src', `part-${part}.txt`), `${lines.join('\n')}\n`);
}
