/** Screens are looked at once for each thing printed: the process that goes on looking costs nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSights } from '../../lib/app/agents/sights.ts';
import type { Context } from '../../lib/app/context.ts';
import { presets } from '../../lib/core/agents/presets.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import type { Deps, PaneFact, ServerView, Store, StoredTask } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';

const quietMs = 3000;

/** One agent without hooks, which last printed at 0 (ms); its screen as `lines` stand at the moment. */
function desk() {
  const seen = { lines: ['Continue? [y/N]'], captures: 0, gone: false };
  const tmux: Partial<Deps['tmux']> = {
    run: async (commands) => {
      seen.captures += 1;
      return seen.gone ? [] : [commands[0]?.[2] ?? '', ...seen.lines];
    },
  };
  const deps: Partial<Deps> = { tmux: tmux as Deps['tmux'], uuid: () => 'mark' };
  const context: Context = {
    deps: deps as Deps,
    preferences: parsePreferences({}).preferences,
    presets: presets({ mine: { command: ['mine'] } }),
    problems: [],
  };
  const record = {
    ...taskRecord('one'),
    agents: [{ name: 'a', preset: 'mine', role: 'x', conversationId: null }],
  };
  const pane: Partial<PaneFact> = {
    pane: '%1',
    role: 'agent',
    project: 'app',
    task: 'one',
    agent: 'a',
    dead: false,
    pid: 7,
    title: '',
    idle: null,
  };
  const view: Partial<ServerView> = { panes: [pane as PaneFact] };
  const ask = async (printed: number, now: number) => {
    const at = new Date(0).toISOString();
    const task: Partial<StoredTask> = {
      project: 'app',
      name: 'one',
      record,
      printed: { a: printed },
      payloads: {},
      events: [{ at, type: 'launched', agent: 'a', prompt: 'held', resumed: false }],
    };
    const store: Store = {
      projects: [
        {
          record: projectRecord(),
          folder: '/',
          tasks: [task as StoredTask],
          overlaps: [],
          gated: false,
          reviewer: null,
        },
      ],
      problems: [],
    };
    const [sights] = (await readSights(context, store, view as ServerView, now)).values();
    const screen = sights?.a?.screen ?? null;
    return screen === null || screen === 'unclear' ? null : screen.message;
  };
  return { seen, ask };
}

test('a screen is read once when its agent has fallen quiet, and again after it printed', async () => {
  const { seen, ask } = desk();
  assert.equal(await ask(0, quietMs - 1), null);
  assert.equal(seen.captures, 0, 'not while it works');
  for (const now of [quietMs, quietMs + 1, 100 * quietMs]) assert.equal(await ask(0, now), 'Continue? [y/N]');
  assert.equal(seen.captures, 1);
  seen.lines = ['done'];
  assert.equal(await ask(200 * quietMs, 200 * quietMs + 5), null);
  assert.equal(seen.captures, 1);
  for (const now of [202, 203]) assert.equal(await ask(200 * quietMs, now * quietMs), null);
  assert.equal(seen.captures, 2);
});

test('a screen that could not be read is read the next time, and no old question stands for it', async () => {
  const { seen, ask } = desk();
  assert.equal(await ask(0, quietMs), 'Continue? [y/N]');
  seen.gone = true;
  assert.equal(await ask(10 * quietMs, 12 * quietMs), null);
  seen.gone = false;
  assert.equal(await ask(10 * quietMs, 12 * quietMs), 'Continue? [y/N]');
  assert.equal(seen.captures, 3);
});
