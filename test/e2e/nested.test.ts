/** pitwall started where tmux is already: in a pane of ours, of another server, or with a TMUX that nobody answers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const clients = (box: Sandbox) => box.tmux('list-clients', '-F', '#{session_name}');

/** Runs `pitwall open` as the program of a terminal's only pane; `TMUX` as given, else the terminal's own. */
async function openIn(box: Sandbox, cwd: string, TMUX: string | null): Promise<void> {
  const env = TMUX === null ? [] : [`TMUX=${TMUX}`, 'TMUX_PANE=%0'];
  const words = ['env', ...env, process.execPath, resolve('bin/pitwall'), 'open'];
  const program = `cd "$1"; shift; "$@" 2>"$0"; echo "rc $?" >>"$0"; exec sleep 600`;
  const shell = ['sh', '-c', program, join(box.folder, 'said'), cwd, ...words];
  await box.tmux('-L', 'outer', '-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', ...shell);
}

const said = (box: Sandbox) =>
  until('an answer', () => {
    const text = readFileSync(join(box.folder, 'said'), 'utf8');
    return /rc \d/.test(text) ? text : null;
  });

test('inside another server that lives: one clear refusal, and nobody is moved', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const other = await box.repository('other');
  await pitwall(box, root, ['open', '--no-attach']);
  await attach(box, 'app', 100, 30);
  await until('a client', async () => (await clients(box)) === 'app');
  await openIn(box, other, null);
  const text = await said(box);
  assert.match(
    text,
    /^pitwall: this terminal is inside another tmux server \(outer\): detach from it first\ntry: tmux/,
  );
  assert.match(text, /rc 1$/m);
  assert.equal(await clients(box), 'app');
});

test('a server of the same name in another folder is another server', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const away = await sandbox();
  t.after(() => away.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await away.tmux('-f', '/dev/null', 'new-session', '-d', 'sleep', '600');
  const TMUX = await away.tmux('display-message', '-p', '#{socket_path},#{pid},0');
  const ran = await pitwall(box, root, ['open'], { env: { TMUX, TMUX_PANE: '%0' } });
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /inside another tmux server \(s\)/);
});

test('a TMUX left over from a server that is gone is passed over', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await openIn(box, root, join(box.env.TMUX_TMPDIR ?? '', 'gone,4711,0'));
  await until('the terminal is attached', async () => (await clients(box)) === 'app');
  const stale = await box.tmux('display-message', '-p', '#{socket_path},1,0');
  const ran = await pitwall(box, root, ['open'], { env: { TMUX: stale, TMUX_PANE: '%0' } });
  assert.match(ran.stderr, /this is not a terminal: nothing to attach/);
});

test('inside our own session the client is switched', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const other = await box.repository('other');
  await pitwall(box, root, ['open', '--no-attach']);
  const terminal = await attach(box, 'app', 120, 30);
  await until('a client', async () => (await clients(box)) === 'app');
  await terminal.keys(`${process.execPath} ${resolve('bin/pitwall')} open ${other}`, 'Enter');
  await until('the other project', async () => (await clients(box)) === 'other');
});
