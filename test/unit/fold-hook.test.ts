/** What the events of agents' own hooks leave of an agent, whole courses at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldTask } from '../../lib/core/journal/fold.ts';
import type { JournalEvent } from '../../lib/core/journal/journal.ts';
import { readingOf, recordedEvents } from '../helpers/agents.ts';

const at = (second: number) => new Date(Date.parse('2026-11-21T07:00:00Z') + second * 1000).toISOString();

interface Told {
  readonly event: string;
  readonly payload?: object | string;
  readonly state?: 'working' | 'waiting' | 'done' | 'failed';
}

function course(preset: string, conversationId: string | null, told: readonly Told[]) {
  const events: JournalEvent[] = [
    { at: at(0), type: 'launched', agent: 'a', prompt: 'argument', resumed: false },
    ...told.map(
      ({ event, payload = {}, state = null }, index): JournalEvent => ({
        at: at(index + 1),
        type: 'hook',
        agent: 'a',
        event,
        state,
        message: null,
        payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
        payloadFile: null,
      }),
    ),
  ];
  const { readEvent } = readingOf(preset);
  const [agent] = foldTask(
    [{ name: 'a', preset, role: 'implementer', conversationId }],
    events,
    (_, event) => (event.event === null ? null : (readEvent?.(event.event, event.payload) ?? null)),
  ).agents;
  assert.ok(agent);
  return agent;
}

test('claude: the recorded course leaves the right state after each event', () => {
  const recorded = recordedEvents('claude');
  const states = recorded.map(({ event }, index) => {
    const agent = course('claude', '22222222-2222-4222-8222-222222222222', recorded.slice(0, index + 1));
    return `${event} ${agent.report?.state ?? 'nothing'}`;
  });
  assert.deepEqual(states.slice(0, 4), [
    'SessionStart nothing',
    'UserPromptSubmit working',
    'PreToolUse working',
    'PermissionRequest waiting',
  ]);
  assert.ok(states.includes('Stop working'), 'background work');
  assert.ok(states.includes('StopFailure failed'));
  assert.equal(states.at(-1), 'Notification done');
  const last = course('claude', '22222222-2222-4222-8222-222222222222', recorded);
  assert.equal(
    last.report?.message,
    'All done. The colour is set. Second line.',
    'a reminder keeps what was said',
  );
  assert.notEqual(last.conversationId, '22222222-2222-4222-8222-222222222222', '/clear began another');
  assert.match(last.transcript ?? '', new RegExp(`/${last.conversationId}.jsonl$`));
});

test('a permission reminder keeps the question, an answer takes it away', () => {
  const asked = [
    { event: 'UserPromptSubmit', payload: { session_id: 'u' } },
    {
      event: 'PermissionRequest',
      payload: { session_id: 'u', tool_name: 'Bash', tool_input: { command: 'ls' } },
    },
    {
      event: 'Notification',
      payload: { session_id: 'u', notification_type: 'permission_prompt', message: 'Claude needs' },
    },
  ];
  const waiting = course('claude', 'u', asked).report;
  assert.deepEqual([waiting?.message, waiting?.at, waiting?.last], ['Bash: ls', at(2), at(3)]);
  assert.equal(
    course('claude', 'u', [...asked, { event: 'PostToolUse', payload: { session_id: 'u' } }]).report?.state,
    'working',
  );
});

test('a reminder of idleness ends work and questions, but no failure and no background work', () => {
  const idle = { event: 'Notification', payload: { notification_type: 'idle_prompt' } };
  const after = (...told: readonly Told[]) => course('claude', 'u', [...told, idle]).report?.state ?? null;
  assert.equal(after(), null);
  assert.equal(after({ event: 'UserPromptSubmit' }), 'done');
  assert.equal(after({ event: 'PermissionRequest' }), 'done');
  assert.equal(after({ event: 'StopFailure' }), 'failed');
  assert.equal(after({ event: 'Stop', payload: { background_tasks: [{ id: 'x' }] } }), 'working');
});

test("another conversation's events are not its own", () => {
  const own = { event: 'BeforeAgent', payload: { session_id: 'g1' } };
  const nested = [
    { event: 'SessionStart', payload: { session_id: 'g2', source: 'startup' } },
    { event: 'AfterAgent', payload: { session_id: 'g2', prompt_response: 'nested' } },
  ];
  const agent = course('gemini', 'g1', [own, ...nested]);
  assert.deepEqual([agent.report?.state, agent.conversationId], ['working', 'g1']);
  const cleared = { event: 'SessionStart', payload: { session_id: 'g3', source: 'clear' } };
  assert.equal(course('gemini', 'g1', [own, cleared]).conversationId, 'g3');
  const ended = { event: 'SessionEnd', payload: { session_id: 'g1' } };
  assert.equal(course('gemini', 'g1', [own, ended, ...nested]).conversationId, 'g2');
});

test('an id that the agent chooses is adopted at the first event that names it', () => {
  const agent = course('codex', null, [
    { event: 'SessionStart', payload: { session_id: 'x1', source: 'startup' } },
  ]);
  assert.deepEqual([agent.conversationId, agent.report], ['x1', null]);
});

test("opencode: a helper's session neither ends ours nor becomes it, but its question is ours", () => {
  const own = [
    { event: 'session.created', payload: { properties: { info: { id: 'ses_1' } } } },
    { event: 'session.status', payload: { properties: { sessionID: 'ses_1', status: { type: 'busy' } } } },
  ];
  const helper = [
    { event: 'session.created', payload: { properties: { info: { id: 'ses_2', parentID: 'ses_1' } } } },
    { event: 'session.idle', payload: { properties: { sessionID: 'ses_2' } } },
  ];
  const agent = course('opencode', null, [...own, ...helper]);
  assert.deepEqual([agent.conversationId, agent.report?.state], ['ses_1', 'working']);
  const asks = {
    event: 'permission.asked',
    payload: { properties: { sessionID: 'ses_2', permission: 'bash', patterns: ['ls'] } },
  };
  assert.equal(course('opencode', null, [...own, asks]).report?.message, 'bash: ls');
});

test('what is said before the end of the turn is said at its end', () => {
  const agent = course('cursor', null, [
    { event: 'beforeSubmitPrompt', payload: { conversation_id: 'k' } },
    { event: 'afterAgentResponse', payload: { conversation_id: 'k', text: 'All done.' } },
    { event: 'stop', payload: { conversation_id: 'k', status: 'completed' } },
  ]);
  assert.deepEqual([agent.report?.state, agent.report?.message], ['done', 'All done.']);
});

test('an event unknown to the preset means what the hook said, and nothing when it said nothing', () => {
  assert.equal(course('claude', 'u', [{ event: 'Novel', state: 'waiting' }]).report?.state, 'waiting');
  const silent = course('claude', 'u', [{ event: 'Novel' }]);
  assert.deepEqual([silent.report, silent.heardAt], [null, null]);
  assert.equal(
    course('claude', 'u', [{ event: 'Stop', payload: 'no JSON', state: 'done' }]).report?.state,
    'done',
  );
});

test('copilot: what it asks is told before it is known that the person is asked', () => {
  for (const toolArgs of ['{"command":"ls"}', { command: 'ls' }]) {
    const request = { event: 'permissionRequest', payload: { sessionId: 'c', toolName: 'bash', toolArgs } };
    const told = [{ event: 'preToolUse', payload: { sessionId: 'c' } }, request];
    assert.equal(course('copilot', 'c', told).report?.state, 'working');
    const payload = {
      sessionId: 'c',
      notification_type: 'permission_prompt',
      message: 'Copilot needs permission',
    };
    const asked = course('copilot', 'c', [...told, { event: 'notification', payload }]).report;
    assert.deepEqual([asked?.state, asked?.message], ['waiting', 'bash: ls']);
  }
});
