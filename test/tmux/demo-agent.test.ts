import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { build } from 'rolldown';
import { appendInside } from '../../lib/demo/worktree.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const id = '0b0d1c8e-3f0a-4a3e-9d5f-0123456789ab';
const question = 'May I run: git status --short ? (yes/no)';
const hookSleep = `599.${process.pid}`;
const hook = resolve('test/fixtures/recording-hook');

interface Stage {
  readonly box: Sandbox;
  /** The bundled program. */
  readonly program: string;
  readonly worktree: string;
  readonly taskFolder: string;
  readonly reportPath: string;
  readonly transcript: string;
  /** Starts the agent in a pane of its own and answers the pane's id. */
  start(args: readonly string[], options?: StartOptions): Promise<string>;
  screen(pane: string): Promise<string[]>;
  /** Waits until the pane shows a line that holds the text. */
  shows(pane: string, text: string): Promise<unknown>;
  type(pane: string, text: string): Promise<unknown>;
  /** Pastes as a multiplexer does, brackets and line feeds kept. */
  paste(pane: string, text: string): Promise<unknown>;
  /** `state|message` of each hook call so far. */
  told(): Promise<string[]>;
  /** Waits for the pane's end and answers `status` or `signal`. */
  status(pane: string): Promise<string>;
}

interface StartOptions {
  readonly size?: readonly [columns: number, rows: number];
  readonly env?: Readonly<Record<string, string>>;
}

async function stage(t: TestContext): Promise<Stage> {
  const box = await sandbox();
  t.after(() => box.dispose());
  const program = join(box.folder, 'demo-agent.mjs');
  await build({
    input: 'lib/demo/main.ts',
    platform: 'node',
    output: { file: program, format: 'esm', codeSplitting: false },
  });
  const worktree = await box.repository();
  const taskFolder = join(box.folder, 'task');
  const record = join(box.folder, 'told');
  const reportPath = join(taskFolder, 'report.md');
  await mkdir(taskFolder, { mode: 0o700 });
  await writeFile(record, '');
  const screen = async (pane: string) => (await box.tmux('capture-pane', '-p', '-t', pane)).split('\n');
  return {
    box,
    program,
    worktree,
    taskFolder,
    reportPath,
    transcript: join(taskFolder, 'demo', `${id}.jsonl`),
    screen,
    async start(args, { size = [80, 24], env = {} } = {}) {
      const all = {
        PITWALL_HOOK: hook,
        PITWALL_TASK_DIR: taskFolder,
        PITWALL_REPORT: reportPath,
        PITWALL_DEMO_PACE: '5',
        RECORD: record,
        ...env,
      };
      const flags = Object.entries(all).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const [columns, rows] = size.map(String);
      return box.tmux(
        ...[
          '-f',
          '/dev/null',
          'new-session',
          '-d',
          '-P',
          '-F',
          '#{pane_id}',
          '-x',
          columns ?? '',
          '-y',
          rows ?? '',
        ],
        ...['-c', worktree, ...flags, '--', process.execPath, program, ...args],
        ...[';', 'set-option', '-p', 'remain-on-exit', 'on', ';', 'set-option', 'status', 'off'],
      );
    },
    shows: (pane, text) =>
      until(`the screen shows ${text}`, async () => {
        const lines = await screen(pane);
        if (lines.some((line) => line.includes(text))) return true;
        throw new Error(lines.filter((line) => line !== '').join('\n'));
      }),
    type: (pane, text) =>
      box.tmux('send-keys', '-t', pane, '-l', text, ';', 'send-keys', '-t', pane, 'Enter'),
    async paste(pane, text) {
      const file = join(box.folder, 'paste');
      await writeFile(file, text);
      await box.tmux(
        'load-buffer',
        '-b',
        'p',
        file,
        ';',
        'paste-buffer',
        '-d',
        '-p',
        '-r',
        '-b',
        'p',
        '-t',
        pane,
      );
    },
    async told() {
      const lines = (await readFile(record, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => line.split('|').slice(0, 2).join('|'));
    },
    async status(pane) {
      const format = '#{pane_dead}#{pane_dead_status}#{?pane_dead_signal,signal #{pane_dead_signal},}';
      const ended = await until('the pane ends', async () => {
        // tmux 3.3a may leave a dead child unreaped until another one ends: so let one end.
        const text = await box.tmux(
          'run-shell',
          '-b',
          'true',
          ';',
          'display-message',
          '-p',
          '-t',
          pane,
          format,
        );
        return /^1./.test(text) ? text : null;
      });
      return ended.slice(1);
    },
  };
}

async function entries(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a turn works, asks, edits, reports and is done; feedback makes a second one', async (t) => {
  const s = await stage(t);
  const pane = await s.start(['--conversation', id, '--', 'Extend README.md and src/a.ts']);
  await s.shows(pane, question);
  await until('the hook knows', async () => (await s.told()).length === 2);
  assert.equal((await s.screen(pane))[0], 'demo agent (scripted, no model)');
  assert.deepEqual(await s.told(), ['working|', `waiting|${question}`]);

  await s.type(pane, 'yes');
  await s.shows(pane, 'done:');
  const summary = 'changed README.md and src/a.ts: Extend README.md and src/a.ts';
  assert.deepEqual((await s.told()).slice(2), ['working|', `done|${summary}`]);
  assert.match((await s.screen(pane)).join('\n'), /\$ git status --short\n {2}nothing has changed/);
  assert.equal(
    await readFile(join(s.worktree, 'src/a.ts'), 'utf8'),
    '// demo agent: Extend README.md and src/a.ts\n',
  );
  const report = await readFile(s.reportPath, 'utf8');
  assert.ok(
    report.startsWith(`---\nsummary: ${summary}\nseverity: normal\naction: review the change\n---\n`),
  );
  for (const path of [s.reportPath, s.transcript]) assert.equal((await stat(path)).mode & 0o777, 0o600);

  await s.paste(pane, 'what if "it"\nis empty; $x?');
  await s.shows(pane, '› what if "it"↵is empty; $x?');
  await s.box.tmux('send-keys', '-t', pane, 'Enter');
  await until('a second turn is done', async () => (await s.told()).length === 6);
  assert.deepEqual((await s.told())[4], 'working|');
  assert.match((await s.told())[5] ?? '', /^done\|/);
  const lines = (await readFile(join(s.worktree, 'README.md'), 'utf8')).split('\n');
  assert.equal(lines.at(-2), '- demo agent, turn 2: what if "it"');
  assert.match(await readFile(s.reportPath, 'utf8'), /Turn 2: what if/);
  const turns = (await entries(s.transcript)).filter((entry) => entry.type === 'turn');
  assert.deepEqual(turns.at(-1)?.prompt, 'what if "it"\nis empty; $x?');
  assert.deepEqual(await readdir(s.taskFolder), ['demo', 'report.md']);
  const payload = (await readFile(join(s.box.folder, 'told'), 'utf8')).split('\n')[1] ?? '';
  assert.deepEqual(JSON.parse(payload.split('|').at(-1) ?? ''), { session_id: id, event: 'question' });
});

test('no skips the command, a sentence is taken into account', async (t) => {
  const s = await stage(t);
  const refused = await s.start(['one.md']);
  await s.shows(refused, question);
  await s.type(refused, 'no');
  await s.shows(refused, 'done:');
  assert.ok((await s.screen(refused)).includes('skipped: git status --short'));
  const other = await s.start(['two.md']);
  await s.shows(other, question);
  await s.type(other, 'only the title');
  await s.shows(other, 'done:');
  assert.ok((await s.screen(other)).includes('taking into account: only the title'));
  assert.equal(
    await readFile(join(s.worktree, 'two.md'), 'utf8'),
    '- demo agent: two.md (answer: only the title)\n',
  );
});

test('a conversation is resumed idle after a kill and goes on', async (t) => {
  const s = await stage(t);
  const killed = await s.start(['--conversation', id, '--', 'improve src/b.ts']);
  await s.shows(killed, question);
  const pid = Number(await s.box.tmux('display-message', '-p', '-t', killed, '#{pane_pid}'));
  process.kill(pid, 'SIGKILL');
  await s.status(killed);

  const taken = await s.start(['--conversation', id]);
  assert.equal(await s.status(taken), '1');
  await s.shows(taken, `conversation ${id} is already in use`);

  const pane = await s.start(['--resume', id]);
  await s.shows(pane, 'interrupted in turn 1');
  await s.shows(pane, 'ready: type a prompt, then Enter');
  const before = await s.told();
  await s.type(pane, 'continue');
  await s.shows(pane, 'done: changed src/b.ts: continue');
  assert.equal((await s.told()).length, before.length + 2, 'no question in a second turn');
  assert.match(await readFile(join(s.worktree, 'src/b.ts'), 'utf8'), /turn 2: continue\n$/);

  const again = await s.start(['--resume', id, '--', 'third']);
  await s.shows(again, 'done: changed src/b.ts: third');
});

test('an unknown conversation ends with 1, no terminal with 2, each in one line', async (t) => {
  const s = await stage(t);
  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stderr: string }>((done) => {
      execFile(
        process.execPath,
        [s.program, ...args],
        { env: s.box.env, cwd: s.worktree },
        (error, _out, stderr) => done({ code: error?.code, stderr }),
      );
    });
  assert.deepEqual(await run('--resume', id), {
    code: 1,
    stderr: `demo-agent: there is no conversation ${id}\n`,
  });
  assert.deepEqual(await run('hello'), { code: 2, stderr: 'demo-agent: it needs a terminal to run in\n' });
  assert.equal((await run('--nope')).code, 2);
  const pane = await s.start(['--resume', id]);
  assert.equal(await s.status(pane), '1');
});

test('typing: Ctrl-U clears, Ctrl-C twice ends', async (t) => {
  const s = await stage(t);
  const pane = await s.start([]);
  await s.shows(pane, 'ready: type a prompt, then Enter');
  await s.box.tmux('send-keys', '-t', pane, '-l', 'wrong é修👍');
  await s.shows(pane, '› wrong é修👍');
  await s.box.tmux('send-keys', '-t', pane, 'C-u', 'Enter');
  await until('the line is empty', async () => (await s.screen(pane)).at(-1)?.trim() === '›');
  assert.deepEqual(await s.told(), []);
  await s.box.tmux('send-keys', '-t', pane, 'C-c');
  await s.shows(pane, 'press Ctrl-C again');
  await s.box.tmux('send-keys', '-t', pane, 'C-c');
  assert.equal(await s.status(pane), '0');
});

test('a prompt typed while it works waits for the next turn and answers nothing', async (t) => {
  const s = await stage(t);
  const pane = await s.start(['[sleep 1] first.md']);
  await s.shows(pane, 'working for 1 s');
  await s.type(pane, 'yes, later');
  await s.shows(pane, 'kept for the next turn: yes, later');
  await s.shows(pane, question);
  await s.type(pane, 'no');
  await s.shows(pane, 'done: changed first.md: yes, later');
});

test('hostile prompts are shown clean and kept whole, at 10x2 too', async (t) => {
  const s = await stage(t);
  const prompt = `\u001b[2J\u001b]0;title\u0007 "quotes" $HOME ; \`x\`\n\n${'修 long '.repeat(12_000)}`;
  assert.ok(Buffer.byteLength(prompt) > 100_000);
  const small = await s.start(['--conversation', id], { size: [10, 2] });
  await s.shows(small, 'scripted');
  await s.paste(small, `[no-question] ${prompt}\n${prompt}`);
  await s.box.tmux('send-keys', '-t', small, 'Enter');
  await until('it is done', async () => (await s.told()).length === 2, 30_000);
  const lines = await s.screen(small);
  assert.deepEqual([lines[0], lines[1]?.trim()], ['scripted', '›']);
  const turn = (await entries(s.transcript)).find((entry) => entry.type === 'turn');
  assert.equal(turn?.prompt, `[no-question] ${prompt}\n${prompt}`);
  for (const call of await s.told()) assert.ok(call.length < 400 && !call.includes('\u001b'), call);

  const wide = await s.start(['--', `[no-question] ${prompt.slice(0, 8000)}`], { size: [32, 12] });
  await s.shows(wide, 'done:');
  assert.notEqual(await s.box.tmux('display-message', '-p', '-t', wide, '#{pane_title}'), 'title');
});

test('directives end turns as they say', async (t) => {
  const s = await stage(t);
  const failed = await s.start(['[fail] broken.md']);
  await s.shows(failed, 'failed: failed as the prompt asked: broken.md');
  assert.deepEqual((await s.told()).at(-1), 'failed|failed as the prompt asked: broken.md');
  const gone = await s.start(['[exit 7]']);
  assert.equal(await s.status(gone), '7');
  const report = await s.start(['[no-question] [report-only] [severity high] look at src/a.ts']);
  await s.shows(report, 'done: changed nothing: look at src/a.ts');
  assert.match(await readFile(s.reportPath, 'utf8'), /severity: high\naction: read the report/);
  assert.equal(await s.box.git(s.worktree, 'status', '--short'), '');
  const printing = await s.start(['[no-question] [print] p.md']);
  await s.shows(printing, 'printing line 3');
  await s.box.tmux('send-keys', '-t', printing, 'C-c');
  await s.shows(printing, 'done: changed p.md: p.md');
});

test('a missing, failing or endless hook does not stop a turn', async (t) => {
  const s = await stage(t);
  const missing = await s.start(['[no-question] a.md'], {
    env: { PITWALL_HOOK: join(s.box.folder, 'none') },
  });
  await s.shows(missing, 'the hook could not be started: ENOENT');
  await s.shows(missing, 'done:');
  const without = await s.start(['[no-question] b.md'], { env: { PITWALL_HOOK: '' } });
  await s.shows(without, 'done:');
  const slow = await s.start(['[no-question] c.md'], { env: { HOOK_SLEEP: '600' } });
  await s.shows(slow, 'the hook did not end within 5 s');
});

test('signals end it at once, with the terminal as it was and no child left', async (t) => {
  const s = await stage(t);
  for (const [signal, code] of [
    ['SIGTERM', '143'],
    ['SIGHUP', '129'],
  ] as const) {
    const raw = join(s.box.folder, `raw-${signal}`);
    const pane = await s.start(['a.md'], { env: { HOOK_SLEEP: hookSleep } });
    await s.box.tmux('pipe-pane', '-t', pane, `exec cat >> '${raw}'`);
    await until('the hook runs', async () => (await sleepers(s.box)).length > 0);
    process.kill(Number(await s.box.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')), signal);
    assert.equal(await s.status(pane), code);
    assert.deepEqual(await sleepers(s.box), []);
    const end = await until('the last output', async () => {
      const text = await readFile(raw, 'utf8');
      return text.includes('\u001b[?2004l') ? text : null;
    });
    assert.ok(end.includes('\u001b[?7h') && end.includes('\u001b[?25h'));
  }
});

/** The processes of a hook that takes long: `sleep` with a time that only this run uses. */
async function sleepers(box: Sandbox): Promise<string[]> {
  return new Promise((done, fail) => {
    execFile('ps', ['-A', '-o', 'pid=,args='], { env: box.env }, (error, out) =>
      error
        ? fail(error)
        : done(out.split('\n').filter((line) => line.trimEnd().endsWith(`sleep ${hookSleep}`))),
    );
  });
}

test('nothing is written through links, out of the worktree or into .git', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const outside = join(box.folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'x.md'), 'mine\n');
  await symlink(outside, join(root, 'out'));
  await symlink('.git', join(root, 'hidden'));
  await symlink(join(outside, 'x.md'), join(root, 'file.md'));
  await symlink(join(outside, 'new'), join(root, 'dangling'));
  await writeFile(join(root, 'open.md'), 'no line feed');
  for (const path of ['out/x.md', 'out/deep/y.md', 'hidden/config.md', 'file.md', '../x.md', '.git/x.md'])
    await assert.rejects(appendInside(root, { path, text: 'bad\n' }), { code: 'Protected' }, path);
  await assert.rejects(appendInside(root, { path: 'dangling/x.md', text: 'bad\n' }));
  await assert.rejects(appendInside(root, { path: 'README.md/x.md', text: 'bad\n' }));
  assert.equal(await readFile(join(outside, 'x.md'), 'utf8'), 'mine\n');
  assert.deepEqual(await readdir(outside), ['x.md']);
  assert.equal(await appendInside(root, { path: 'open.md', text: 'more\n' }), 'changed');
  assert.equal(await readFile(join(root, 'open.md'), 'utf8'), 'no line feed\nmore\n');
});

test('two writers of one file lose nothing', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const script = join(box.folder, 'append.mjs');
  await build({
    input: 'lib/demo/worktree.ts',
    platform: 'node',
    output: { file: script, format: 'esm', codeSplitting: false },
  });
  const code = `import { appendInside } from ${JSON.stringify(script)};
    for (let n = 0; n < 100; n += 1) await appendInside(process.argv[1], { path: 'a/b.md', text: process.argv[2] + n + '\\n' });`;
  const ended = (child: ChildProcess) => new Promise((done) => child.on('exit', done));
  const writers = ['x', 'y'].map((name) =>
    ended(
      spawn(process.execPath, ['--input-type=module', '-e', code, root, name], {
        env: box.env,
        stdio: 'inherit',
      }),
    ),
  );
  assert.deepEqual(await Promise.all(writers), [0, 0]);
  const lines = (await readFile(join(root, 'a/b.md'), 'utf8')).split('\n').filter((line) => line !== '');
  assert.equal(new Set(lines).size, 200);
});
