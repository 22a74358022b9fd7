/** Files that agents keep about themselves, read bounded and onwards. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAgentFiles } from '../../lib/adapters/agent-files.ts';
import type { UsageReading } from '../../lib/core/agents/reading.ts';
import { linesOf, readingOf } from '../helpers/agents.ts';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-test-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('256 KiB of either end are read; links, folders and what is not there are null', () =>
  inFolder(async (folder) => {
    const files = createAgentFiles();
    const path = join(folder, 'log');
    writeFileSync(path, `first${'x'.repeat(400_000)}last`);
    const first = await files.read(path, 'first');
    assert.equal(first?.text.length, 262_144);
    assert.ok(first?.text.startsWith('first'));
    writeFileSync(path, `first${'x'.repeat(400_000)}later`);
    assert.ok((await files.read(path, 'last'))?.text.endsWith('later'));
    symlinkSync('/etc/passwd', join(folder, 'link'));
    mkdirSync(join(folder, 'sub'));
    for (const name of ['link', 'sub', 'none', 'log/below'])
      assert.equal(await files.read(join(folder, name), 'first'), null, name);
  }));

test('the json files of a folder, newest first; no folder is no files', () =>
  inFolder(async (folder) => {
    const files = createAgentFiles();
    for (const [name, second] of [
      ['1.json', 10],
      ['2.json', 30],
      ['3.json', 20],
      ['4.txt', 40],
    ] as const) {
      writeFileSync(join(folder, name), '{}');
      utimesSync(join(folder, name), second, second);
    }
    symlinkSync('/etc/passwd', join(folder, '5.json'));
    const names = (await files.list(folder)).map((path) => path.slice(folder.length + 1));
    assert.deepEqual(names, ['2.json', '3.json', '1.json']);
    assert.deepEqual(await files.list(join(folder, 'none')), []);
  }));

test('the start of a process that runs is told, and of none that does not', async () => {
  const starts = await createAgentFiles().started([process.pid, 0x7fff_fff0]);
  assert.deepEqual([...starts.keys()], [process.pid]);
  assert.notEqual(starts.get(process.pid), '');
});

test('usage is read onwards: each line once, a line without its end when it has one', () =>
  inFolder(async (folder) => {
    const files = createAgentFiles();
    const { usage } = readingOf('claude');
    assert.ok(usage);
    const seen: string[] = [];
    const reading: UsageReading = {
      files: () => [],
      add: (before, lines) => {
        seen.push(...lines.filter((line) => line !== ''));
        return usage.add(before, lines);
      },
    };
    const path = join(folder, 'u.jsonl');
    assert.equal(await files.usage([path], reading), null);
    const lines = linesOf('claude/transcript.jsonl');
    const half = lines[1]?.slice(0, 40) ?? '';
    writeFileSync(path, `${lines[0]}\n${half}`);
    assert.equal((await files.usage([join(folder, 'none'), path], reading))?.outputTokens, 42);
    appendFileSync(path, `${lines[1]?.slice(40)}\n${lines.slice(2).join('\n')}\n`);
    assert.equal((await files.usage([path], reading))?.outputTokens, 126);
    assert.deepEqual(seen, lines, 'no line was read twice');
    writeFileSync(path, `${lines[0]}\n`);
    assert.equal((await files.usage([path], reading))?.outputTokens, 42, 'a file that shrank is read anew');
  }));

test('a transcript of many megabytes with one endless line is counted to its end', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'u.jsonl');
    const [line] = linesOf('claude/transcript.jsonl');
    writeFileSync(path, `${'x'.repeat(5_000_000)}\n${line}\n`);
    const { usage } = readingOf('claude');
    assert.ok(usage);
    assert.equal((await createAgentFiles().usage([path], usage))?.outputTokens, 42);
  }));
