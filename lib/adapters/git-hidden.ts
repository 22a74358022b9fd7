/** Changes that `git status` was told not to look for: `update-index --assume-unchanged` and `--skip-worktree`. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { byNul, must, type RunGit } from './git-run.ts';

/**
 * Paths of such files whose content is not what the index has. Those that a sparse checkout leaves out are not there,
 * so nothing can be lost with them.
 */
export async function hiddenChanges(run: RunGit, worktree: string): Promise<readonly string[]> {
  // Lower case: assumed unchanged; S: skipped. Source: git-ls-files(1), -v.
  const flagged = byNul(await must(run, worktree, ['ls-files', '-v', '-z']))
    .filter((entry) => /^[a-zS] /.test(entry))
    .map((entry) => entry.slice(2))
    .filter((path) => lstatSync(join(worktree, path), { throwIfNoEntry: false })?.isFile());
  if (flagged.length === 0) return [];
  // A name with a line feed cannot be asked for below: it counts as changed.
  const askable = flagged.filter((path) => !path.includes('\n'));
  const indexed = new Map<string, string>();
  for (const entry of byNul(await must(run, worktree, ['ls-files', '--stage', '-z']))) {
    const [, object = ''] = entry.split(' ');
    indexed.set(entry.slice(entry.indexOf('\t') + 1), object);
  }
  const input = askable.map((path) => `${path}\n`).join('');
  const hashed = (await must(run, worktree, ['hash-object', '--stdin-paths'], { input })).split('\n');
  const same = new Set(askable.filter((path, index) => indexed.get(path) === hashed[index]));
  return flagged.filter((path) => !same.has(path));
}
