/**
 * The files of one worktree put into another as they are: what is not committed and what is not tracked, nothing that
 * is ignored. The first worktree's files, index and HEAD are only read; its tree is written by an index of our own.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Git } from '../ports.ts';
import { byNul, must, type RunGit } from './git-run.ts';

/** Line ends that would not come back the same are no reason to refuse; an index of ours is never split. */
const plain = [
  '-c',
  'core.safecrlf=false',
  '-c',
  'core.splitIndex=false',
  '-c',
  'advice.addEmbeddedRepo=false',
];

/** The part of the git port that carries work over. CommandFailed when git fails; what was written stays. */
export function carryPart(run: RunGit): Pick<Git, 'carry'> {
  return { carry: (from, to) => carry(run, from, to, '') };
}

async function carry(run: RunGit, from: string, to: string, prefix: string): Promise<readonly string[]> {
  const { tree, leftOut } = await presentTree(run, from);
  await moveHead(run, from, to);
  const objects = await gitPath(run, from, 'objects');
  // A submodule's repository is another one in each worktree: its objects are looked up in the first one's.
  const env = { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects) };
  await must(run, to, ['read-tree', '--reset', '-u', tree], { env });
  await must(run, to, ['read-tree', 'HEAD']);
  // It answers 1 when files differ from the commit, which they should.
  await run(to, ['update-index', '-q', '--refresh']);
  const all = leftOut.map((path) => prefix + path);
  for (const path of await submodules(run, from, tree)) {
    if (!existsSync(join(from, path, '.git'))) continue;
    if (existsSync(join(to, path, '.git')))
      all.push(...(await carry(run, join(from, path), join(to, path), `${prefix}${path}/`)));
    else all.push(prefix + path);
  }
  return all;
}

/** The tree of a worktree as it is, and the repositories inside of it that are no part of it. */
async function presentTree(run: RunGit, worktree: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    const index = await gitPath(run, worktree, 'index');
    if (existsSync(index)) copyFileSync(index, env.GIT_INDEX_FILE);
    // A split index cannot be read without its other half.
    const read = await run(worktree, [...plain, 'ls-files', '--stage', '--', ':(top,literal)/'], { env });
    if (read.exit !== 0 || !existsSync(index)) {
      rmSync(env.GIT_INDEX_FILE, { force: true });
      await must(run, worktree, [...plain, 'read-tree', 'HEAD'], { env });
    }
    await must(run, worktree, [...plain, 'add', '--update', '--', ':/'], { env });
    const others = byNul(
      await must(run, worktree, ['ls-files', '--others', '--exclude-standard', '-z'], { env }),
    );
    const files = others.filter((path) => !path.endsWith('/'));
    if (files.length > 0) {
      const input = files.map((path) => `${path}\0`).join('');
      await must(run, worktree, [...plain, 'update-index', '--add', '--replace', '-z', '--stdin'], {
        env,
        input,
      });
    }
    const tree = (await must(run, worktree, [...plain, 'write-tree'], { env })).trim();
    return { tree, leftOut: others.filter((path) => path.endsWith('/')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts HEAD of a submodule where it is in the first worktree, which alone may have that commit. */
async function moveHead(run: RunGit, from: string, to: string): Promise<void> {
  const head = async (worktree: string) => (await must(run, worktree, ['rev-parse', 'HEAD'])).trim();
  const [wanted, now] = [await head(from), await head(to)];
  if (wanted === now) return;
  await must(run, to, ['fetch', '--quiet', '--no-tags', '--', from, 'HEAD']);
  await must(run, to, ['checkout', '--quiet', '--detach', wanted]);
}

async function submodules(run: RunGit, worktree: string, tree: string): Promise<readonly string[]> {
  return byNul(await must(run, worktree, ['ls-tree', '-r', '-z', '--full-tree', tree]))
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

async function gitPath(run: RunGit, worktree: string, name: string): Promise<string> {
  const path = (await must(run, worktree, ['rev-parse', '--git-path', name])).replace(/\n$/, '');
  return isAbsolute(path) ? path : join(worktree, path);
}
