import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, newTask, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('a task from prompt to removal: asks, is answered, finishes, takes a second turn', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const made = await pitwall(box, root, [...newTask, 'fix the login in docs/login.md']);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /^fix-login-docs-login\b/);
  await until('the question', async () => (await listed(box, root)).docket[0]?.kind === 'question');
  const asked = (await listed(box, root)).docket[0];
  assert.match(asked?.summary ?? '', /May I run/);
  const held = await pitwall(box, root, ['send', 'fix-login-docs-login', 'and the logout']);
  assert.equal(held.code, 1);
  assert.match(held.stderr, /held .*waits for an answer/);
  const answered = await pitwall(box, root, ['answer', 'fix-login-docs-login', 'yes']);
  assert.equal(answered.code, 0, answered.stderr);
  const task = await until('both turns', async () => {
    const found = (await listed(box, root)).projects[0]?.tasks[0];
    const log = await pitwall(box, root, ['log', 'fix-login-docs-login', '--json']);
    const delivered = log.stdout.split('\n').filter((line) => line.includes('"delivered"')).length;
    return found?.state === 'done' && delivered === 1 ? found : null;
  });
  const file = join(task.worktree, 'docs', 'login.md');
  await until('the second turn’s line', () => readFileSync(file, 'utf8').includes('logout'));
  assert.equal(task.diff?.files, 1);
  const kinds = (await listed(box, root)).docket.map((item) => item.kind);
  assert.deepEqual(kinds, ['review']);
  assert.equal(await box.tmux('show-options', '-sv', '@pitwall_count'), '1');
  assert.equal(await box.tmux('show-options', '-sv', '@pitwall_next'), task.agents[0]?.pane);

  const refused = await pitwall(box, root, ['remove', task.name, '--json']);
  assert.equal(refused.code, 1);
  const error = JSON.parse(refused.stderr).error;
  assert.equal(error.code, 'DirtyWorktree');
  assert.match(error.message, /docs\/login\.md/);
  assert.match(error.hint, /pitwall diff/);
  assert.ok(existsSync(file), 'a refusal removes nothing');

  const removed = await pitwall(box, root, ['remove', '--force', task.name]);
  assert.equal(removed.code, 0, removed.stderr);
  assert.equal(existsSync(task.worktree), false);
  assert.equal(await box.git(root, 'branch', '--list', task.branch), '');
  assert.equal(await box.git(root, 'status', '--porcelain'), '', 'nothing of ours in the repository');
  assert.deepEqual((await listed(box, root)).docket, []);
});

test('what pitwall writes is for the person alone', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, [...newTask, '--name', 'secret', 'x [no-question]']);
  const folder = join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'secret');
  for (const [path, mode] of [
    [folder, 0o700],
    [join(folder, 'task.json'), 0o600],
    [join(folder, 'journal.jsonl'), 0o600],
  ] as const)
    assert.equal(statSync(path).mode & 0o777, mode, path);
});

test('twelve at once: twelve tasks with names, branches and ports of their own', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  const runs = await Promise.all(
    Array.from({ length: 12 }, () =>
      pitwall(box, root, ['new', '--no-attach', '--agent', 'demo', 'same words']),
    ),
  );
  for (const run of runs) assert.equal(run.code, 0, run.stderr);
  const tasks = (await listed(box, root)).projects[0]?.tasks ?? [];
  assert.equal(new Set(tasks.map((task) => task.name)).size, 12);
  assert.equal(new Set(tasks.map((task) => task.branch)).size, 12);
  assert.equal(new Set(tasks.flatMap((task) => task.ports)).size, 24);
  assert.equal(new Set(tasks.map((task) => task.window)).size, 12);
});

test('hostile names and prompts arrive whole and run nothing', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const names = ['a/b.c:d', '#(touch hacked)', '"quoted"', "it's", 'é 修', '-dash', 'x;y', '$HOME', '%1'];
  for (const name of names) {
    const ran = await pitwall(box, root, [...newTask, `--name=${name}`, 'p [no-question]']);
    assert.equal(ran.code, 0, `${name}: ${ran.stderr}`);
  }
  const prompt = `first "line" 'two'\nsecond $HOME \`id\` ; # #(touch hacked)\n\u001b[201~ tail;\n`;
  const ran = await pitwall(box, root, [...newTask, '--name', 'prompt', '-'], { input: prompt });
  assert.equal(ran.code, 0, ran.stderr);
  const shown = JSON.parse((await pitwall(box, root, ['show', 'prompt', '--json'])).stdout);
  assert.equal(shown.prompt, prompt);
  const transcript = join(shown.folder, 'demo', `${shown.task.agents[0].conversationId}.jsonl`);
  await until(
    'the prompt in the agent’s transcript',
    () =>
      (existsSync(transcript) &&
        readFileSync(transcript, 'utf8').includes(JSON.stringify(prompt.trimEnd()).slice(1, -1))) ||
      readFileSync(transcript, 'utf8').includes(JSON.stringify(prompt).slice(1, -1)),
  );
  const { projects } = await listed(box, root);
  assert.deepEqual(
    projects[0]?.tasks.map((task) => task.name).sort(),
    ['1', 'a-b-c-d', 'dash', 'home', 'it-s', 'prompt', 'quoted', 'touch-hacked', 'x-y', 'é-修'].sort(),
  );
  for (const task of projects[0]?.tasks ?? []) assert.equal(existsSync(join(task.worktree, 'hacked')), false);
  assert.equal(existsSync(join(root, 'hacked')), false);
  for (const name of ['feat', 'feat/x'])
    assert.equal((await pitwall(box, root, [...newTask, '--name', name, 'p'])).code, 0);
  const feat = await pitwall(box, root, ['show', 'feat/x', '--json']);
  assert.equal(JSON.parse(feat.stdout).task.name, 'feat-x');
});

test('a prompt of 200 KB reaches the agent', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const prompt = `long [no-question]\n${'0123456789 é修\n'.repeat(12_000)}`;
  assert.ok(Buffer.byteLength(prompt) > 200_000);
  const ran = await pitwall(box, root, [...newTask, '--name', 'long', '-'], { input: prompt });
  assert.equal(ran.code, 0, ran.stderr);
  const task = await until(
    'the long prompt’s turn to end',
    async () => (await listed(box, root)).projects[0]?.tasks.find((each) => each.state === 'done'),
    60_000,
  );
  const folder = join(
    box.env.XDG_STATE_HOME ?? '',
    'pitwall',
    'app',
    'long',
    'demo',
    `${task.agents[0]?.conversationId}.jsonl`,
  );
  assert.ok(readFileSync(folder).length > 200_000);
});

test('prompts reach an agent in the order they were given, each once, whoever delivers them', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  // What delivers when a turn ends is run by the test alone.
  await box.tmux('set-option', '-s', '@pitwall_settle', 'true');
  await pitwall(box, root, [...newTask, '--name', 'one', 'edit docs/a.md [no-question]']);
  const done = () =>
    until('a turn to end', async () => (await listed(box, root)).projects[0]?.tasks[0]?.state === 'done');
  await done();
  const journal = join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'one', 'journal.jsonl');
  const events = () =>
    readFileSync(journal, 'utf8')
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { readonly type: string; readonly prompt?: string; readonly text?: string },
      );
  const prompts = (type: string) => events().flatMap((each) => (each.type === type ? [each.prompt] : []));
  // As one that was given while the agent started, and that nobody has delivered yet.
  const at = new Date().toISOString();
  const older = {
    at,
    type: 'held',
    agent: 'demo',
    prompt: 'older',
    text: 'edit docs/older.md [no-question]',
  };
  appendFileSync(journal, `${JSON.stringify(older)}\n`);
  const words = ['b', 'c', 'd'].map((name) => `edit docs/${name}.md [no-question]`);
  const sent = await Promise.all(words.map((text) => pitwall(box, root, ['send', 'one', text])));
  for (const each of sent) assert.doesNotMatch(each.stderr, /bug|did not reach/);
  assert.equal(prompts('held').length, 4);
  assert.equal(prompts('held')[0], 'older');
  await until('all four', async () => {
    await done();
    await Promise.all([1, 2].map(() => pitwall(box, root, ['settle'])));
    return prompts('delivered').length === 4;
  });
  await done();
  assert.deepEqual(prompts('delivered'), prompts('held'));
  assert.deepEqual(prompts('undelivered'), []);
  const shown = JSON.parse((await pitwall(box, root, ['show', 'one', '--json'])).stdout);
  const transcript = readFileSync(
    join(shown.folder, 'demo', `${shown.task.agents[0].conversationId}.jsonl`),
    'utf8',
  );
  const texts = events().flatMap((each) => (each.type === 'held' ? [each.text ?? ''] : []));
  const places = texts.map((text) => transcript.indexOf(text));
  assert.deepEqual(
    [...places].sort((a, b) => a - b),
    places,
  );
  for (const text of texts) assert.equal(transcript.split(`"${text}"`).length, 2, `${text} once`);
});
