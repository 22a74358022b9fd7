/** What a worktree changed since its base: uncommitted and untracked files included, the index left alone. */
import { spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { DiffStat } from '../core/model.ts';
import type { Git } from '../ports.ts';
import { must, type RunGit } from './git-run.ts';

type Part = Pick<Git, 'diffStat' | 'fingerprint' | 'changedFiles' | 'showDiff'>;

/** Untracked files beyond this size (bytes) count as one file and no lines. */
const largest = 4 << 20;

export function diffPart(run: RunGit, env: Readonly<Record<string, string | undefined>>): Part {
  return {
    async diffStat(worktree, base) {
      const from = await mergeBase(run, worktree, base);
      const [tracked, untracked] = await Promise.all([
        must(run, worktree, ['diff', '--no-ext-diff', '--numstat', '-z', '--no-renames', from]),
        untrackedFiles(run, worktree),
      ]);
      return addUp(
        tracked,
        untracked.map((file) => join(worktree, file)),
      );
    },
    fingerprint: async (worktree) => fingerprint(worktree),
    async changedFiles(worktree, base) {
      const from = await mergeBase(run, worktree, base);
      const tracked = (
        await must(run, worktree, ['diff', '--no-ext-diff', '--name-status', '-z', '--no-renames', from])
      ).split('\0');
      const files: { status: string; path: string }[] = [];
      for (let at = 0; at + 1 < tracked.length; at += 2)
        files.push({ status: tracked[at] ?? '', path: tracked[at + 1] ?? '' });
      for (const path of await untrackedFiles(run, worktree)) files.push({ status: 'A', path });
      return files.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    showDiff: (worktree, base, options) => showDiff(run, env, worktree, base, options),
  };
}

async function mergeBase(run: RunGit, worktree: string, base: string): Promise<string> {
  const { exit, stdout } = await run(worktree, ['merge-base', '--', base, 'HEAD']);
  return exit === 0 ? stdout.trim() : base;
}

async function untrackedFiles(run: RunGit, worktree: string): Promise<readonly string[]> {
  const listed = await must(run, worktree, ['ls-files', '--others', '--exclude-standard', '-z']);
  return listed.split('\0').filter((file) => file !== '' && !file.endsWith('/'));
}

function addUp(numstat: string, untracked: readonly string[]): DiffStat {
  let [files, insertions, deletions] = [untracked.length, 0, 0];
  for (const entry of numstat.split('\0')) {
    const [added, deleted] = entry.split('\t');
    if (deleted === undefined) continue;
    files += 1;
    // Binary files have - for both.
    insertions += Number(added) || 0;
    deletions += Number(deleted) || 0;
  }
  for (const file of untracked) insertions += linesOf(file);
  return { files, insertions, deletions };
}

function linesOf(file: string): number {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size === 0 || stat.size > largest) return 0;
  const content = readFileSync(file);
  if (content.subarray(0, 8000).includes(0)) return 0;
  let lines = content.at(-1) === 10 ? 0 : 1;
  for (const byte of content) if (byte === 10) lines += 1;
  return lines;
}

/** Changes with every commit, checkout and staging; null when the worktree is not there. Stats only, no process. */
function fingerprint(worktree: string): string | null {
  const pointer = join(worktree, '.git');
  const stat = lstatSync(pointer, { throwIfNoEntry: false });
  if (!stat) return null;
  let folder = pointer;
  if (stat.isFile()) {
    const target = /^gitdir: (.*)$/m.exec(readFileSync(pointer, 'utf8'))?.[1];
    if (target === undefined) return null;
    folder = resolve(dirname(pointer), target);
  }
  const marks = ['index', 'HEAD', 'logs/HEAD'].map((name) => {
    const file = statSync(join(folder, name), { throwIfNoEntry: false });
    return file ? `${Math.floor(file.mtimeMs)}.${file.size}` : '-';
  });
  return marks[1] === '-' ? null : marks.join(':');
}

/** The person's own `git diff` with their pager; a copy of the index knows the new files, the real one does not. */
async function showDiff(
  run: RunGit,
  env: Readonly<Record<string, string | undefined>>,
  worktree: string,
  base: string,
  options: readonly string[],
): Promise<number> {
  const from = await mergeBase(run, worktree, base);
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-diff-'));
  try {
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    await must(run, worktree, ['read-tree', 'HEAD'], index);
    await must(run, worktree, ['add', '--intent-to-add', '--', '.'], index);
    return await new Promise<number>((done, reject) => {
      const child = spawn('git', ['diff', ...options, from], {
        cwd: worktree,
        env: { ...env, ...index },
        stdio: 'inherit',
      });
      child.on('error', reject);
      child.on('close', (code) => done(code ?? 1));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
