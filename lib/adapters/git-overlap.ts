/**
 * What a worktree holds, as a tree, and whether two such trees would conflict. Nothing is written to the repository:
 * a copy of the index learns of uncommitted files, and new objects go to a folder of their own (the scratch), where
 * no gc finds them.
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ChangeFrom } from '../core/change-from.ts';
import { isPitwallError, type PitwallError } from '../core/errors.ts';
import type { Change, Work } from '../core/overlap/overlap.ts';
import type { Git } from '../ports.ts';
import { conflicts } from './git-conflicts.ts';
import { gitFolder } from './git-folder.ts';
import { type Held, heldIn } from './git-held.ts';
import { byNul, type Environment, few, must, objectsIn, type RunGit } from './git-run.ts';

type Part = Pick<Git, 'works' | 'conflicts' | 'scratch' | 'tracked'>;

/** Objects in a scratch beyond which it is begun anew. */
const mostObjects = 20_000;

/** The part of the git port that compares tasks. The repository is only read. */
export function overlapPart(run: RunGit, env: Environment): Part {
  return {
    works: (root, scratch, wanted) => worksOf(run, root, scratch, wanted),
    conflicts: (root, scratch, pairs) => conflicts(run, env, { root, scratch, pairs }),
    scratch: async (folder) => openScratch(folder),
    tracked: async (root) => byNul(await must(run, root, ['ls-files', '-z'])),
  };
}

/** Makes the folder when it is not there, empties it when it has grown large; the id changes with its content lost. */
function openScratch(folder: string): string {
  const objects = join(folder, 'objects');
  const mark = join(folder, 'id');
  if (existsSync(mark) && existsSync(objects)) {
    const count = readdirSync(objects).reduce(
      (sum, name) => sum + readdirSync(join(objects, name)).length,
      0,
    );
    if (count <= mostObjects) return readFileSync(mark, 'utf8');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  const id = crypto.randomUUID();
  writeFileSync(mark, id, { mode: 0o600 });
  return id;
}

/** Each worktree by itself as far as it must be, the rest for all of them in one process each. */
async function worksOf(
  run: RunGit,
  root: string,
  scratch: string,
  wanted: readonly { readonly worktree: string; readonly from: ChangeFrom }[],
): Promise<readonly (Work | PitwallError)[]> {
  const env = objectsIn(join(scratch, 'objects'), join(gitFolder(root)?.common ?? '', 'objects'));
  const held = await few(wanted, async ({ worktree, from }) => {
    try {
      return await heldIn(run, worktree, from, scratch, env);
    } catch (error) {
      if (!isPitwallError(error)) throw error;
      return error;
    }
  });
  const read = held.filter((each): each is Held => !isPitwallError(each));
  const commits = await commitsOf(run, root, scratch, env, read);
  const changes = await changesIn(
    run,
    root,
    env,
    read.map(({ from }, index) => [commits[index] ?? '', from]),
  );
  const works = read.map(({ tree, from, unread }, index): Work => {
    const large = unread.map((path) => ({ path, from: null, gone: false }));
    return {
      id: `${tree}:${from}`,
      commit: commits[index] ?? '',
      base: from,
      changes: [...(changes[index] ?? []), ...large],
    };
  });
  let next = 0;
  return held.map((each) => {
    const work = isPitwallError(each) ? each : works[next];
    if (!isPitwallError(each)) next += 1;
    if (work === undefined) throw new Error('a worktree got lost');
    return work;
  });
}

/** A commit of each tree. They say nobody and no time, so that the same tree and parent are always the same commit. */
async function commitsOf(
  run: RunGit,
  root: string,
  scratch: string,
  env: Readonly<Record<string, string>>,
  held: readonly Held[],
): Promise<readonly string[]> {
  if (held.length === 0) return [];
  const folder = mkdtempSync(join(scratch, 'commits-'));
  try {
    const nobody = 'pitwall <pitwall@localhost> 0 +0000';
    const paths = held.map(({ head, tree }, index) => {
      const text = `tree ${tree}\nparent ${head}\nauthor ${nobody}\ncommitter ${nobody}\n\nwork\n`;
      writeFileSync(join(folder, String(index)), text, { mode: 0o600 });
      return join(folder, String(index));
    });
    const write = ['hash-object', '-t', 'commit', '-w', '--no-filters', '--stdin-paths'];
    const input = paths.map((path) => `${path}\n`).join('');
    return (await must(run, root, write, { env, input })).trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What each commit changed against another. Source of the format: git-diff-tree(1), `--stdin` and `--name-status -z`:
 * the commit, then for each file its status and name; a rename's has two names.
 */
async function changesIn(
  run: RunGit,
  root: string,
  env: Readonly<Record<string, string>>,
  pairs: readonly (readonly [string, string])[],
): Promise<readonly (readonly Change[])[]> {
  if (pairs.length === 0) return [];
  const input = pairs.map(([commit, from]) => `${commit} ${from}\n`).join('');
  const how = ['diff-tree', '--stdin', '--always', '-r', '-z', '-M', '--name-status'];
  const fields = byNul(await must(run, root, how, { env, input }));
  const found: Change[][] = [];
  for (let at = 0; at < fields.length; ) {
    const status = fields[at] ?? '';
    if (/^[0-9a-f]{40,}$/.test(status)) {
      found.push([]);
      at += 1;
      continue;
    }
    const first = fields[at + 1] ?? '';
    const renamed = status.startsWith('R');
    const path = renamed ? (fields[at + 2] ?? '') : first;
    found.at(-1)?.push({ path, from: renamed ? first : null, gone: status === 'D' });
    at += renamed ? 3 : 2;
  }
  return found;
}
