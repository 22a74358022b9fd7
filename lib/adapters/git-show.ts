/** The person's own `git diff`, new files included: a copy of the index knows them, the real one does not. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreground } from './foreground.ts';
import { gitFolder } from './git-folder.ts';
import { type Environment, freeOfRepository, must, type RunGit } from './git-run.ts';

/** Answers git's exit code. Options may hold `--` and paths. */
export async function showDiff(
  run: RunGit,
  env: Environment,
  wanted: {
    readonly worktree: string;
    /** The commit to compare with. */
    readonly from: string;
    readonly untracked: readonly string[];
    readonly options: readonly string[];
    /** A shell command that gets the diff, as git's own setting is; null: as git is configured. */
    readonly pager: string | null;
  },
): Promise<number> {
  const { worktree, from, untracked, options, pager } = wanted;
  const end = options.includes('--') ? options.indexOf('--') : options.length;
  const argv = ['git', 'diff', ...options.slice(0, end), from, '--', ...options.slice(end + 1)];
  const own = {
    ...freeOfRepository(env),
    GIT_OPTIONAL_LOCKS: '0',
    ...(pager === null ? {} : { GIT_PAGER: pager }),
  };
  return knowingAll(run, env, worktree, untracked, (index) =>
    foreground(argv, { cwd: worktree, env: { ...own, ...index } }),
  );
}

/** Runs `work` with an environment in which git's index knows the untracked files; the real one is left alone. */
export async function knowingAll<T>(
  run: RunGit,
  env: Environment,
  worktree: string,
  untracked: readonly string[],
  work: (index: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (untracked.length === 0) return work({});
  const folder = mkdtempSync(join(env.TMPDIR ?? tmpdir(), 'pitwall-diff-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', clear);
  try {
    return await work({ GIT_INDEX_FILE: await knowing(run, worktree, folder, untracked) });
  } finally {
    process.off('exit', clear);
    clear();
  }
}

/** A copy of the worktree's index in `folder` that knows the untracked files by name; answers its path. */
async function knowing(
  run: RunGit,
  worktree: string,
  folder: string,
  untracked: readonly string[],
): Promise<string> {
  const index = join(folder, 'index');
  const place = gitFolder(worktree);
  if (place !== null && existsSync(join(place.own, 'index'))) copyFileSync(join(place.own, 'index'), index);
  const objects = join(folder, 'objects');
  mkdirSync(objects);
  // git writes the empty object for a file it is to know: it goes where it is removed with the index.
  const env = {
    GIT_INDEX_FILE: index,
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(place?.common ?? '', 'objects')),
    GIT_LITERAL_PATHSPECS: '1',
  };
  const whole = ['-c', 'core.splitIndex=false', '-c', 'advice.addEmbeddedRepo=false'];
  const names = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  await must(run, worktree, [...whole, 'add', '--intent-to-add', ...names], {
    env,
    input: untracked.map((file) => `${file}\0`).join(''),
  });
  return index;
}
