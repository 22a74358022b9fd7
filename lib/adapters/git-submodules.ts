/** Submodules: made ready in a new worktree, and looked into before one is removed with their own repositories. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../ports.ts';
import { patient } from './git-patience.ts';
import { byNul, type Environment, must, type RunGit } from './git-run.ts';

/** The part of the git port that makes submodules ready, without a question. CommandFailed in git’s words. */
export function submodulePart(runOnce: RunGit, env: Environment): Pick<Git, 'initSubmodules'> {
  // All worktrees share the configuration that submodules are written to.
  const run = patient(runOnce);
  return {
    async initSubmodules(worktree) {
      if (!existsSync(join(worktree, '.gitmodules'))) return;
      const call = { env: await withoutQuestions(run, env, worktree) };
      await must(run, worktree, ['submodule', '--quiet', 'update', '--init', '--recursive'], call);
    },
  };
}

/** ssh asks on the terminal itself; told not to, unless the person has a command of their own for it. */
async function withoutQuestions(
  run: RunGit,
  env: Environment,
  worktree: string,
): Promise<Record<string, string>> {
  if (env.GIT_SSH_COMMAND !== undefined || env.GIT_SSH !== undefined) return {};
  const own = await run(worktree, ['config', '--get', 'core.sshCommand']);
  return own.exit === 0 ? {} : { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };
}

/**
 * Paths of submodules with changes, or with commits or a stash that no remote of theirs has. Commits that `base`
 * of the repository around them records came from somewhere else, so they count as kept.
 */
export async function dirtySubmodules(
  run: RunGit,
  worktree: string,
  base: string | null,
): Promise<readonly string[]> {
  const links = byNul(await must(run, worktree, ['ls-files', '--stage', '-z']))
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
    .filter((path) => existsSync(join(worktree, path, '.git')));
  if (links.length === 0) return [];
  const recorded = base === null ? [] : await recordedIn(run, worktree, base, links);
  const found: string[] = [];
  for (const path of links) {
    const folder = join(worktree, path);
    const below = await dirtySubmodules(run, folder, null);
    if (await holdsWork(run, folder, recorded)) found.push(path);
    found.push(...below.map((inner) => join(path, inner)));
  }
  return found;
}

async function recordedIn(
  run: RunGit,
  worktree: string,
  base: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const listed = await run(worktree, ['ls-tree', '-z', base, '--', ...paths]);
  return byNul(listed.stdout).flatMap((entry) => /^160000 commit ([0-9a-f]+)\t/.exec(entry)?.[1] ?? []);
}

async function holdsWork(run: RunGit, folder: string, recorded: readonly string[]): Promise<boolean> {
  const own = ['HEAD', '--branches', '--glob=refs/stas[h]'];
  const [status, ahead] = await Promise.all([
    must(run, folder, ['status', '--porcelain', '--untracked-files=normal']),
    run(folder, ['rev-list', '--ignore-missing', '--count', ...own, '--not', '--remotes', ...recorded, '--']),
  ]);
  return status !== '' || ahead.stdout.trim() !== '0';
}
