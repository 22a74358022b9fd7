import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

const newTask = ['new', '--no-attach', '--agent', 'demo'];

test('yes and no reach the demo agent; a screen that shows anything else is left alone', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  for (const name of ['one', 'two'])
    assert.equal((await pitwall(box, root, [...newTask, '--name', name, 'edit a.md'])).code, 0);
  const tasks = await until('both questions', async () => {
    const { docket, projects } = await listed(box, root);
    return docket.filter((item) => item.kind === 'question').length === 2 ? (projects[0]?.tasks ?? []) : null;
  });
  const pane = tasks.find((task) => task.name === 'two')?.agents[0]?.pane ?? '';
  await box.tmux('send-keys', '-t', pane, '-l', 'half typed');
  const screen = () => box.tmux('capture-pane', '-p', '-t', pane);
  await until('what the person typed', async () => (await screen()).includes('› half typed'));
  const refused = await pitwall(box, root, ['answer', 'two', 'yes', '--json']);
  assert.equal(refused.code, 1);
  const { error } = JSON.parse(refused.stderr);
  assert.equal(error.message, 'pitwall does not know what is on the screen of two/demo');
  assert.equal(error.hint, 'pitwall jump two/demo');
  assert.match(await screen(), /› half typed/, 'nothing was typed');
  await box.tmux('send-keys', '-t', pane, 'C-u', 'C-c');
  await until('what ^C says, and the question again', async () =>
    /press Ctrl-C again .*\n.*May I run/.test(await screen()),
  );
  const answers = await Promise.all(
    [
      ['one', 'yes'],
      ['two', 'no'],
    ].map((words) => pitwall(box, root, ['answer', ...words])),
  );
  for (const ran of answers) assert.equal(ran.code, 0, ran.stderr);
  await until('the denial', async () => (await screen()).includes('skipped: git status'));
  assert.equal((await pitwall(box, root, ['answer', 'two', 'no'])).code, 1, 'it asks nothing more');
});

/** A program that draws claude's dialog, moves its mark with the arrows and says what was taken. */
const standIn = `
import { writeFileSync, appendFileSync } from 'node:fs';
const [out, moves] = process.argv.slice(2);
let options = ['Yes', "Yes, and don't ask again", 'No'];
let at = 0;
const draw = () => process.stdout.write('\\x1b[H\\x1b[J' + [' Bash command', '', '   npm install', '', ' Do you want to proceed?',
  ...options.map((text, i) => (i === at ? ' \\u276f ' : '   ') + (i + 1) + '. ' + text), '', ' Esc to cancel'].join('\\r\\n'));
process.stdin.setRawMode(true);
draw();
process.stdin.on('data', (data) => {
  appendFileSync(out, JSON.stringify(String(data)) + '\\n');
  if (moves === 'stuck') return;
  if (String(data) === '\\x1b[B') { at += 1; draw(); }
  if (String(data) !== '\\r') return;
  process.stdout.write('\\x1b[H\\x1b[Jtook ' + options[at] + '\\r\\n> \\r\\n? for shortcuts');
});
`;

test('a list is answered by moving its mark and Enter, and by nothing when the mark does not move', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const program = join(box.folder, 'stand-in.mjs');
  const config = join(box.env.XDG_CONFIG_HOME ?? '', 'pitwall');
  await mkdir(config, { recursive: true });
  await writeFile(program, standIn);
  const typed = join(box.folder, 'typed');
  const start = async (name: string, moves: string) => {
    const claude = { command: [process.execPath, program, `${typed}-${name}`, moves] };
    await writeFile(join(config, 'config.json'), JSON.stringify({ agents: { claude } }));
    const made = await pitwall(box, root, ['new', '--no-attach', '--agent', 'claude', '--name', name]);
    assert.equal(made.code, 0, made.stderr);
    const pane = await until(
      'its pane',
      async () =>
        (await listed(box, root)).projects[0]?.tasks.find((task) => task.name === name)?.agents[0]?.pane,
    );
    await until('the dialog', async () =>
      (await box.tmux('capture-pane', '-p', '-t', pane)).includes('Esc to cancel'),
    );
    // An agent without reports counts as not known once it has been quiet for a while.
    await until('quiet', async () => {
      const task = (await listed(box, root)).projects[0]?.tasks.find((each) => each.name === name);
      return task?.state === 'unknown';
    });
    return pane;
  };
  const pane = await start('moves', 'moves');
  const said = await pitwall(box, root, ['answer', 'moves/claude', 'only the tests']);
  assert.equal(said.code, 1);
  assert.match(said.stderr, /takes yes or no/);
  const denied = await pitwall(box, root, ['answer', 'moves/claude', 'no', '--json']);
  assert.equal(denied.code, 0, denied.stderr);
  assert.equal(JSON.parse(denied.stdout).question, 'Do you want to proceed?');
  assert.match(await box.tmux('capture-pane', '-p', '-t', pane), /took No/);
  assert.deepEqual(readFileSync(`${typed}-moves`, 'utf8').trim().split('\n'), [
    '"\\u001b[B"',
    '"\\u001b[B"',
    '"\\r"',
  ]);
  await start('stuck', 'stuck');
  const stuck = await pitwall(box, root, ['answer', 'stuck/claude', 'no']);
  assert.equal(stuck.code, 1);
  assert.match(stuck.stderr, /did not reach stuck\/claude/);
  assert.deepEqual(
    readFileSync(`${typed}-stuck`, 'utf8').trim().split('\n'),
    ['"\\u001b[B"'],
    'and no Enter',
  );
});
