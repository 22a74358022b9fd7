/** Reads the state folder: projects, tasks and what lies in their folders. Damaged records are set aside, not lost. */
import { accessSync, constants, type Dirent, lstatSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { wantedPayloads } from '../core/journal/fold-hook.ts';
import type { JournalEvent } from '../core/journal/journal.ts';
import { type Parsed, parseKeptDiff, parseProjectRecord, parseTaskRecord } from '../core/journal/records.ts';
import { parsePairs } from '../core/overlap/overlap-kept.ts';
import { parseTrust } from '../core/settings/trust.ts';
import type { Store, StoredProject, StoredTask } from '../ports.ts';
import { type JournalReading, readJournal } from './journal-file.ts';
import { codeOf } from './owner.ts';
import { createFileCache, type FileCache, signature } from './read-file.ts';
import { exists, naming, notAFolder } from './write-file.ts';

/** Largest record and report that are read, in bytes; what a report has beyond is cut. */
const mostOfRecord = 16 << 20;
const mostOfReport = 256 << 10;
const mostOfPayload = 256 << 10;

interface Reading {
  readonly cache: FileCache;
  readonly problems: string[];
  readonly before: ReadonlyMap<string, JournalReading>;
  readonly journals: Map<string, JournalReading>;
  /** Milliseconds since the epoch, for the names of damaged files. */
  readonly now: () => number;
}

/** A reader of the state folder that remembers, for this process, what it has read. */
export function createStoreReader(stateDir: string, now: () => number): () => Store {
  const cache = createFileCache();
  let journals: ReadonlyMap<string, JournalReading> = new Map();
  return () => {
    const reading: Reading = { cache, problems: [], before: journals, journals: new Map(), now };
    mustBeReadable(stateDir);
    const projects = foldersIn(reading, stateDir).flatMap((name) => {
      const project = readProject(reading, join(stateDir, name), name);
      return project === null ? [] : [project];
    });
    cache.forgetUnused();
    journals = reading.journals;
    return { projects, problems: reading.problems };
  };
}

/** A state folder that cannot be read is never one without projects. FileUnusable. */
function mustBeReadable(stateDir: string): void {
  naming(stateDir, () => {
    try {
      if (!statSync(stateDir).isDirectory()) throw notAFolder(stateDir);
      accessSync(stateDir, constants.R_OK | constants.X_OK);
    } catch (error) {
      if (codeOf(error) === 'ENOTDIR') throw notAFolder(stateDir);
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  });
}

function readProject(reading: Reading, folder: string, name: string): StoredProject | null {
  const record = readRecord(reading, join(folder, 'project.json'), (text) =>
    named(parseProjectRecord(text), (project) => project.name === name, name),
  );
  if (record === null) {
    if (!reading.problems.at(-1)?.includes(folder) && foldersIn(reading, folder).length > 0)
      reading.problems.push(
        `${folder} holds tasks but no project.json; pitwall open in its repository makes a new one`,
      );
    return null;
  }
  const overlaps = join(folder, 'overlap.json');
  const trust = join(folder, 'trust.json');
  return {
    record,
    folder,
    overlaps: guarded(reading, overlaps, () => reading.cache.read(overlaps, mostOfRecord, parsePairs)) ?? [],
    ...(guarded(reading, trust, () => reading.cache.read(trust, mostOfRecord, acceptedOf)) ??
      nothingAccepted),
    tasks: foldersIn(reading, folder).map((task) => readTask(reading, folder, name, task)),
  };
}

const nothingAccepted = { gated: false, reviewer: null };

/** What of all that was accepted holds finished turns back. The hash is looked at only before something is run. */
function acceptedOf(json: string): Pick<StoredProject, 'gated' | 'reviewer'> {
  const commands = parseTrust(json)?.commands ?? [];
  return {
    gated: commands.some(({ what }) => what.startsWith('check ')),
    reviewer: commands.find(({ what }) => what === 'reviewer')?.run ?? null,
  };
}

function readTask(reading: Reading, projectFolder: string, project: string, name: string): StoredTask {
  const folder = join(projectFolder, name);
  const record = readRecord(reading, join(folder, 'task.json'), (text) =>
    named(
      parseTaskRecord(text),
      (task) => task.name === name && task.project === project,
      `${project}:${name}`,
    ),
  );
  const path = join(folder, 'journal.jsonl');
  const journal = guarded(reading, path, () => readJournal(path, reading.before.get(path) ?? null));
  if (journal !== null) reading.journals.set(path, journal);
  const report = join(folder, 'report.md');
  const diff = join(folder, 'diff.json');
  return {
    project,
    name,
    folder,
    record,
    events: journal?.events ?? [],
    skipped: journal?.skipped ?? 0,
    report: guarded(reading, report, () =>
      reading.cache.read(report, mostOfReport, (text, stats) => ({ text, written: stats.mtimeMs })),
    ),
    printed: readPrinted(reading, join(folder, 'output')),
    payloads: readPayloads(reading, folder, journal?.events ?? []),
    diff: guarded(reading, diff, () => reading.cache.read(diff, mostOfRecord, parseKeptDiff)),
  };
}

/** The long payloads that may tell what an agent is at; one that is gone or no ordinary file is left out. */
function readPayloads(
  reading: Reading,
  folder: string,
  events: readonly JournalEvent[],
): Readonly<Record<string, string>> {
  const payloads: Record<string, string> = {};
  for (const file of wantedPayloads(events)) {
    const text = guarded(reading, join(folder, file), () =>
      reading.cache.read(join(folder, file), mostOfPayload, (content) => content),
    );
    if (text !== null) payloads[file] = text;
  }
  return payloads;
}

/** When each agent's output log was last written to; an empty log has printed nothing. */
function readPrinted(reading: Reading, folder: string): Readonly<Record<string, number>> {
  const printed: Record<string, number> = {};
  for (const entry of entriesOf(reading, folder)) {
    const agent = agentOfLog(entry.name);
    if (agent === null || !entry.isFile()) continue;
    const stats = lstatSync(join(folder, entry.name), { throwIfNoEntry: false });
    if (stats && stats.size > 0) printed[agent] = Math.max(printed[agent] ?? 0, stats.mtimeMs);
  }
  return printed;
}

/** The agent whose output `claude.log` or `claude.log.part` is, or null for any other file. */
export function agentOfLog(name: string): string | null {
  return /^([^.].*)\.log(?:\.part)?$/.exec(name)?.[1] ?? null;
}

/** The record at `path`; null when there is none or it is damaged, which is a problem that names it. */
function readRecord<T>(reading: Reading, path: string, parse: (text: string) => Parsed<T>): T | null {
  return guarded(reading, path, () => {
    const read = reading.cache.read(path, mostOfRecord, (text, stats) => ({
      parsed: parse(text),
      seen: signature(stats),
    }));
    if (read === null) return reportDamagedBefore(reading, path);
    if ('record' in read.parsed) return read.parsed.record;
    setAside(reading, path, read.parsed.reason, read.seen);
    return null;
  });
}

function named<T>(parsed: Parsed<T>, fits: (record: T) => boolean, name: string): Parsed<T> {
  return 'record' in parsed && !fits(parsed.record) ? { reason: `it is not the record of ${name}` } : parsed;
}

/** Renames a damaged file within its folder, its content untouched, unless somebody has just mended it. */
function setAside(reading: Reading, path: string, reason: string, seen: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || signature(stats) !== seen) return;
  const stamp = new Date(reading.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  let kept = `${path}.damaged-${stamp}`;
  for (let number = 2; exists(kept); number += 1) kept = `${path}.damaged-${stamp}-${number}`;
  renameSync(path, kept);
  reading.problems.push(`${path} is damaged: ${reason}; its content is kept in ${kept}`);
}

/** A record that was set aside by an earlier look stays a problem until there is a new one. */
function reportDamagedBefore(reading: Reading, path: string): null {
  const folder = join(path, '..');
  const prefix = `${path.slice(folder.length + 1)}.damaged-`;
  const kept = entriesOf(reading, folder)
    .map((entry) => entry.name)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .at(-1);
  if (kept !== undefined)
    reading.problems.push(`${path} was damaged; its content is kept in ${join(folder, kept)}`);
  return null;
}

/** Names of the folders in a folder, sorted; links and dot-folders are none of ours. */
function foldersIn(reading: Reading, folder: string): readonly string[] {
  return entriesOf(reading, folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

function entriesOf(reading: Reading, folder: string): readonly Dirent[] {
  return guarded(reading, folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];
}

/** Null when there is no such file; one that cannot be read is a problem, and the rest goes on. */
function guarded<T>(reading: Reading, path: string, work: () => T | null): T | null {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') reading.problems.push(`${path} cannot be read: ${code}`);
    return null;
  }
}
