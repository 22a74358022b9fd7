import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTmux } from '../../lib/adapters/tmux.ts';
import { tooOld } from '../../lib/adapters/tmux-ask.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { escapeFormat } from '../../lib/core/tmux/tmux-text.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const adapter = (box: Sandbox, timeout?: number) =>
  createTmux({
    socket: box.socket,
    env: box.env,
    stableDir: box.folder,
    ...(timeout === undefined ? {} : { timeout }),
  });

const code = (wanted: string) => (error: unknown) => isPitwallError(error) && error.code === wanted;

/** A pane whose program writes all it reads, raw, to a file. */
async function reader(box: Sandbox, bracketed = false): Promise<{ pane: string; file: string }> {
  const file = join(box.folder, `read-${Math.random()}`);
  const script = `stty raw -echo; ${bracketed ? "printf '\\033[?2004h';" : ''} : >"$1"; exec cat >>"$1"`;
  const pane = await box.tmux('new-window', '-P', '-F', '#{pane_id}', '--', 'sh', '-c', script, 'sh', file);
  await until('the reader reads', () => readFile(file));
  return { pane, file };
}

test('without a server a view says so, and a command that server is gone', async () => {
  await using box = await sandbox();
  const tmux = adapter(box);
  assert.equal((await tmux.view()).running, false);
  await assert.rejects(tmux.run([['kill-pane', '-t', '%1']]), code('ServerGone'));
});

test('a socket that cannot be used is no missing server', async () => {
  await using box = await sandbox();
  const folder = join(box.env.TMUX_TMPDIR ?? '', `tmux-${process.getuid?.()}`);
  await mkdir(folder, { mode: 0o777 });
  await chmod(folder, 0o777);
  await assert.rejects(adapter(box).view(), code('CannotConnect'));
});

test('a tmux that does not answer is given up', async () => {
  await using box = await sandbox();
  const bin = join(box.folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'tmux'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  const env = { ...box.env, PATH: `${bin}:${box.env.PATH}` };
  const tmux = createTmux({ socket: 's', env, stableDir: '/', timeout: 200 });
  await assert.rejects(tmux.view(), code('CannotConnect'));
});

test('no tmux on PATH is told with a hint', async () => {
  await using box = await sandbox();
  const tmux = createTmux({
    socket: 's',
    env: { ...box.env, PATH: join(box.folder, 'nothing') },
    stableDir: '/',
  });
  await assert.rejects(
    tmux.version(),
    (error) => code('ToolMissing')(error) && isPitwallError(error) && error.hint !== null,
  );
});

test('versions below 3.2 are too old', () => {
  for (const said of ['1.8', '2.9a', '3.0', '3.1c', 'openbsd-6.9']) assert.equal(tooOld(said), true, said);
  for (const said of ['3.2', '3.3a', '3.10', 'next-3.6', 'openbsd-7.4', 'master'])
    assert.equal(tooOld(said), false, said);
});

test('a target that is gone is named', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const tmux = adapter(box);
  await assert.rejects(tmux.run([['kill-pane', '-t', '%99']]), (error) => {
    return (
      isPitwallError(error, 'TargetGone') && error.message.includes('%99') && error.detail.target === '%99'
    );
  });
  await assert.rejects(tmux.run([['no-such-command']]), code('CommandFailed'));
});

test('words arrive as they are, in argv and past its limit', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const tmux = adapter(box);
  const words = [
    'a;',
    ';',
    '-x',
    '\\;',
    "it's",
    '"',
    '$HOME',
    '#{pane_id}',
    '#(id)',
    '~',
    '%if',
    '{',
    '}',
    'a\n  b\tc',
    '修 é',
    '\\',
    '\u001b[0m',
  ];
  for (const filler of ['short', 'x'.repeat(60_000)]) {
    const set = words.map((word, index) => ['set-option', '-s', '--', `@word${index}`, word]);
    const shown = words.map((_, index) => ['show-options', '-sv', `@word${index}`]);
    const answer = await tmux.run([...set, ['set-option', '-s', '@filler', filler], ...shown]);
    assert.deepEqual(answer.join('\n'), words.join('\n'));
  }
});

test('the first command that fails ends the chain, also past the limit of argv', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const tmux = adapter(box);
  for (const filler of ['short', 'x'.repeat(60_000)]) {
    const commands = [
      ['set-option', '-s', '@filler', filler],
      ['set-option', '-s', '@before', 'yes'],
      ['kill-pane', '-t', '%99'],
      ['set-option', '-s', '@after', 'yes'],
    ];
    await assert.rejects(tmux.run(commands), code('TargetGone'));
    assert.equal(await box.tmux('display-message', '-p', '#{@before}#{@after}'), 'yes');
  }
});

test('a server is started from the stable folder, also by a long chain and just after another one ended', async () => {
  await using box = await sandbox();
  const tmux = adapter(box);
  for (const filler of ['short', 'x'.repeat(60_000), 'short']) {
    const [pane] = await tmux.runStarting(
      [
        ['new-session', '-d', '-P', '-F', '#{pane_id}', '-e', 'MINE=1'],
        ['set-option', '-s', '@filler', filler],
      ],
      { FROM_US: 'yes' },
    );
    assert.equal(pane, '%0');
    assert.match(await box.tmux('show-environment', '-g', 'FROM_US'), /yes/);
    assert.equal((await tmux.view()).running, true);
    await box.tmux('kill-server');
  }
});

test('a view tells panes, sessions, clients and options, whatever the titles say', async () => {
  await using box = await sandbox();
  const name = `修 #(touch ${box.folder}/bad) "it's"; #{pane_id}`;
  await box.tmux(
    'new-session',
    '-d',
    '-x',
    '90',
    '-y',
    '30',
    '-s',
    escapeFormat(name),
    '-n',
    escapeFormat(name),
    '--',
    'sleep',
    '60',
  );
  const tmux = adapter(box);
  await tmux.run([
    ['set-option', '-s', '@pitwall_docket', '%0 '],
    ['set-option', '-t', '$0', '@pitwall_project', 'my project'],
    ['set-option', '-p', '-t', '%0', '@pitwall_task', 'fix\tlog\nin'],
    ['set-option', '-p', '-t', '%0', '@pitwall_role', 'agent'],
    ['select-pane', '-t', '%0', '-T', escapeFormat(name)],
    ['new-session', '-d', '-s', 'foreign'],
    ['set-option', '-p', '-t', 'foreign', '@pitwall_project', 'my project'],
  ]);
  const view = await tmux.view();
  assert.equal(view.panes.length, 2);
  const [pane, foreign] = view.panes.toSorted((a, b) => a.pane.localeCompare(b.pane));
  assert.ok(pane && foreign);
  assert.equal(pane.title, name);
  assert.equal(pane.sessionName, name.replaceAll(':', '_').replaceAll('.', '_'));
  assert.equal(pane.task, 'fix log in');
  assert.equal(pane.role, 'agent');
  assert.equal(pane.sessionProject, 'my project');
  assert.equal(pane.windowWidth, 90);
  assert.equal(pane.command, 'sleep');
  assert.equal(pane.dead, false);
  assert.equal(pane.deadStatus, null);
  assert.equal(foreign.project, 'my project');
  assert.equal(foreign.sessionProject, null, 'a pane of ours does not make a foreign session ours');
  assert.deepEqual(view.options, { docket: '%0 ' });
  assert.ok(view.started > 1_600_000_000);
  await assert.rejects(readFile(join(box.folder, 'bad')), /ENOENT/);
});

test('a paste of 79 KB arrives byte-exact and is submitted by one return', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const { pane, file } = await reader(box, true);
  const text = `-leading dash\n\t"quotes" $HOME \`x\` ; #{pane_id}\n${'修é €\n'.repeat(9000)}end;`;
  assert.ok(Buffer.byteLength(text) > 79_000);
  assert.equal(await adapter(box).paste(pane, text), true);
  const wanted = `\u001b[200~${text}\u001b[201~\r`;
  await until('all was read', async () => (await readFile(file)).length >= Buffer.byteLength(wanted));
  assert.equal(await readFile(file, 'utf8'), wanted);
  assert.equal(await box.tmux('list-buffers'), '');
});

test('a prompt cannot end its own paste', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const { pane, file } = await reader(box, true);
  await adapter(box).paste(pane, 'a\u001b[20\u001b[201~1~; rm\r\nb\u0003\u009b201~c');
  const wanted = '\u001b[200~a; rm\nbc\u001b[201~\r';
  await until('all was read', async () => (await readFile(file)).length >= wanted.length);
  assert.equal(await readFile(file, 'utf8'), wanted);
});

test('a paste leaves copy mode and does not reach synchronized panes', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d', '-x', '120', '-y', '40');
  const { pane, file } = await reader(box);
  const sibling = await reader(box);
  await box.tmux(
    'join-pane',
    '-d',
    '-s',
    sibling.pane,
    '-t',
    pane,
    ';',
    'set-option',
    '-w',
    '-t',
    pane,
    'synchronize-panes',
    'on',
  );
  await box.tmux('copy-mode', '-t', pane);
  const tmux = adapter(box);
  assert.equal(await tmux.paste(pane, 'hello'), true);
  assert.equal(await tmux.key(pane, 'Escape'), true);
  await until('it was read', async () => (await readFile(file, 'utf8')) === 'hello\r\u001b');
  assert.equal(await readFile(sibling.file, 'utf8'), '');
});

test('a key can be bound to what the pane shows, and text typed without being submitted', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const { pane, file } = await reader(box);
  const tmux = adapter(box);
  const shown = `\u276f 1. Yes, "all" of {it}: #[x] $HOME; 100% 'now' \u4fee`;
  const tty = await box.tmux('display-message', '-p', '-t', pane, '#{pane_tty}');
  await writeFile(tty, `\r\n${shown}\r\n`);
  await until('the text', async () => (await tmux.capture(pane)).includes(shown));
  assert.equal(await tmux.key(pane, 'Down', shown), true);
  assert.equal(await tmux.key(pane, 'Enter', '\u276f 2. Yes'), false);
  assert.equal(await tmux.key(pane, 'Enter', 'no such text #{pane_id}'), false);
  assert.equal(await tmux.type(pane, 'words;'), true);
  await until('it was read', async () => (await readFile(file, 'utf8')) === '\u001b[Bwords;');
  assert.equal(await tmux.type('%99', 'words'), false);
});

test('pasting into a dead or missing pane answers false, and the server lives', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  const pane = await box.tmux(
    'new-window',
    '-P',
    '-F',
    '#{pane_id}',
    '--',
    'sh',
    '-c',
    'sleep 0.2; exit 3',
    ';',
    'set-option',
    '-p',
    'remain-on-exit',
    'on',
  );
  const tmux = adapter(box);
  await until('the pane is dead', async () => {
    // tmux may overlook a child's end until another one ends: a job makes it look.
    await box.tmux('run-shell', ':');
    return (await tmux.view()).panes.find((each) => each.pane === pane)?.deadStatus === 3;
  });
  const started = (await tmux.view()).started;
  for (const target of [pane, '%99']) {
    assert.equal(await tmux.paste(target, 'hello'), false);
    assert.equal(await tmux.key(target, 'Enter'), false);
    assert.equal(await tmux.key(target, 'Up'), false);
  }
  assert.equal((await tmux.view()).started, started);
  assert.equal(await box.tmux('list-buffers'), '');
  await assert.rejects(tmux.capture('%99'), code('TargetGone'));
});
