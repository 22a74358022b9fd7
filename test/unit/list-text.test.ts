import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listText } from '../../lib/cli/desk/list-text.ts';
import { agent, ago, desk, now, task } from '../fixtures/desks.ts';

const diff = { files: 1, insertions: 4, deletions: 1 };
const look = { now, docketOnly: false, color: false };
const done = (name: string, checks: 'none' | 'running' | 'passed' | 'failed') =>
  task(name, { agents: [agent('demo', { state: 'done', since: ago(4) })], state: 'done', diff, checks });

/** The lines of the tasks. */
function lines(...tasks: Parameters<typeof desk>[0][]): readonly string[] {
  return listText(desk(tasks.flat()), look).split('\n').slice(2);
}

test('a task that waits for another is listed as queued, whatever state its agents never had', () => {
  const gone = { agents: [agent('demo', { state: 'exited', pid: null, since: ago(9) })] } as const;
  assert.deepEqual(lines([task('next', { ...gone, queued: true }), task('over', gone)]), [
    '· queued  next  demo  -  9m',
    '· exited  over  demo  -  9m',
  ]);
});

test('what a task’s checks say is listed; where none has any there is no column for it', () => {
  assert.deepEqual(lines([done('one', 'running'), done('two', 'failed'), done('three', 'none')]), [
    '◆ done  one    demo  +4 −1  checks running  4m',
    '◆ done  two    demo  +4 −1  checks failed   4m',
    '◆ done  three  demo  +4 −1                  4m',
  ]);
  assert.deepEqual(lines([done('one', 'none')]), ['◆ done  one  demo  +4 −1  4m']);
});
