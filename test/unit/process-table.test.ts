import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descendantsOf, meantBy, type ProcessRow } from '../../lib/adapters/process-table.ts';

const row = (pid: number, parent: number, group: number): ProcessRow => ({
  pid,
  parent,
  group,
  started: '',
  command: '',
});

/** 1 → tmux 10 → pane 20 (agent 21, its child 22 in a group of its own), pane 30 (shell) → this command 31, 32. */
const table = [
  row(1, 0, 0),
  row(2, 0, 0),
  row(10, 1, 10),
  row(20, 10, 20),
  row(21, 20, 20),
  row(22, 21, 22),
  row(23, 1, 20),
  row(30, 10, 30),
  row(33, 30, 33),
  row(31, 30, 31),
  row(32, 31, 31),
];
const meant = (...pids: number[]) => meantBy(table, pids, 31).map((each) => each.pid);

test('descendants, the roots included', () => {
  assert.deepEqual([...descendantsOf(table, [20])].sort(), [20, 21, 22]);
  assert.deepEqual(descendantsOf(table, [99]), [99]);
});

test('ending a pane ends its group, those who left it, and orphans of the group', () => {
  assert.deepEqual(meant(20), [20, 21, 22, 23]);
});

test('ending never means pid 1, the kernel’s, unknown pids, or ourselves', () => {
  for (const pid of [-1, 0, 1, 99, 31, 32]) assert.deepEqual(meant(pid), [], String(pid));
});

test('ending what we live in spares us and all between', () => {
  assert.deepEqual(meant(30), [33]);
  assert.deepEqual(meant(10), [20, 21, 22, 33]);
});
