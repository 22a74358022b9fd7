import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTmux } from '../../lib/adapters/tmux.ts';
import { chooseKeys, keyBindings, keyTable, prefixBinding, takenKey } from '../../lib/core/tmux/keys.ts';
import { escapeFormat } from '../../lib/core/tmux/tmux-text.ts';
import { attach } from '../helpers/client.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const commands = { sidebar: 'true', popup: 'true', new: 'true', review: 'true', keys: 'true' };
const bindings = [...keyBindings({ keys: chooseKeys({}).keys, bound: [], commands }), prefixBinding('g')];

/** Two sessions of two windows with two panes each: %0 to %7; the keys are bound. */
async function desk(box: Sandbox, configuration = ''): Promise<void> {
  const name = escapeFormat(`#(touch ${box.folder}/bad)`);
  const file = join(box.folder, 'tmux.conf');
  await writeFile(file, configuration);
  const pane = ['--', 'sleep', '600'];
  await box.tmux(
    '-f',
    file,
    'new-session',
    '-d',
    '-s',
    'one',
    '-n',
    name,
    ...pane,
    ';',
    'split-window',
    '-d',
    ...pane,
  );
  await box.tmux('new-window', '-d', '-n', name, ...pane, ';', 'split-window', '-d', '-t', '%2', ...pane);
  await box.tmux('new-session', '-d', '-s', name, ...pane, ';', 'split-window', '-d', ...pane);
  await box.tmux('new-window', '-d', '-t', '$1', ...pane, ';', 'split-window', '-d', '-t', '%6', ...pane);
  await createTmux({ socket: box.socket, env: box.env, stableDir: '/' }).run(bindings);
}

async function docket(box: Sandbox, ...panes: string[]): Promise<void> {
  await box.tmux('set-option', '-s', '@pitwall_docket', panes.map((pane) => `${pane} `).join(''));
}

test('next, previous and numbers follow the docket over windows and sessions, back returns', async () => {
  for (const configuration of [
    '',
    'set -g base-index 1\nset -g pane-base-index 1\nset -g renumber-windows on\nset -g mode-keys vi\n',
  ]) {
    await using box = await sandbox();
    await desk(box, configuration);
    const client = await attach(box, 'one');
    const press = async (key: string, wanted: string) => {
      await client.keys('C-b', 'g', key);
      await until(
        `${key} goes to ${wanted}, not ${await client.pane()}`,
        async () => (await client.pane()) === wanted,
        3000,
      );
    };
    await docket(box, '%5', '%1', '%6');
    await press('n', '%5');
    await press('n', '%1');
    await press('n', '%6');
    await press('n', '%5');
    await press('p', '%6');
    await press('p', '%1');
    await press('b', '%6');
    await press('b', '%1');
    await press('3', '%6');
    await press('1', '%5');
    await box.tmux('select-window', '-t', '%7', ';', 'select-pane', '-t', '%7');
    await press('p', '%5');
    await box.tmux('select-pane', '-t', '%4');
    await press('n', '%5');
    await client.keys('C-b', 'g', '4');
    await until('it says that there is no fourth', async () => (await client.screen()).includes('no item 4'));
    assert.equal(await client.pane(), '%5');
    await docket(box);
    await client.keys('C-b', 'g', 'n');
    await until('it says that nothing waits', async () => (await client.screen()).includes('nothing waits'));
    await assert.rejects(access(join(box.folder, 'bad')));
  }
});

test('an id is not taken for the beginning of another', async () => {
  await using box = await sandbox();
  await desk(box);
  for (let pane = 8; pane <= 16; pane += 1)
    await box.tmux('new-window', '-d', '-t', 'one', '--', 'sleep', '600');
  const client = await attach(box, 'one');
  await box.tmux('select-window', '-t', '%1', ';', 'select-pane', '-t', '%1');
  await docket(box, '%15', '%1', '%16');
  await client.keys('C-b', 'g', 'n');
  await until('next of %1', async () => (await client.pane()) === '%16', 3000);
  await box.tmux('select-window', '-t', '%1');
  await client.keys('C-b', 'g', 'p');
  await until('previous of %1', async () => (await client.pane()) === '%15', 3000);
});

test('the client that pressed moves, the other one stays', async () => {
  await using box = await sandbox();
  await desk(box);
  const first = await attach(box, 'one');
  const second = await attach(box, '$1');
  await docket(box, '%2', '%7');
  await first.keys('C-b', 'g', 'n');
  await until('the first went', async () => (await first.pane()) === '%2');
  assert.equal(await second.pane(), '%4');
  await second.keys('C-b', 'g', '2');
  await until('the second went', async () => (await second.pane()) === '%7');
  assert.equal(await first.pane(), '%2');
});

test('a pane that is gone is told and leaves the docket', async () => {
  await using box = await sandbox();
  await desk(box);
  const client = await attach(box, 'one');
  await docket(box, '%5', '%6');
  await box.tmux('kill-pane', '-t', '%5');
  await client.keys('C-b', 'g', 'n');
  await until('it is told', async () => (await client.screen()).includes('that pane is gone'));
  assert.equal(await box.tmux('display-message', '-p', '#{@pitwall_docket}|#{@pitwall_next}'), '%6 |%6');
  assert.equal(await client.pane(), '%0');
  await client.keys('C-b', 'g', 'n');
  await until('the next press goes on', async () => (await client.pane()) === '%6');
});

test('from the sidebar one comes back to the pane worked in, not to the sidebar', async () => {
  await using box = await sandbox();
  await desk(box);
  const client = await attach(box, 'one');
  await box.tmux('set-option', '-p', '-t', '%1', '@pitwall_role', 'sidebar', ';', 'select-pane', '-t', '%1');
  await docket(box, '%6');
  await client.keys('C-b', 'g', 'n');
  await until('it went', async () => (await client.pane()) === '%6');
  await client.keys('C-b', 'g', 'b');
  await until('it came back', async () => (await client.pane()) === '%0');
});

test('a jump starts no process: none is forked by the server, and no binding could', async () => {
  await using box = await sandbox();
  await desk(box);
  const jumps = keyTable.filter(
    (row) => row.scope === 'tmux' && ['next', 'previous', 'back', 'item'].includes(row.id),
  );
  const bound = (await box.tmux('list-keys', '-T', 'pitwall')).split('\n');
  for (const { key } of jumps.flatMap((row) =>
    row.key === '1-9' ? [...'123456789'].map((k) => ({ key: k })) : [row],
  )) {
    const line = bound.find((each) => each.split(/\s+/)[3] === key);
    assert.ok(line, key);
    assert.doesNotMatch(
      line.replaceAll('run-shell -C', '').replaceAll('if-shell -F', ''),
      /run-shell|if-shell|#\(|popup|new-window|split-window|respawn|pipe-pane/,
    );
  }
});

test("the person's own keys stay as they are", async () => {
  await using box = await sandbox();
  await box.tmux(
    'new-session',
    '-d',
    ';',
    'bind-key',
    'G',
    'display-message',
    'mine',
    ';',
    'bind-key',
    '-n',
    'M-n',
    'next-window',
  );
  const before = (await box.tmux('list-keys')).split('\n');
  await createTmux({ socket: box.socket, env: box.env, stableDir: '/' }).run(bindings);
  const after = (await box.tmux('list-keys')).split('\n');
  const own = after.filter((line) => !/-T pitwall/.test(line));
  assert.deepEqual(
    own.map((line) => line.replace(/\s+/g, ' ')),
    before.map((line) => line.replace(/\s+/g, ' ')),
  );
  assert.equal(takenKey(after, 'g'), null);
  assert.equal(takenKey(after, 'G'), 'display-message mine');
  assert.equal(takenKey(after, 'c'), 'new-window');
  assert.equal(takenKey(after, '"'), 'split-window');
});
