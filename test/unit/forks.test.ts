import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canFork, forking, forkLaunch } from '../../lib/core/agents/forks.ts';
import type { Preset } from '../../lib/core/agents/preset.ts';
import { demo } from '../../lib/core/presets/demo.ts';
import { launchContext } from '../fixtures/launches.ts';

const programs = { node: '/node', demo: '/demo.cjs', shell: '/bin/sh' };
const context = launchContext({
  conversationId: 'new',
  hasPrompt: false,
  task: 'two',
  worktree: '/w/two',
  programs,
});
const source = { conversationId: 'old', folder: '/state/one' };

/** A preset of that name that resumes with these words. */
const named = (name: string, resume: (id: string) => readonly string[]): Preset => ({
  ...demo,
  name,
  resume: ({ conversationId }) => ({ argv: resume(conversationId ?? ''), env: { A: 'b' } }),
});

test('what resumes the first conversation, with the words that copy it', () => {
  assert.deepEqual(forkLaunch(demo, context, source)?.argv, [
    '/node',
    '/demo.cjs',
    '--fork',
    '/state/one/demo/old.jsonl',
    '--conversation',
    'new',
  ]);
  const claude = named('claude', (id) => ['claude', '--resume', id, '--settings', '{}', '--', '{prompt}']);
  assert.deepEqual(forkLaunch(claude, context, source), {
    argv: [
      'claude',
      '--resume',
      'old',
      '--fork-session',
      '--session-id',
      'new',
      '--settings',
      '{}',
      '--',
      '{prompt}',
    ],
    env: { A: 'b' },
  });
  const codex = named('codex', (id) => ['codex', 'resume', '-c', 'x=1', '--', id]);
  assert.deepEqual(forkLaunch(codex, { ...context, conversationId: null }, source)?.argv, [
    'codex',
    'fork',
    '-C',
    '/w/two',
    '-c',
    'x=1',
    '--',
    'old',
  ]);
});

test('an agent that cannot fork, or resumes in words of its own, has no such launch', () => {
  assert.deepEqual(['claude', 'codex', 'demo', 'gemini', 'mine', 'constructor'].map(canFork), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.equal(
    forkLaunch(
      named('gemini', (id) => ['gemini', '--resume', id]),
      context,
      source,
    ),
    null,
  );
  const own = named('claude', (id) => ['wrapper', id]);
  assert.equal(forkLaunch(own, context, source), null);
  assert.deepEqual(forking(own, source).launch(context), own.launch(context), 'then it begins anew');
  assert.equal(forkLaunch(demo, { ...context, conversationId: null }, source), null);
  assert.equal(forking(demo, undefined), demo);
});
