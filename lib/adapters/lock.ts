/**
 * Locks that a dead owner does not keep. A lock is a file that names its owner; it is made by link(2) from a file
 * that is already whole, so a reader never sees half of it.
 *
 * Taking over from a dead owner is the hard part: two may see the same corpse, and the slower must not remove the
 * lock that the quicker has just made. So each lock carries a token that is never used again, and whoever wants to
 * replace the lock with token T first takes the guard lock `.guard-T`, looks again, and only then renames its own
 * lock over the dead one. Once T is gone it never comes back, so a late comer finds another token and leaves it. The
 * guard is a lock like any other: when its owner dies, it is taken over in the same way.
 */
import { linkSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { Owner } from '../ports.ts';
import { codeOf, isAlive, pidRuns, selfOwner } from './owner.ts';
import { makeFolder, naming } from './write-file.ts';

/** Named locks in one folder. */
export interface Locks {
  /** Runs `work` while holding the lock; waits up to `timeout` ms for it, then Locked. */
  locked<T>(name: string, work: () => Promise<T>, timeout?: number): Promise<T>;
  /** As `locked`, but answers null at once when another holds it. */
  tryLocked<T>(name: string, work: () => Promise<T>): Promise<T | null>;
}

interface Holder {
  readonly owner: Owner;
  readonly token: string;
}

type Attempt = { readonly held: Holder } | { readonly heldBy: Owner };

/** Locks this process holds: given back when it exits in the midst of the work. */
const held = new Map<string, Holder>();
let releasesOnExit = false;
let made = 0;

/** Locks in `folder`, which is made when first needed. */
export function createLocks(folder: string): Locks {
  async function locked<T>(name: string, work: () => Promise<T>, timeout = 30_000): Promise<T> {
    const path = lockPath(folder, name);
    const end = performance.now() + timeout;
    for (;;) {
      const attempt = take(folder, path);
      if ('held' in attempt) return holding(folder, path, attempt.held, work);
      if (performance.now() >= end) throw lockedBy(name, attempt.heldBy);
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 45));
    }
  }
  async function tryLocked<T>(name: string, work: () => Promise<T>): Promise<T | null> {
    const path = lockPath(folder, name);
    const attempt = take(folder, path);
    return 'held' in attempt ? holding(folder, path, attempt.held, work) : null;
  }
  return { locked, tryLocked };
}

async function holding<T>(folder: string, path: string, holder: Holder, work: () => Promise<T>): Promise<T> {
  if (!releasesOnExit) process.on('exit', releaseAll);
  releasesOnExit = true;
  held.set(path, holder);
  try {
    sweep(folder);
    return await work();
  } finally {
    held.delete(path);
    release(path, holder);
  }
}

/** One try: the lock, or who has it. A lock that is let go meanwhile is tried again. */
function take(folder: string, path: string): Attempt {
  const inTheWay = readHolder(path);
  if (inTheWay !== null && isAlive(inTheWay.owner)) return { heldBy: inTheWay.owner };
  const mine = newHolder();
  const whole = join(folder, `.lock-${mine.token}`);
  writeHolder(folder, whole, mine);
  try {
    for (;;) {
      if (linked(whole, path)) return { held: mine };
      const other = readHolder(path);
      if (other === null) continue;
      if (isAlive(other.owner)) return { heldBy: other.owner };
      const outcome = takeOver(folder, path, other, whole);
      if (outcome === 'taken') return { held: mine };
      if (outcome !== 'changed') return { heldBy: outcome };
    }
  } finally {
    rmSync(whole, { force: true });
  }
}

/** Replaces a dead owner's lock by the one at `whole`: done, or it had changed, or who is about to do it. */
function takeOver(folder: string, path: string, dead: Holder, whole: string): 'taken' | 'changed' | Owner {
  const guardPath = join(folder, `.guard-${dead.token}`);
  const guard = take(folder, guardPath);
  if ('heldBy' in guard) return guard.heldBy;
  try {
    if (readHolder(path)?.token !== dead.token) return 'changed';
    renameSync(whole, path);
    return 'taken';
  } finally {
    release(guardPath, guard.held);
  }
}

function release(path: string, holder: Holder): void {
  if (readHolder(path)?.token === holder.token) rmSync(path, { force: true });
}

function releaseAll(): void {
  for (const [path, holder] of held) release(path, holder);
}

/** Clears what killed processes left beside the locks: files never linked, and guards of tokens that are gone. */
function sweep(folder: string): void {
  const names = readdirSync(folder);
  const leftovers = names.filter(
    (name) => name.startsWith('.lock-') && !pidRuns(Number.parseInt(name.slice(6), 10)),
  );
  for (const name of leftovers) rmSync(join(folder, name), { force: true });
  const guards = names.filter((name) => name.startsWith('.guard-'));
  if (guards.length === 0) return;
  const locks = [...guards, ...names.filter((name) => name.endsWith('.lock'))];
  const tokens = new Set(locks.map((name) => readHolder(join(folder, name))?.token));
  for (const name of guards) {
    const path = join(folder, name);
    const holder = readHolder(path);
    if (holder !== null && !tokens.has(name.slice('.guard-'.length)) && !isAlive(holder.owner))
      rmSync(path, { force: true });
  }
}

/** The holder a lock file names; null when there is none. One that cannot be read is of a time before a power cut. */
function readHolder(path: string): Holder | null {
  try {
    const text = naming(path, () => readFileSync(path, 'utf8'));
    const { pid, started, token } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid === 'number' && typeof started === 'string' && typeof token === 'string')
      return { owner: { pid, started }, token };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined
    ? null
    : { owner: { pid: 0, started: '' }, token: `unread-${stat.ino}-${stat.ctimeMs}` };
}

function newHolder(): Holder {
  made += 1;
  const owner = selfOwner();
  const token = `${owner.pid}-${made}-${Math.random().toString(36).slice(2)}`;
  return { owner, token };
}

function writeHolder(folder: string, path: string, holder: Holder, again = false): void {
  const text = JSON.stringify({ ...holder.owner, token: holder.token });
  naming(folder, () => {
    try {
      writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // A full disk takes the name and nothing else.
      if (codeOf(error) !== 'ENOTDIR') rmSync(path, { force: true });
      if (again || (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR')) throw error;
      makeFolder(folder);
      writeHolder(folder, path, holder, true);
    }
  });
}

function linked(from: string, to: string): boolean {
  try {
    naming(to, () => linkSync(from, to));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Names too long for a file are cut: two that then share a lock only wait for each other. */
function lockPath(folder: string, name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}\p{M}_:@+-]/gu, (each) => `%${each.codePointAt(0)?.toString(16)}`);
  return join(folder, `${Buffer.from(safe).subarray(0, 200).toString('utf8')}.lock`);
}

function lockedBy(name: string, owner: Owner): PitwallError {
  const hint = `ps -o pid,lstart,command -p ${owner.pid}`;
  return new PitwallError('Locked', `${name} is locked by process ${owner.pid}`, hint, {
    name,
    pid: owner.pid,
  });
}
