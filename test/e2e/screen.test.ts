import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const fixture = new URL('../fixtures/sidebar-demo.ts', import.meta.url).pathname;
const root = new URL('../..', import.meta.url).pathname;

interface Shown {
  readonly box: Sandbox;
  /** The pane's visible lines, blanks at their ends cut off. */
  lines(): Promise<readonly string[]>;
  /** Types bytes as a terminal would send them. */
  type(text: string): Promise<void>;
  keys(...names: readonly string[]): Promise<void>;
  /** What the loop was asked to do. */
  said(): readonly string[];
  pid(): number;
}

/** The demo sidebar in a pane of its own server; a shell waits under it, so that what it leaves behind can be seen. */
async function show(
  t: TestContext,
  desk: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Shown> {
  const box = await sandbox();
  t.after(() => box.dispose());
  await writeFile(join(box.folder, 'journal'), '');
  const pairs = Object.entries({ LANG: 'C.UTF-8', ...environment }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const program = `trap '' HUP; echo before; cd '${root}'; env ${environment.TERM ? `TERM=${environment.TERM}` : ''} '${process.execPath}' --import tsx '${fixture}' '${box.folder}' ${desk}; echo $? > '${box.folder}/status'; echo after; exec cat`;
  await box.tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '32',
    '-y',
    '30',
    ...pairs,
    '--',
    'sh',
    '-c',
    program,
  );
  const lines = async () => (await box.tmux('capture-pane', '-p')).split('\n').map((line) => line.trimEnd());
  const said = () => {
    try {
      return readFileSync(join(box.folder, 'said'), 'utf8').trimEnd().split('\n');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  };
  const pid = () => Number(readFileSync(join(box.folder, 'pid'), 'utf8'));
  await until('the first frame', async () => (await lines()).some((line) => / (tasks|all clear)/.test(line)));
  return {
    box,
    lines,
    type: async (text) => void (await box.tmux('send-keys', '-l', '--', text)),
    keys: async (...names) => void (await box.tmux('send-keys', '--', ...names)),
    said,
    pid,
  };
}

const modes = '#{alternate_on} #{cursor_flag} #{mouse_any_flag}';

test('it draws; keys, mouse and the private sequence arrive', async (t) => {
  const { box, lines, keys, type, said } = await show(t, 'busy');
  const first = await lines();
  assert.equal(first[0], ' app                   4 waiting');
  assert.equal(first[2], ' 1 ? fix-login                2m');
  assert.equal(await box.tmux('display-message', '-p', modes), '1 0 1');
  await keys('j', 'Enter', 'n');
  await until('Enter and n', () => said().join() === 'jump %1,new');
  await type('\x1b[<0;5;5M\x1b[<0;5;5m');
  await until('the click', () => said().length === 3);
  await keys('?');
  await until('the help', async () => (await lines()).some((line) => line.includes('leave help')));
  await keys('Escape');
  await until('the list again', async () => (await lines())[2] === first[2]);
  assert.match(first.find((line) => line.includes('parser')) ?? '', /^▎/);
  await type('\x1b[77;9~\x1b[77;3~');
  await until('the mark moved', async () =>
    (await lines()).filter((line) => line.startsWith('▎')).every((line) => !line.includes('parser')),
  );
  assert.ok((await lines()).some((line) => line.startsWith('▎! retry-queue')));
  await type('/sé修');
  await until('what was typed', async () => (await lines()).at(-1)?.startsWith(' /sé修'));
});

test('wide characters leave no stale cells', async (t) => {
  const { lines, keys, type } = await show(t, 'wide');
  const first = await lines();
  assert.ok(first.some((line) => line.includes('修复登录')));
  await type('/cafe');
  await until('the filter', async () => (await lines()).at(-1)?.includes('/cafe'));
  assert.ok(!(await lines()).some((line) => line.includes('修')));
  await keys('Escape');
  await until('no filter', async () => (await lines()).at(-1)?.includes('help'));
  await keys('g');
  await until('all of it again', async () => (await lines()).join('\n') === first.join('\n'));
  await keys('?');
  await until('the help', async () => (await lines()).some((line) => line.includes('leave help')));
  assert.ok(!(await lines()).some((line) => /[修👩🚀]/u.test(line)));
});

test('one changed row costs few bytes, an equal frame none', async (t) => {
  const { box, lines } = await show(t, 'many');
  const bytes = join(box.folder, 'bytes');
  await box.tmux('pipe-pane', '-o', `exec cat >> '${bytes}'`);
  await writeFile(bytes, '');
  await appendFile(join(box.folder, 'journal'), 'task-3 waiting\n');
  await until('the row', async () => (await lines()).some((line) => line.startsWith(' ? task-3')));
  const changed = await until('its bytes', () => statSync(bytes).size);
  assert.ok(changed <= 400, `${changed} bytes`);
  await appendFile(join(box.folder, 'journal'), 'task-4 failed\n');
  await until('another row', async () => (await lines()).some((line) => line.startsWith(' ! task-4')));
  await until('its bytes', () => statSync(bytes).size > changed);
  assert.ok(statSync(bytes).size <= 2 * changed + 60, `${statSync(bytes).size} bytes`);
});

test('an error is one line, and the loop goes on', async (t) => {
  const { box, lines, keys, said } = await show(t, 'busy');
  await appendFile(join(box.folder, 'journal'), 'crash now\n');
  await until('the error', async () => (await lines()).includes(' ! the journal cannot be read'));
  await keys('n');
  await until('a key', () => said().includes('new'));
  await writeFile(join(box.folder, 'journal'), '');
  await until('the error gone', async () => !(await lines()).includes(' ! the journal cannot be read'));
});

test('leaving by a key gives the terminal back', async (t) => {
  const { box, lines, keys, said } = await show(t, 'busy', { POPUP: '1' });
  await keys('q');
  await until('the shell under it', async () => (await lines()).includes('after'));
  assert.deepEqual((await lines()).filter(Boolean), ['before', 'after']);
  assert.equal(await box.tmux('display-message', '-p', modes), '0 1 0');
  assert.deepEqual(said(), ['ended']);
});

test('leaving by SIGHUP gives the terminal back', async (t) => {
  const { box, lines, said, pid } = await show(t, 'busy');
  process.kill(pid(), 'SIGHUP');
  await until('the shell under it', async () => (await lines()).includes('after'));
  assert.equal(await box.tmux('display-message', '-p', modes), '0 1 0');
  assert.deepEqual(said(), ['ended']);
});

test('when its terminal is gone the process ends', async (t) => {
  const { box, said, pid } = await show(t, 'busy');
  const its = pid();
  await box.tmux('kill-pane');
  await until('the end', () => said().includes('ended'));
  const status = await until('its exit status', () =>
    readFileSync(join(box.folder, 'status'), 'utf8').trim(),
  );
  assert.equal(status, '0');
  assert.throws(() => process.kill(its, 0), { code: 'ESRCH' });
});

test('a new size is drawn whole', async (t) => {
  const { box, lines } = await show(t, 'busy');
  await box.tmux('resize-window', '-x', '60', '-y', '20');
  await until(
    '60 columns',
    async () => (await lines())[0] === ' app                                               4 waiting',
  );
  await box.tmux('resize-window', '-x', '1', '-y', '1');
  await box.tmux('resize-window', '-x', '28', '-y', '12');
  await until('28 columns', async () => (await lines())[0] === ' app               4 waiting');
});

for (const TERM of ['screen', 'xterm', 'dumb'])
  test(`TERM=${TERM} looks the same`, async (t) => {
    const { lines } = await show(t, 'busy', { TERM });
    assert.equal((await lines())[6], ' 3 ◆ add-search/gemini       31m');
  });

test('without a UTF-8 locale only ASCII is drawn', async (t) => {
  const { lines } = await show(t, 'wide', { LANG: 'C', LC_ALL: 'C' });
  assert.match((await lines()).join('\n'), /^[\x20-\x7e\n]*$/);
  assert.match((await lines()).join('\n'), /^\|\? \?+~\?+ +claude/m);
});
