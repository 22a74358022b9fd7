/** tmux's own way from a program that dies to the docket: `pane-died`, the hook, the options, the sidebar. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const made = ['new', '--no-attach', '--agent', 'demo', '--name'];

/** Kills an agent's program; no command of ours runs. tmux may only notice when another child of its ends. */
async function kill(box: Sandbox, pane: string): Promise<void> {
  process.kill(Number(await box.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')), 'SIGKILL');
  await until('tmux noticed', async () => {
    await box.tmux('run-shell', '-b', 'true');
    return (await box.tmux('display-message', '-p', '-t', pane, '#{pane_dead_signal}')) === '9';
  });
}

test('an agent killed from outside is a failure, first on the docket, with no command run', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...made, 'asks', 'edit docs/a.md']);
  await pitwall(box, root, [...made, 'done', 'edit docs/b.md [no-question]']);
  const docket = await until('both wait', async () => {
    const found = (await listed(box, root)).docket;
    return found.length === 2 && found[1]?.kind === 'review' ? found : null;
  });
  const [asks = '', done = ''] = docket.map((item) => item.pane ?? '');
  const terminal = await attach(box, 'app', 100, 30);
  await until('the sidebar', async () => /^ 1 \? asks/m.test(await terminal.screen()));
  const option = (name: string) => box.tmux('show-options', '-sv', `@pitwall_${name}`);
  const state = (pane: string) => box.tmux('show-options', '-pv', '-t', pane, '@pitwall_state');

  await kill(box, asks);
  await until('its state', async () => (await state(asks)) === 'failed');
  await until('the sidebar shows it', async () => {
    const lines = (await terminal.screen()).split('\n');
    const at = lines.findIndex((line) => line.startsWith(' 1 ! asks'));
    return at > 0 && /^ {3}ended by signal 9 /.test(lines[at + 1] ?? '');
  });
  assert.equal(await option('docket'), `${asks} ${done} `);
  assert.equal(await option('next'), asks);

  await kill(box, done);
  await until('a turn that was over stays over', async () => (await state(done)) === 'exited');
  await until('the sidebar again', async () => /^ · done/m.test(await terminal.screen()));
  assert.equal(await option('count'), '2');
  assert.deepEqual(
    (await listed(box, root)).docket.map((item) => [item.task, item.kind, item.summary.slice(0, 17)]),
    [
      ['asks', 'failure', 'ended by signal 9'],
      ['done', 'review', 'changed docs/b.md'],
    ],
  );
});
