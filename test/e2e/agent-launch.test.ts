import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bareFolder, home, script } from '../helpers/fake-agents.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

/** Records its argv and environment, plays one hook of its settings, and stays. */
const fakeClaude = [
  '[ "$1" != --version ] || { echo 9.9.9; exit 0; }',
  'for word in "$@"; do printf "%s\\0" "$word"; done >"$PITWALL_TASK_DIR/argv"',
  'env >"$PITWALL_TASK_DIR/env"',
  `node -e 'const s = JSON.parse(process.argv[1]); console.log(s.hooks[process.argv[2]][0].hooks[0].command)' "$(
    while [ "$1" != --settings ]; do shift; done; printf %s "$2")" UserPromptSubmit >"$PITWALL_TASK_DIR/command"`,
  `printf '{"prompt":"x"}' | sh -c "$(cat "$PITWALL_TASK_DIR/command")"; echo "$?" >"$PITWALL_TASK_DIR/hooked"`,
  'exec sleep 1000',
];

test('new --agent claude: prompt, id, model and arguments in argv, hooks that report, kept for start', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const programs = bareFolder(box);
  script(programs, 'claude', fakeClaude);
  const env = {
    PATH: programs,
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    XDG_STATE_HOME: join(box.folder, `a "state's" $x`),
  };
  const root = await box.repository();
  const folder = join(env.XDG_STATE_HOME, 'pitwall', 'app', 'fix');
  const prompt = '-rf "it\'s"\nsecond $(line)';
  await pitwall(box, root, ['config', 'set', 'preamble', '""'], { env });
  const made = await pitwall(
    box,
    root,
    [
      'new',
      '--no-attach',
      '--name',
      'fix',
      '--model',
      'opus',
      '--agent-args=--add-dir',
      '--agent-args',
      '/a b',
      '-',
    ],
    { env, input: prompt },
  );
  assert.equal(made.code, 0, made.stderr);
  assert.doesNotMatch(made.stderr, /demo/);
  await until('its hook', () => existsSync(join(folder, 'hooked')));
  const argv = () => readFileSync(join(folder, 'argv'), 'utf8').split('\0').slice(0, -1);
  const record = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')).agents[0];
  assert.deepEqual(record, { ...record, preset: 'claude', args: ['--add-dir', '/a b'], model: 'opus' });
  assert.deepEqual(
    argv().filter((word) => !word.startsWith('{"hooks"')),
    [
      '--session-id',
      record.conversationId,
      '--settings',
      '--model',
      'opus',
      '--add-dir',
      '/a b',
      '--',
      prompt,
    ],
  );
  const seen = readFileSync(join(folder, 'env'), 'utf8');
  assert.match(seen, /^ANTHROPIC_BASE_URL=http/m);
  assert.match(seen, /^PITWALL_AGENT=claude$/m);
  assert.equal(readFileSync(join(folder, 'hooked'), 'utf8'), '0\n');

  // A transcript tells that there is a conversation to continue.
  const transcripts = home(
    box,
    '.claude',
    'projects',
    JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')).worktree.replace(/[^a-zA-Z0-9]/g, '-'),
  );
  mkdirSync(transcripts, { recursive: true });
  writeFileSync(join(transcripts, `${record.conversationId}.jsonl`), '{}\n');
  assert.equal((await pitwall(box, root, ['stop', 'fix'], { env })).code, 0);
  writeFileSync(join(folder, 'argv'), '');
  const started = await pitwall(box, root, ['start', 'fix'], { env });
  assert.equal(started.code, 0, started.stderr);
  await until('it again', () => argv().length > 0);
  assert.deepEqual(
    argv().filter((word) => !word.startsWith('{"hooks"')),
    ['--resume', record.conversationId, '--settings', '--model', 'opus', '--add-dir', '/a b'],
  );
});

test('an agent that never came to its prompt is started with it again', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const programs = bareFolder(box);
  script(programs, 'claude', [
    'printf "%s\\n" "$1" "$2" "$#" >>"$PITWALL_TASK_DIR/starts"',
    'for last; do :; done; echo "$last" >>"$PITWALL_TASK_DIR/starts"',
    'exec sleep 1000',
  ]);
  const env = { PATH: programs };
  const root = await box.repository();
  await pitwall(box, root, ['config', 'set', 'preamble', '""'], { env });
  await pitwall(box, root, ['new', '--no-attach', '--agent', 'claude', '--name', 'fix', 'do it'], { env });
  const starts = join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'fix', 'starts');
  const lines = () => (existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n') : []);
  await until('the first start', () => lines().length === 4);
  await pitwall(box, root, ['stop', 'fix'], { env });
  const started = await pitwall(box, root, ['start', 'fix'], { env });
  assert.equal(started.code, 0, started.stderr);
  await until('the second', () => lines().length === 8);
  assert.deepEqual(lines().slice(4), lines().slice(0, 4));
  assert.deepEqual([lines()[0], lines()[3]], ['--session-id', 'do it']);
});

test('which agent: preference, first found, demo with a word; one that is missing is refused', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const programs = bareFolder(box);
  const root = await box.repository();
  const env = { PATH: programs };
  const run = (...args: string[]) =>
    pitwall(box, root, ['new', '--no-attach', '--dry-run', '--name', 'x', ...args], { env });
  const none = await run();
  assert.match(none.stdout, /: demo \(/);
  assert.match(none.stderr, /no coding agent was found, so the demo agent/);
  assert.doesNotMatch((await run('--agent', 'demo')).stderr, /no coding agent/);
  const refused = await run('--agent', 'codex');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /codex is not on PATH\ntry: npm install -g @openai\/codex/);
  script(programs, 'qwen', ['exit 0']);
  script(programs, 'amp', ['exit 0']);
  assert.match((await run()).stdout, /: qwen \(/);
  await pitwall(box, root, ['config', 'set', 'agent', 'amp'], { env });
  assert.match((await run()).stdout, /: amp \(/);
  assert.match((await run('--model', 'm')).stderr, /amp takes no model/);
  assert.match((await run('--agent', 'qwen', '--model=-m')).stderr, /no name of a model/);
  assert.deepEqual((await listed(box, root)).projects, []);
});
