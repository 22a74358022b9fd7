import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../lib/core/model.ts';
import { judgeApproval, type Unheard } from '../../lib/core/review/approval.ts';
import { agent, task } from '../fixtures/desks.ts';

const gone = task('fix', { agents: [agent('demo', { state: 'exited', pid: null })] });
const there = task('fix', { agents: [agent('demo', { state: 'done' })] });
const busy = task('fix', { agents: [agent('demo', { state: 'working' })] });
const prompt = { agent: 'demo', text: 'also\nthe\u001blogout' };
const other = { agent: 'demo-2', text: 'more' };
const comment = { text: 'why?' };
const nothing: Unheard = { held: [], comments: [] };

const cases: readonly (readonly [string, Task, Unheard, string | null, string | null])[] = [
  ['nothing waits', gone, nothing, null, null],
  ['an agent at work', busy, nothing, 'fix is not finished: demo is working', 'pitwall jump fix'],
  [
    'a prompt, the agent gone',
    gone,
    { held: [prompt], comments: [comment] },
    'fix has a prompt that demo has not got yet (also the logout)',
    'pitwall start fix',
  ],
  [
    'prompts of two agents that run',
    there,
    { held: [prompt, other], comments: [] },
    'fix has 2 prompts that demo, demo-2 have not got yet (also the logout …)',
    'pitwall show fix',
  ],
  [
    'a comment',
    there,
    { held: [], comments: [comment] },
    'fix has 1 comment that was not sent (why?)',
    'pitwall review fix',
  ],
  [
    'comments',
    there,
    { held: [], comments: [comment, comment] },
    'fix has 2 comments that were not sent (why? …)',
    'pitwall review fix',
  ],
];

for (const [what, of, unheard, message, hint] of cases)
  test(`approving with ${what}`, () => {
    const refusal = judgeApproval(of, unheard, false);
    assert.deepEqual([refusal?.message ?? null, refusal?.hint ?? null], [message, hint]);
    assert.equal(judgeApproval(of, unheard, true) !== null, of === busy);
  });
