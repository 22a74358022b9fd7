import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/** A folder with what pitwall and the fakes need and no coding agent, whatever this machine has. */
function bareFolder(box: Sandbox): string {
  const folder = join(box.folder, 'programs');
  mkdirSync(folder);
  const needed = 'sh env tmux git node awk cat head tr rm mkdir date dd sed grep ps sleep mv tail';
  for (const program of needed.split(' ')) {
    const path = execFileSync('sh', ['-c', 'command -v "$0" || :', program], { encoding: 'utf8' }).trim();
    if (path.startsWith('/')) symlinkSync(path, join(folder, program));
  }
  return folder;
}

function script(folder: string, name: string, lines: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  return join(folder, name);
}

const home = (box: Sandbox, ...path: string[]) => join(box.env.HOME ?? '', ...path);

test('agents: what is found, what it says, what is missing and how to get it', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const programs = bareFolder(box);
  script(programs, 'claude', [
    '[ -z "$ANTHROPIC_API_KEY$PITWALL_SOCKET" ] || exit 9',
    'echo "2.1.197 (Claude Code)"',
  ]);
  script(programs, 'codex', ['echo broken >&2; exit 1']);
  script(programs, 'gemini', ['echo 0.61.0']);
  script(home(box, '.opencode', 'bin'), 'opencode', ['echo 1.18.33']);
  const env = { PATH: programs, ANTHROPIC_API_KEY: 'secret' };
  const ran = await pitwall(box, box.folder, ['agents', '--json'], { env });
  assert.equal(ran.code, 0, ran.stderr);
  const agents: Record<string, Record<string, unknown>> = {};
  for (const agent of JSON.parse(ran.stdout).agents) agents[agent.name] = agent;
  assert.deepEqual(agents.claude, {
    name: 'claude',
    title: 'Claude Code',
    found: true,
    path: join(programs, 'claude'),
    hooks: true,
    resume: true,
    works: true,
    version: '2.1.197',
    missing: null,
    install: null,
  });
  assert.equal(agents.codex?.works, false);
  assert.match(String(agents.codex?.missing), /--version fails: broken/);
  assert.equal(agents.gemini?.install, 'pitwall agents install gemini');
  assert.equal(
    agents.opencode?.path,
    home(box, '.opencode', 'bin', 'opencode'),
    'where its installer puts it',
  );
  assert.deepEqual([agents.goose?.found, agents.aider?.resume], [false, false]);
  assert.match(String(agents.goose?.install), /download_cli/);
  const doctor = JSON.parse((await pitwall(box, box.folder, ['doctor', '--json'], { env })).stdout);
  const wrong = doctor.findings.filter(
    (finding: { ok: boolean; about: string }) => finding.about === 'agents' && !finding.ok,
  );
  assert.deepEqual(
    wrong.map((finding: { mend: string }) => finding.mend),
    ['npm install -g @openai/codex'],
  );
});

test('install and uninstall: asked for, shown, repeatable, and nothing of the person’s is lost', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const agents = (...args: string[]) => pitwall(box, box.folder, ['agents', ...args]);
  const extension = home(box, '.gemini', 'extensions', 'pitwall');
  mkdirSync(home(box, '.gemini', 'extensions', 'other'), { recursive: true });
  const refused = await agents('install', 'gemini');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /writes .*hooks\.json[\s\S]*PITWALL_HOOK[\s\S]*--yes/);
  assert.equal(existsSync(extension), false);
  for (const name of ['gemini', 'goose', 'amp', 'cursor']) {
    const ran = await agents('install', name, '--yes', '--json');
    assert.equal(ran.code, 0, ran.stderr);
    const { changed } = JSON.parse(ran.stdout);
    assert.ok(changed.length > 0);
    for (const path of changed) assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(
      JSON.parse((await agents('install', name, '--yes', '--json')).stdout).changed,
      [],
      'again',
    );
  }
  assert.deepEqual(
    Object.keys(JSON.parse(readFileSync(join(extension, 'hooks', 'hooks.json'), 'utf8')).hooks),
    ['SessionStart', 'BeforeAgent', 'BeforeTool', 'Notification', 'AfterTool', 'AfterAgent', 'SessionEnd'],
  );
  for (const name of ['gemini', 'goose', 'amp', 'cursor'])
    for (const _ of [1, 2]) {
      const ran = await agents('uninstall', name, '--yes');
      assert.equal(ran.code, 0, ran.stderr);
    }
  assert.deepEqual(readdirSync(home(box, '.gemini', 'extensions')), ['other']);
  assert.deepEqual(readdirSync(home(box, '.agents', 'plugins')), []);
  assert.deepEqual(readdirSync(home(box, '.cursor')), []);
  const claude = await agents('install', 'claude', '--yes');
  assert.match(claude.stderr, /claude needs no files/);
});

test('cursor: the person’s entries stay, come back byte for byte, and damaged files are refused', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const agents = (...args: string[]) => pitwall(box, box.folder, ['agents', ...args, 'cursor', '--yes']);
  mkdirSync(home(box, '.cursor'));
  mkdirSync(home(box, 'dotfiles'));
  const real = home(box, 'dotfiles', 'hooks.json');
  const path = home(box, '.cursor', 'hooks.json');
  symlinkSync(real, path);
  const theirs =
    '{"version":1,\n\n "hooks": {"stop":[{"command":"mine"}], "empty": [], "beforeReadFile":[{"command":"x"}]} }';
  writeFileSync(real, theirs);
  chmodSync(real, 0o640);
  assert.equal((await agents('install')).code, 0);
  assert.ok(lstatSync(path).isSymbolicLink(), 'a link stays a link');
  assert.equal(statSync(real).mode & 0o777, 0o640);
  assert.equal(readFileSync(`${path}.before-pitwall`, 'utf8'), theirs);
  const { version, hooks } = JSON.parse(readFileSync(real, 'utf8'));
  assert.equal(version, 1);
  assert.deepEqual(Object.keys(hooks), [
    'stop',
    'empty',
    'beforeReadFile',
    'beforeSubmitPrompt',
    'preToolUse',
    'postToolUse',
  ]);
  assert.equal(hooks.stop.length, 2);
  assert.deepEqual(hooks.stop[0], { command: 'mine' });
  assert.equal((await agents('uninstall')).code, 0);
  assert.equal(readFileSync(real, 'utf8'), theirs);
  assert.equal(existsSync(`${path}.before-pitwall`), false);

  await agents('install');
  const edited = JSON.parse(readFileSync(real, 'utf8'));
  edited.hooks.stop.push({ command: 'later' });
  writeFileSync(real, JSON.stringify(edited));
  assert.match((await agents('install')).stdout, /nothing to do/, 'ours need not be the last');
  assert.equal((await agents('uninstall')).code, 0);
  assert.deepEqual(JSON.parse(readFileSync(real, 'utf8')), {
    version: 1,
    hooks: {
      stop: [{ command: 'mine' }, { command: 'later' }],
      empty: [],
      beforeReadFile: [{ command: 'x' }],
    },
  });

  for (const damaged of ['{"version":1,', '[]', '', '{"hooks":[]}', '{"hooks":{"stop":{}}}']) {
    writeFileSync(real, damaged);
    const ran = await agents('install');
    assert.equal(ran.code, 1, damaged);
    assert.match(ran.stderr, /hooks\.json stays as it is/);
    assert.equal(readFileSync(real, 'utf8'), damaged);
  }
  mkdirSync(home(box, '.gemini', 'extensions', 'pitwall'), { recursive: true });
  const foreign = home(box, '.gemini', 'extensions', 'pitwall', 'gemini-extension.json');
  writeFileSync(foreign, '{"name":"pitwall"}');
  const ran = await pitwall(box, box.folder, ['agents', 'install', 'gemini', '--yes']);
  assert.match(ran.stderr, /not pitwall’s/);
  assert.equal(readFileSync(foreign, 'utf8'), '{"name":"pitwall"}');
});

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
