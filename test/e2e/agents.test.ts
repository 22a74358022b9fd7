import assert from 'node:assert/strict';
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
import { bareFolder, home, script } from '../helpers/fake-agents.ts';
import { pitwall } from '../helpers/program.ts';
import { sandbox } from '../helpers/sandbox.ts';

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
