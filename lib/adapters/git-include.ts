/**
 * `.worktreeinclude`: ignored files of the main worktree that a new worktree is given copies of. Source of the
 * syntax: gitignore(5). Only what git ignores and does not track is copied, nothing is overwritten, and no symlink
 * is followed out of the worktrees, neither to read nor to write.
 */
import {
  constants,
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { rebuildable } from '../core/land/removal.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Git } from '../ports.ts';
import { byNul, must, type RunGit } from './git-run.ts';
import { codeOf } from './owner.ts';

interface Rules {
  /** Whether the rules name this path; folders end with a slash. */
  readonly name: (path: string) => boolean;
  /** Whether a folder is worth a look inside. */
  readonly reach: (folder: string) => boolean;
}

/** The part of the git port that copies included files and tells later which of them are as they were copied. */
export function includePart(run: RunGit): Pick<Git, 'copyIncluded' | 'unedited'> {
  return {
    async copyIncluded(root, worktree) {
      const file = join(root, '.worktreeinclude');
      if (!existsSync(file)) return {};
      const rules = await readRules(file);
      const [from, to] = [realpathSync(root), realpathSync(worktree)];
      const copied: Record<string, string> = {};
      for (const path of await includedFiles(run, from, rules))
        if (await copyOne(from, to, path)) copied[path] = await hashOf(join(to, path));
      return copied;
    },
    async unedited(worktree, included) {
      const same = new Set<string>();
      for (const [path, hash] of Object.entries(included))
        if (isPlainFile(join(worktree, path)) && (await hashOf(join(worktree, path))) === hash)
          same.add(path);
      const folders = new Set([...same].flatMap(foldersOf));
      const whole: string[] = [];
      for (const folder of folders) if (await holdsOnly(worktree, folder, same)) whole.push(folder);
      return [...same, ...whole];
    },
  };
}

async function readRules(file: string): Promise<Rules> {
  const { default: ignore } = await import('ignore');
  const text = readFileSync(file, 'utf8');
  const wanted = ignore({ ignorecase: false }).add(text);
  const parts = new Set(text.split('\n').flatMap((line) => line.trim().split('/')));
  return {
    name: (path) => wanted.ignores(path),
    reach: (folder) => {
      const name = basename(folder);
      return name !== '.git' && (parts.has(name) || wanted.ignores(folder) || !rebuildable.includes(name));
    },
  };
}

/** git names a folder that is ignored as a whole by one entry: only those that the rules can mean are searched. */
async function includedFiles(run: RunGit, root: string, rules: Rules): Promise<readonly string[]> {
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'];
  const found: string[] = [];
  for (const path of byNul(await must(run, root, args)))
    if (!path.endsWith('/')) found.push(path);
    else if (rules.reach(path)) found.push(...(await filesIn(root, path, rules.reach)));
  const named = found.filter(rules.name);
  if (named.length === 0) return [];
  // What was found by searching has not been asked of git yet. Its exit code is 1 when none is ignored.
  const input = named.map((path) => `${path}\0`).join('');
  return byNul((await run(root, ['check-ignore', '-z', '--stdin'], { input })).stdout);
}

/** Plain files below `folder` (with its slash), as paths relative to `root`. */
async function filesIn(root: string, folder: string, reach: Rules['reach']): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}${entry.name}`;
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && reach(`${path}/`))
      files.push(...(await filesIn(root, `${path}/`, reach)));
  }
  return files;
}

async function copyOne(root: string, worktree: string, path: string): Promise<boolean> {
  const from = join(root, path);
  if (!isPlainFile(from) || realpathSync(from) !== from) return false;
  if (!makeFolders(worktree, dirname(path))) return false;
  try {
    const { COPYFILE_EXCL, COPYFILE_FICLONE } = constants;
    await copyFile(from, join(worktree, path), COPYFILE_EXCL | COPYFILE_FICLONE);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new PitwallError('DiskFull', `there is no room for ${path} in ${worktree}`, 'df -h');
    if (code === null) throw error;
    const message = `${path}, which .worktreeinclude names, cannot be copied (${code})`;
    throw new PitwallError('CommandFailed', message, shellQuote(['ls', '-l', from]));
  }
}

/** Makes the folders one by one: false when a link or a file stands in the way, which may lead outside. */
function makeFolders(worktree: string, folder: string): boolean {
  let path = worktree;
  for (const part of folder === '.' ? [] : folder.split('/')) {
    path = join(path, part);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) mkdirSync(path);
    else if (!stat.isDirectory()) return false;
  }
  return true;
}

/** `a/b/c` → `a/`, `a/b/`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}

async function holdsOnly(worktree: string, folder: string, files: ReadonlySet<string>): Promise<boolean> {
  for (const entry of await readdir(join(worktree, folder), { withFileTypes: true })) {
    const path = `${folder}${entry.name}`;
    const kept = entry.isDirectory() ? await holdsOnly(worktree, `${path}/`, files) : files.has(path);
    if (!kept) return false;
  }
  return true;
}

function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Loaded here: it costs a millisecond and a half, and hardly a `new` has a file to compare. */
async function hashOf(path: string): Promise<string> {
  const [{ createHash }, { pipeline }] = await Promise.all([
    import('node:crypto'),
    import('node:stream/promises'),
  ]);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
