import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { deliver } from '../../lib/app/agents/send.ts';
import type { Context } from '../../lib/app/context.ts';
import { presets } from '../../lib/core/agents/presets.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import type { Deps, PaneFact, ServerView } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { folderOf } from '../helpers/workers.ts';

const pane: PaneFact = {
  session: '$0',
  sessionName: 'app',
  sessionProject: 'app',
  window: '@1',
  windowIndex: 1,
  windowActive: true,
  windowWidth: 120,
  windowHeight: 40,
  pane: '%1',
  paneActive: true,
  pid: process.pid,
  dead: false,
  deadStatus: null,
  deadSignal: null,
  command: 'node',
  width: 120,
  height: 40,
  inMode: false,
  project: 'app',
  task: 'one',
  agent: 'demo',
  role: 'agent',
  state: null,
  idle: null,
  making: false,
  pending: false,
  kind: null,
  title: '',
};
const view: ServerView = {
  running: true,
  version: '3.3a',
  pid: '1',
  started: 1,
  panes: [pane],
  clients: [],
  sessions: [],
  options: {},
};

/** A task whose agent takes up what is pasted as `take` says; the state folder is real. */
async function desk(t: TestContext, take: (text: string) => 'done' | 'working' | 'nothing') {
  const files = createFiles({ stateDir: join(folderOf(t), 'state') });
  await files.saveProject(projectRecord());
  await files.createTask(taskRecord('one'));
  const said = (state: 'done' | 'working') =>
    files.append('app', 'one', {
      type: 'hook',
      agent: 'demo',
      state,
      message: null,
      event: null,
      payload: null,
      payloadFile: null,
    });
  await files.append('app', 'one', { type: 'ready' });
  await files.append('app', 'one', { type: 'launched', agent: 'demo', prompt: 'argument', resumed: false });
  await said('done');
  const pasted: string[] = [];
  let skew = 0;
  const deps: Partial<Deps> = {
    files,
    clock: {
      now: () => Date.now() + skew,
      sleep: async (ms) => {
        skew += ms;
      },
    },
    tmux: {
      view: async () => view,
      key: async () => true,
      paste: async (_: string, text: string) => {
        pasted.push(text);
        const taken = take(text);
        if (taken !== 'nothing') await said('working');
        if (taken === 'done') await said('done');
        return true;
      },
    } as Partial<Deps['tmux']> as Deps['tmux'],
    git: { fingerprint: async () => 'x' } as Partial<Deps['git']> as Deps['git'],
  };
  const { preferences } = parsePreferences({});
  const context: Context = { deps: deps as Deps, preferences, presets: presets({}), problems: [] };
  const hold = (prompt: string, agent = 'demo') =>
    files.append('app', 'one', { type: 'held', agent, prompt, text: `text ${prompt}` });
  const settled = async () =>
    ((await files.load()).projects[0]?.tasks[0]?.events ?? []).flatMap((event) =>
      event.type === 'delivered' || event.type === 'undelivered' ? [`${event.type} ${event.prompt}`] : [],
    );
  return { context, hold, pasted, settled, send: (prompt: string) => deliver(context, 'app', 'one', prompt) };
}

test('what was held before goes first, each once', async (t) => {
  const { hold, pasted, settled, send } = await desk(t, () => 'done');
  for (const prompt of ['a', 'b', 'c']) await hold(prompt);
  assert.equal(await send('b'), null);
  assert.deepEqual(await Promise.all([send('b'), send('a'), send('c'), send('c')]), [null, null, null, null]);
  assert.deepEqual(pasted, ['text a', 'text b', 'text c']);
  assert.deepEqual(await settled(), ['delivered a', 'delivered b', 'delivered c']);
});

test('an agent that is at work on the one before keeps the next one held', async (t) => {
  const { hold, pasted, send } = await desk(t, () => 'working');
  for (const prompt of ['a', 'b']) await hold(prompt);
  assert.equal(await send('b'), 'it is at work');
  assert.deepEqual(pasted, ['text a']);
});

test('when the one before gets lost the next one stays held, and nothing is delivered twice', async (t) => {
  const { hold, settled, send } = await desk(t, (text) => (text === 'text a' ? 'nothing' : 'done'));
  for (const prompt of ['a', 'b']) await hold(prompt);
  assert.equal(await send('b'), 'a prompt before it did not reach its agent');
  assert.deepEqual(await settled(), ['undelivered a']);
  assert.equal(await send('b'), null);
  await assert.rejects(send('a'), { code: 'NotDelivered' });
  assert.deepEqual(await settled(), ['undelivered a', 'delivered b']);
});

test('a delivery that was cut off is told, and what came after it goes on', async (t) => {
  const { context, hold, pasted, settled, send } = await desk(t, () => 'done');
  for (const prompt of ['a', 'b']) await hold(prompt);
  const dead = { pid: 1 << 30, started: 'x' };
  await context.deps.files.append('app', 'one', { type: 'delivering', agent: 'demo', prompt: 'a', ...dead });
  assert.equal(await send('b'), null);
  assert.deepEqual(pasted, ['text b']);
  assert.deepEqual(await settled(), ['undelivered a', 'delivered b']);
});
