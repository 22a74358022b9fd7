import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

const newTask = ['new', '--no-attach', '--agent', 'demo'];

const variables = (env: Readonly<Record<string, string>>) =>
  Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

/** Two tasks that ask, a terminal on one of them, and the focus in the sidebar. */
async function desk(t: TestContext, editor: string) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const program = join(box.folder, 'editor');
  await writeFile(program, `#!/bin/sh\n${editor}\n`);
  await chmod(program, 0o755);
  const env = { EDITOR: program };
  assert.equal((await pitwall(box, root, ['open', '--no-attach'], { env })).code, 0);
  for (const name of ['one', 'two'])
    assert.equal(
      (await pitwall(box, root, [...newTask, '--name', name, `edit ${name}.md`], { env })).code,
      0,
    );
  await until('both questions', async () => (await listed(box, root)).docket.length === 2);
  await box.tmux('set-environment', '-g', 'EDITOR', program);
  await pitwall(box, root, ['sidebar'], { env });
  if (!(await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role}')).includes('sidebar'))
    await pitwall(box, root, ['sidebar'], { env });
  const terminal = await attach(box, 'app', 140, 40);
  const sidebar = await until(
    'the sidebar',
    async () =>
      (await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{pane_id} #{window_active}'))
        .split('\n')
        .find((line) => /^sidebar .* 1$/.test(line))
        ?.split(' ')[1],
  );
  await box.tmux('select-pane', '-t', sidebar);
  const shows = (text: string) => until(text, async () => (await terminal.screen()).includes(text));
  const hides = (text: string) => until(`no ${text}`, async () => !(await terminal.screen()).includes(text));
  await shows('2 waiting');
  const screenOf = async (name: string) => {
    const pane = (await listed(box, root)).projects[0]?.tasks.find((task) => task.name === name)?.agents[0]
      ?.pane;
    return box.tmux('capture-pane', '-p', '-S', '-200', '-t', pane ?? '');
  };
  return { box, root, terminal, sidebar, shows, hides, screenOf };
}

test('a allows, d denies, space sends a prompt', async (t) => {
  const { terminal, shows, screenOf } = await desk(t, 'exit 1');
  await shows('a allow  d deny');
  await terminal.keys('a');
  await until('what it ran', async () => (await screenOf('one')).includes('$ git status'));
  await shows('? two');
  await until('two alone asks', async () => / 1 \? two/.test(await terminal.screen()));
  await terminal.keys('g', 'd');
  await until('the denial', async () => (await screenOf('two')).includes('skipped: git status'));
  await until('both reviews', async () => / 1 ◆ one[\s\S]* 2 ◆ two/.test(await terminal.screen()));
  await terminal.keys('g', 'Space');
  await shows('to one/demo');
  await terminal.type('and the tests');
  await shows('> and the tests');
  await terminal.keys('Escape');
  await shows('? help');
  await terminal.keys('Space');
  await shows('> and the tests');
  await terminal.keys('Enter');
  await until('the second turn', async () => (await screenOf('one')).includes('› and the tests'));
});

test('p shows the screen in a popup that types nothing into it', async (t) => {
  const { terminal, shows, hides, screenOf } = await desk(t, 'exit 1');
  await terminal.keys('p');
  await shows('one/demo  live, read-only: Esc closes');
  await shows('demo agent (scripted, no model)');
  const before = await screenOf('one');
  await terminal.type('yes');
  await terminal.keys('Enter');
  await terminal.keys('q');
  await hides('read-only');
  assert.equal(await screenOf('one'), before);
});

test('in the popup the same keys give its own terminal away and take it back', async (t) => {
  const { box, root, screenOf } = await desk(t, 'printf "from the editor\\n" > "$1"');
  const launcher = new URL('../../bin/pitwall', import.meta.url).pathname;
  const argv = [process.execPath, launcher, '--socket', box.socket, 'popup'];
  const pane = await box.tmux(
    'new-window',
    '-d',
    '-P',
    '-F',
    '#{pane_id}',
    '-c',
    root,
    ...variables(box.env),
    '--',
    ...argv,
  );
  const screen = () => box.tmux('capture-pane', '-p', '-t', pane);
  const shows = (text: string) => until(text, async () => (await screen()).includes(text));
  await shows('2 waiting');
  await box.tmux('send-keys', '-t', pane, 'p');
  await shows('one/demo  live, read-only');
  await box.tmux('send-keys', '-t', pane, 'Escape');
  await shows('2 waiting');
  await box.tmux('send-keys', '-t', pane, 'd');
  await until('the denial', async () => (await screenOf('one')).includes('skipped: git status'));
  await shows('1 ? two');
  await box.tmux('send-keys', '-t', pane, 'j', 'e');
  await shows('> from the editor');
  await box.tmux('send-keys', '-t', pane, 'Enter');
  await until('the second turn', async () => (await screenOf('one')).includes('› from the editor'));
  await box.tmux('send-keys', '-t', pane, 'q');
  await until(
    'its end',
    async () => !(await box.tmux('list-panes', '-a', '-F', '#{pane_id}')).split('\n').includes(pane),
  );
});

test('e writes a prompt in the editor; it waits in the footer to be sent', async (t) => {
  const { terminal, shows, screenOf } = await desk(t, 'printf "first\\nsecond\\n" > "$1"');
  await terminal.keys('a');
  await until('the review', async () => / ◆ one/.test(await terminal.screen()));
  await until('its row', async () => / 2 ◆ one/.test(await terminal.screen()));
  await terminal.keys('j', 'e');
  await shows('> first↵second');
  await terminal.keys('Enter');
  await until('the second turn', async () => (await screenOf('one')).includes('› first'));
});

test('what cannot be answered is said in one line', async (t) => {
  const { box, root, terminal, shows } = await desk(t, 'exit 1');
  const pane = (await listed(box, root)).docket[0]?.pane ?? '';
  await box.tmux('send-keys', '-t', pane, '-l', 'half typed');
  await terminal.keys('a');
  await shows('! pitwall does not know');
  await terminal.keys('j');
  await shows('! pitwall does not know');
  await terminal.keys('Escape');
  await until('it is gone', async () => !(await terminal.screen()).includes('does not know'));
});
