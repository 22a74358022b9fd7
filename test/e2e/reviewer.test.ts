import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/** A repository with settings that are accepted, and a task for each call of `start`. */
async function reviewed(t: TestContext, settings: object, trusted = true) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  mkdirSync(join(root, '.pitwall'));
  writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify(settings));
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'settings');
  const run = (...args: string[]) => pitwall(box, root, args);
  await run('open', '--no-attach');
  if (trusted) assert.equal((await run('trust', '--yes')).code, 0);
  const start = async (name: string, prompt: string, ...more: string[]) => {
    const words = ['new', '--no-attach', '--agent', 'demo', '--name', name, ...more];
    const made = await run(...words, `${prompt} [no-question]`);
    assert.equal(made.code, 0, made.stderr);
    return made;
  };
  const items = async (name: string) => (await listed(box, root)).docket.filter((item) => item.task === name);
  const item = (name: string, kind = 'review') =>
    until(
      `the ${kind} of ${name}`,
      async () => (await items(name)).find((each) => each.kind === kind),
      60_000,
    );
  const folder = (name: string) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', name);
  const events = (name: string, ...types: string[]) =>
    readFileSync(join(folder(name), 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((event) => types.includes(event.type));
  return { box, root, run, start, items, item, folder, events };
}

const panes = async (box: Sandbox, role: string) =>
  (
    await box.tmux(
      'list-panes',
      '-a',
      '-F',
      '#{@pitwall_role} #{@pitwall_task} #{@pitwall_agent} #{pane_dead}',
    )
  )
    .split('\n')
    .filter((line) => line.startsWith(`${role} `));

test('after the checks a reviewer reads in a pane of its own, and its verdict stands on the item', async (t) => {
  const { box, root, run, start, item, items, folder, events } = await reviewed(t, {
    checks: [{ name: 'fine', run: 'true' }],
    reviewer: 'demo',
  });
  await start('good', 'write a line into a.md [sleep 1]', '--accept', 'a.md has a line');
  await until('the reviewer’s pane', async () =>
    (await panes(box, 'agent')).some((line) => line.startsWith('agent good reviewer ')),
  );
  assert.deepEqual(await items('good'), [], 'nothing to look at while it reads');
  const { summary, verdict } = await item('good');
  assert.match(summary, /^reviewer approves; changed a\.md/);
  assert.equal(verdict?.state, 'approve');
  assert.deepEqual(
    events('good', 'check', 'verdict').map(({ type, state }) => `${type} ${state}`),
    ['check running', 'check passed', 'verdict running', 'verdict approve'],
  );
  await until('its pane to go', async () => (await panes(box, 'agent')).length === 1);
  const asked = readFileSync(join(folder('good'), 'prompt-reviewer.txt'), 'utf8');
  assert.match(
    asked,
    /write a line into a\.md[\s\S]*- a\.md has a line[\s\S]*fine: passed[\s\S]*\+- demo agent: write a line/,
  );
  const shown = JSON.parse((await run('show', 'good', '--json')).stdout);
  assert.equal(shown.task.verdict.summary, 'scripted review: nothing is marked TODO or FIXME');
  assert.deepEqual(shown.acceptance, ['a.md has a line']);
  assert.match((await run('show', 'good')).stdout, /^reviewer +demo approves: scripted review/m);
  assert.equal(
    await box.git(root, 'for-each-ref', 'refs/pitwall/reviewer'),
    '',
    'nothing kept that nobody needs',
  );
});
