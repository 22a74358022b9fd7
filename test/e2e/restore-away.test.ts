/** Agents whose panes the person moved to windows of their own come back with their task. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

for (const which of ['demo', 'demo-2'])
  test(`a task whose agent ${which} sits in another window comes back whole`, async (t) => {
    const box = await sandbox();
    t.after(() => box.dispose());
    const root = await box.repository();
    const made = ['new', '--no-attach', '--agent', 'demo', '--layout', 'test', '--name', 'one'];
    const { code, stderr } = await pitwall(box, root, [...made, '[no-question] [report-only] look']);
    assert.equal(code, 0, stderr);
    const agents = async () => (await listed(box, root)).projects[0]?.tasks[0]?.agents ?? [];
    await until('both are done', async () => (await agents()).every(({ state }) => state === 'done'));
    const before = (await agents()).map(({ name, conversationId }) => [name, conversationId]);
    assert.equal(before.length, 2);
    const moved = (await agents()).find(({ name }) => name === which)?.pane ?? '';
    await box.tmux('break-pane', '-d', '-s', moved);
    await until(
      'it is recorded',
      async () => (await box.tmux('show-options', '-sqv', '@pitwall_recording')) === '',
    );
    await box.tmux('kill-server');
    const restored = await pitwall(box, root, ['restore']);
    assert.equal(restored.code, 0, restored.stderr);
    for (const name of ['demo', 'demo-2'])
      assert.match(restored.stdout, new RegExp(`one .*\\b${name} resumed`));
    assert.deepEqual(
      (await agents()).map(({ name, conversationId }) => [name, conversationId]),
      before,
    );
    const panes = await box.tmux(
      'list-panes',
      '-a',
      '-F',
      '#{window_name} #{@pitwall_agent} #{@pitwall_role}',
    );
    assert.equal(panes.match(/^one demo(-2)? agent$/gm)?.length, 2, panes);
    assert.match(panes, /^one {2}shell$/m);
  });
