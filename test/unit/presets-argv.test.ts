import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Preset } from '../../lib/core/agents/preset.ts';
import { knownAgents, presets } from '../../lib/core/agents/presets.ts';
import { launchContext as argvContext, argvTable, conversationId as id } from '../fixtures/launches.ts';

/** What each preset is started with, the words for its hooks left out (`H`): they have tests of their own. */
const table: Record<string, Record<string, readonly string[] | null>> = {
  claude: {
    prompt: ['agent', '--session-id', id, 'H', '--', '{prompt}'],
    idle: ['agent', '--session-id', id, 'H'],
    options: ['agent', '--session-id', id, 'H', '--model', 'm1', '--x', 'a b', '--', '{prompt}'],
    'no id': ['agent', 'H'],
    resume: ['agent', '--resume', id, 'H'],
    'resume without id': null,
  },
  codex: {
    prompt: ['agent', 'H', '--no-daemon', '--', '{prompt}'],
    idle: ['agent', 'H', '--no-daemon'],
    options: ['agent', 'H', '--no-daemon', '--model', 'm1', '--x', 'a b', '--', '{prompt}'],
    'no id': ['agent', 'H', '--no-daemon'],
    resume: ['agent', 'resume', 'H', '--no-daemon', '--', id],
    'resume without id': null,
  },
  gemini: {
    prompt: ['agent', '--session-id', id, '--prompt-interactive={prompt}'],
    idle: ['agent', '--session-id', id],
    options: ['agent', '--session-id', id, '--model', 'm1', '--x', 'a b', '--prompt-interactive={prompt}'],
    'no id': ['agent'],
    resume: ['agent', '--resume', id],
    'resume without id': null,
  },
  opencode: {
    prompt: ['agent', '--prompt={prompt}'],
    idle: ['agent'],
    options: ['agent', '--model', 'm1', '--x', 'a b', '--prompt={prompt}'],
    'no id': ['agent'],
    resume: ['agent', `--session=${id}`],
    'resume without id': null,
  },
  qwen: {
    prompt: ['agent', '--session-id', id, '--prompt-interactive={prompt}'],
    idle: ['agent', '--session-id', id],
    options: ['agent', '--session-id', id, '--model', 'm1', '--x', 'a b', '--prompt-interactive={prompt}'],
    'no id': ['agent'],
    resume: ['agent', '--resume', id],
    'resume without id': null,
  },
  copilot: {
    prompt: ['agent', `--session-id=${id}`, 'H', '--interactive={prompt}'],
    idle: ['agent', `--session-id=${id}`, 'H'],
    options: ['agent', `--session-id=${id}`, 'H', '--model', 'm1', '--x', 'a b', '--interactive={prompt}'],
    'no id': ['agent', 'H'],
    resume: ['agent', `--resume=${id}`, 'H'],
    'resume without id': null,
  },
  cursor: {
    prompt: ['agent', '--', '{prompt}'],
    idle: ['agent'],
    options: ['agent', '--model', 'm1', '--x', 'a b', '--', '{prompt}'],
    'no id': ['agent'],
    resume: ['agent', `--resume=${id}`],
    'resume without id': null,
  },
  aider: {
    prompt: ['agent'],
    idle: ['agent'],
    options: ['agent', '--model', 'm1', '--x', 'a b'],
    'no id': ['agent'],
    resume: ['agent', '--restore-chat-history'],
    'resume without id': ['agent', '--restore-chat-history'],
  },
  goose: {
    prompt: ['agent', 'session', '--name', id],
    idle: ['agent', 'session', '--name', id],
    options: ['agent', 'session', '--name', id, '--x', 'a b'],
    'no id': ['agent', 'session'],
    resume: ['agent', 'session', '--resume', '--name', id],
    'resume without id': null,
  },
  amp: {
    prompt: ['agent'],
    idle: ['agent'],
    options: ['agent', '--x', 'a b'],
    'no id': ['agent'],
    resume: ['agent', 'threads', 'continue', id],
    'resume without id': null,
  },
};

/** The words for hooks as one `H`. */
function withoutHooks(preset: Preset, argv: readonly string[] | null): readonly string[] | null {
  if (argv === null) return null;
  const pairs: Record<string, string> = { claude: '--settings', codex: '-c', copilot: '--plugin-dir' };
  const option = pairs[preset.name];
  const kept = argv.flatMap((word, index) => {
    if (word === option) return ['H'];
    return index > 0 && argv[index - 1] === option ? [] : [word];
  });
  return kept.filter((word, index) => word !== 'H' || kept[index - 1] !== 'H');
}

for (const preset of knownAgents)
  test(`${preset.name}: argv of every way to start it`, () => {
    const seen = Object.entries(argvTable(preset)).map(([way, argv]) => [way, withoutHooks(preset, argv)]);
    assert.deepEqual(Object.fromEntries(seen), table[preset.name]);
  });

test('no preset skips permission questions by itself, and each says how a prompt reaches it', () => {
  for (const preset of knownAgents) {
    const words = Object.values(argvTable(preset)).flatMap((argv) => argv ?? []);
    for (const word of preset.skipPermissions ?? []) assert.equal(words.includes(word), false, preset.name);
    for (const word of words) assert.doesNotMatch(word, /^--(yolo|force|auto|yes-always|dangerously.*)$/);
    const takes = argvTable(preset).prompt?.some((word) => word.includes('{prompt}'));
    assert.equal(takes, preset.prompt === 'argument', preset.name);
    const marks = words.filter((word) => word.includes('{prompt}'));
    for (const word of marks)
      assert.match(word, /^(\{prompt\}|--[a-z-]+=\{prompt\})$/, 'as the launcher takes it');
  }
});

test('goose is resumed by its own id once a hook has told it', () => {
  const goose = knownAgents.find((preset) => preset.name === 'goose');
  const context = { ...argvContext(), conversationId: '20251108_1', hasPrompt: false };
  assert.deepEqual(goose?.resume(context)?.argv, [
    'agent',
    'session',
    '--resume',
    '--session-id',
    '20251108_1',
  ]);
  assert.deepEqual(goose?.launch({ ...context, model: 'm1' }).env, { GOOSE_MODEL: 'm1' });
});

test('where a conversation is kept, for those that tell', () => {
  const context = argvContext({
    worktree: '/repos/app.worktrees/fix é',
    texts: new Map([
      [
        '/home/me/.gemini/projects.json',
        '{"projects":{"/repos/app.worktrees/fix é":"app-fix","/x":"../../x"}}',
      ],
    ]),
  });
  const kept = (name: string, given = context) =>
    knownAgents.find((preset) => preset.name === name)?.transcript?.(given);
  assert.deepEqual(kept('claude'), {
    folder: '/home/me/.claude/projects/-repos-app-worktrees-fix--',
    ending: `${id}.jsonl`,
    sure: false,
  });
  assert.deepEqual(kept('gemini'), {
    folder: '/home/me/.gemini/tmp/app-fix/chats',
    ending: '-0cb916db.jsonl',
    sure: true,
  });
  assert.equal(kept('gemini', { ...context, worktree: '/x' }), null, 'leads nowhere else');
  assert.equal(kept('gemini', { ...context, texts: new Map() }), null);
  assert.equal(kept('copilot')?.folder, `/home/me/.copilot/session-state/${id}`);
});

test('an agent of the person’s own: the prompt’s place, and further arguments before it', () => {
  const argv = (command: readonly string[], given = {}, prompt?: 'argument' | 'paste') =>
    presets({ mine: { command, prompt } })
      .get('mine')
      ?.launch(argvContext({ args: ['-x'], ...given })).argv;
  assert.deepEqual(argv(['p', '--', '{prompt}', 'z']), ['p', '-x', '--', '{prompt}', 'z']);
  assert.deepEqual(argv(['p', '--ask={prompt}']), ['p', '-x', '--ask={prompt}']);
  assert.deepEqual(argv(['p', '--ask={prompt}'], { hasPrompt: false }), ['p', '-x']);
  assert.deepEqual(argv(['p', '{task}'], {}, 'argument'), ['p', 'fix', '-x', '{prompt}']);
  assert.deepEqual(argv(['p'], {}, 'paste'), ['p', '-x']);
});
