import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { entries, id, question, stage } from '../helpers/demo-stage.ts';
import { type Sandbox, until } from '../helpers/sandbox.ts';

const hookSleep = `599.${process.pid}`;

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
