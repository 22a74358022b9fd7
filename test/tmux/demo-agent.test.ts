import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { entries, id, question, stage } from '../helpers/demo-stage.ts';
import { until } from '../helpers/sandbox.ts';

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
