/** Other hosts' items in the sidebar: where they stand, what their keys do, and who is asked when. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../lib/app/context.ts';
import { hostWatch } from '../../lib/app/hosts/host-watch.ts';
import type { FarAnswer } from '../../lib/core/hosts/far-merge.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import { newSidebar, type SidebarModel } from '../../lib/ui/sidebar-model.ts';
import { update } from '../../lib/ui/sidebar-update.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { ago, demoKeys, desk, item, now, task } from '../fixtures/desks.ts';

const items = [
  item('far-away', { host: 'box', project: 'web', agent: 'codex', since: ago(3), pane: null }),
  item('a-task-with-a-long-name', { host: 'attic', since: ago(9), pane: null }),
];

function shown(columns: number, rows: number): SidebarModel {
  const fresh = newSidebar({ kind: 'sidebar', columns, rows, ascii: false, now, keys: demoKeys });
  const snapshot = desk([task('far-away', { state: 'waiting' })], [item('far-away')]);
  const { model } = update(fresh, { kind: 'snapshot', snapshot, now });
  return update(model, { kind: 'away', items, silent: ['shed did not answer within 5 s'], now }).model;
}

const drawn = (model: SidebarModel) =>
  viewSidebar(model).lines.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

test('they come after this machine’s, without a number, and a silent host is a line', () => {
  assert.deepEqual(drawn(shown(32, 16)).slice(0, 10), [
    ' app                   3 waiting',
    '────────────────────────────────',
    ' 1 ? far-away                 2m',
    '   something',
    '   ? box:web:far-away         3m',
    '   something',
    '   ? attic:a-task-w…ong-name  9m',
    '   something',
    '   ~ shed did not answer within…',
    '─ 1 task ───────────────────────',
  ]);
  assert.equal(drawn(shown(40, 20)).length, 20);
  assert.deepEqual(drawn(shown(1, 4)), ['?', '?', '?', '']);
});

test('Enter goes there; what is done to agents is not done to a namesake here', () => {
  let model = shown(32, 20);
  const press = (name: string) => {
    const next = update(model, { kind: 'key', name, text: name.length === 1 ? name : null });
    model = next.model;
    return next.commands;
  };
  press('j');
  for (const key of ['a', 'd', 'v', 'p', 'e']) assert.deepEqual(press(key), [], key);
  assert.match(model.notice ?? '', /far-away is on box: Enter goes there/);
  const away = { do: 'away', host: 'box', project: 'web', task: 'far-away/codex', leave: false };
  assert.deepEqual(press('enter'), [away]);
  assert.deepEqual(press('2'), []);
  assert.match(model.notice ?? '', /nothing has number 2/);
  assert.deepEqual(press('h'), [{ do: 'hosts' }]);
});

test('each host answers on its own; one that owes an answer, or that nobody sees, is not asked again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  let window = '@1';
  const asked: string[] = [];
  const far = `pitwall-far-side here\n${JSON.stringify({ version: 1, projects: [], docket: [] })}`;
  const values: { hosts: Record<string, object> } = {
    hosts: { box: { destination: 'box' }, slow: { destination: 'slow' } },
  };
  const context = {
    preferences: parsePreferences(values).preferences,
    deps: {
      preferences: { path: 'config.json', read: async () => ({ values, problem: null }) },
      tmux: { run: async () => ['@1', '1 @1', `0 ${window}`] },
      remote: {
        run: (destination: string) => {
          asked.push(destination);
          const ran = { exit: 0, stdout: far, stderr: '', cut: 'no' };
          return destination === 'slow' ? new Promise(() => undefined) : Promise.resolve(ran);
        },
      },
    },
  } as unknown as Context;
  const told: (readonly FarAnswer[] | null)[] = [];
  const hostsTold = () => told.at(-1)?.map(({ host }) => host) ?? null;
  const stop = hostWatch(context, '%1')((answers) => told.push(answers));
  await settle();
  assert.deepEqual(asked, ['box', 'slow']);
  assert.equal(told.length, 1);
  assert.deepEqual(hostsTold(), ['box']);
  t.mock.timers.tick(15_000);
  await settle();
  assert.deepEqual(asked, ['box', 'slow', 'box']);
  window = '@2';
  t.mock.timers.tick(15_000);
  await settle();
  assert.equal(asked.length, 3, 'not while another window is shown');
  window = '@1';
  values.hosts = { far: { destination: 'far' } };
  t.mock.timers.tick(15_000);
  await settle();
  assert.equal(asked.at(-1), 'far', 'one that was added while it runs');
  assert.deepEqual(hostsTold(), ['far'], 'and no more one that was removed');
  values.hosts = {};
  t.mock.timers.tick(15_000);
  await settle();
  assert.equal(hostsTold(), null, 'there are none');
  values.hosts = { box: { destination: 'box' } };
  stop();
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(asked.length, 4, 'not after its end');
});
