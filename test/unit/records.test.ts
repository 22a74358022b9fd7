import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKeptDiff, parseProjectRecord, parseTaskRecord } from '../../lib/core/journal/records.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';

const task = taskRecord('one');

test('records are read as they were written; keys we do not know are left out', () => {
  assert.deepEqual(parseTaskRecord(JSON.stringify({ ...task, later: 1 })), { record: task });
  assert.deepEqual(parseProjectRecord(JSON.stringify(projectRecord())), { record: projectRecord() });
});

const damaged: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /empty/],
  ['NULs of a lost block', '\0'.repeat(100), /not JSON/],
  ['half a record', JSON.stringify(task).slice(0, 100), /not JSON/],
  ['a list', '[]', /no object/],
  ['a later version', JSON.stringify({ ...task, version: 2 }), /version/],
  ['no prompt', JSON.stringify({ ...task, prompt: undefined }), /prompt/],
  ['a relative worktree', JSON.stringify({ ...task, worktree: '../x' }), /worktree/],
  ['a branch that looks like an option', JSON.stringify({ ...task, branch: '--force' }), /branch/],
  ['a base commit that is none', JSON.stringify({ ...task, baseCommit: 'main' }), /baseCommit/],
  ['a port out of range', JSON.stringify({ ...task, ports: [70_000] }), /ports/],
  ['an agent without a name', JSON.stringify({ ...task, agents: [{ preset: 'demo' }] }), /agents/],
  ['a copied file without its sum', JSON.stringify({ ...task, included: { '.env': 1 } }), /included/],
];

for (const [what, json, reason] of damaged)
  test(`${what} is damage, with its reason`, () => {
    const parsed = parseTaskRecord(json);
    assert.ok('reason' in parsed);
    assert.match(parsed.reason, reason);
  });

test('a project without a root is damage', () => {
  assert.deepEqual(parseProjectRecord('{"version":1,"name":"app"}'), {
    reason: 'its “root” is missing or wrong',
  });
});

test('a kept diff is read or forgotten', () => {
  const kept = { key: 'k', stat: { files: 1, insertions: 2, deletions: 0 } };
  assert.deepEqual(parseKeptDiff(JSON.stringify(kept)), kept);
  assert.equal(parseKeptDiff('{"key":"k","stat":{"files":-1,"insertions":0,"deletions":0}}'), null);
  assert.equal(parseKeptDiff('{'), null);
});
