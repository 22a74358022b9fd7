import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestLine, parseJournal } from '../../lib/core/journal/journal-parse.ts';

const at = '2026-11-21T02:31:07.000Z';
const line = (fields: object) => `${JSON.stringify({ at, ...fields })}\n`;
const hook = {
  type: 'hook',
  agent: 'demo',
  state: 'waiting',
  event: 'PermissionRequest',
  message: 'allow?',
  payload: '{"a":1}',
  payloadFile: null,
};

const taken: readonly (readonly [string, object])[] = [
  ['created', { type: 'created', pid: 4711, started: 'abc-12' }],
  ['ready', { type: 'ready' }],
  ['setup', { type: 'setup', ok: false, message: 'npm ci: exit 1' }],
  ['launched', { type: 'launched', agent: 'demo', prompt: 'held', resumed: false }],
  ['hook', hook],
  ['hook without a state', { ...hook, state: null, event: 'SessionStart' }],
  ['hook with a payload file', { ...hook, payload: null, payloadFile: 'payloads/1.json' }],
  ['conversation', { type: 'conversation', agent: 'demo', conversationId: 'ses_1-2' }],
  ['exited', { type: 'exited', agent: 'demo', status: null, signal: 'KILL' }],
  ['held', { type: 'held', agent: 'demo', prompt: 'p1', text: 'two\nlines\u001b[201~' }],
  ['delivering', { type: 'delivering', agent: 'demo', prompt: 'p1', pid: 1, started: '' }],
  ['delivered', { type: 'delivered', agent: 'demo', prompt: 'p1' }],
  ['undelivered', { type: 'undelivered', agent: 'demo', prompt: 'p1', message: 'gone' }],
  ['stopped', { type: 'stopped', agent: null }],
  ['priority', { type: 'priority', priority: -3 }],
  ['note', { type: 'note', severity: 'high', message: 'hm' }],
  ['landing', { type: 'landing', from: 'a'.repeat(40), onto: 'b'.repeat(64) }],
  ['conflict', { type: 'conflict', files: ['a "b'], message: 'no' }],
  ['landed', { type: 'landed', base: 'main', commit: 'a'.repeat(40) }],
  ['removing', { type: 'removing' }],
];

for (const [what, event] of taken)
  test(`${what} is read as it was written`, () => {
    assert.deepEqual(parseJournal(line(event)), { events: [{ at, ...event }], skipped: 0 });
  });

const skipped: readonly (readonly [string, string])[] = [
  ['no JSON', 'hello\n'],
  ['a torn line', `${line(hook).slice(0, 60)}\n`],
  ['a torn last line', line(hook).slice(0, 60)],
  ['a list', '[1]\n'],
  ['null', 'null\n'],
  ['a number', '7\n'],
  ['an unknown type', line({ type: 'exploded' })],
  ['a type out of Object', line({ type: 'constructor' })],
  ['__proto__ as type', line({ type: '__proto__' })],
  ['a type that is a list', line({ type: ['ready'] })],
  ['no time', '{"type":"ready"}\n'],
  ['a time that is none', '{"at":"yesterday","type":"ready"}\n'],
  ['a month that is none', '{"at":"2026-13-21T02:31:07.000Z","type":"ready"}\n'],
  ['a pid as text', line({ type: 'created', pid: '12', started: '' })],
  ['a pid below 1', line({ type: 'created', pid: 0, started: '' })],
  ['a state we do not know', line({ ...hook, state: 'exited' })],
  ['a hook that leaves its state out', line({ ...hook, state: undefined })],
  ['a hook of no agent', line({ ...hook, agent: null })],
  ['an agent with a control character', line({ ...hook, agent: 'de\u001bmo' })],
  ['a message that is an object', line({ ...hook, message: {} })],
  ['a priority that is no whole number', line({ type: 'priority', priority: 1.5 })],
  [
    'an id that looks like an option',
    line({ type: 'conversation', agent: 'demo', conversationId: '--evil' }),
  ],
  ['a line of over a million characters', line({ ...hook, payload: 'x'.repeat(longestLine) })],
  ['deep nesting', `${'['.repeat(200_000)}\n`],
];

for (const [what, text] of skipped)
  test(`${what} is skipped and what follows is read`, () => {
    const rest = text.endsWith('\n') ? line({ type: 'ready' }) : '';
    const read = parseJournal(`${line({ type: 'removing' })}${text}${rest}`);
    assert.deepEqual(
      read.events.map((event) => event.type),
      rest === '' ? ['removing'] : ['removing', 'ready'],
    );
    assert.equal(read.skipped, 1);
  });

test('nothing, blank lines and a last line without its end', () => {
  assert.deepEqual(parseJournal(''), { events: [], skipped: 0 });
  assert.deepEqual(parseJournal('\n \r\n\n'), { events: [], skipped: 0 });
  assert.deepEqual(parseJournal(line({ type: 'ready' }).trimEnd()).events, [{ at, type: 'ready' }]);
});

test('an event glued to a torn line is found again; one quoted in a payload is not', () => {
  const glued = parseJournal(`${line(hook).slice(0, 70)}${line({ type: 'ready' })}`);
  assert.deepEqual(glued, { events: [{ at, type: 'ready' }], skipped: 1 });
  const quoting = {
    ...hook,
    payload: line({ type: 'removing' }),
    message: line({ type: 'removing' }).trim(),
  };
  assert.deepEqual(parseJournal(line(quoting)), { events: [{ at, ...quoting }], skipped: 0 });
  assert.deepEqual(parseJournal(`${line(quoting).slice(0, -9)}\n`), { events: [], skipped: 1 });
});

test('messages come on one line, without control characters, cut; keys we do not know are left out', () => {
  const message = `a\u001b[31mb\r\nc\u0007${'x'.repeat(5000)}`;
  const { events } = parseJournal(
    line({ ...hook, message, evil: 1, payloadFile: undefined, __proto__: { x: 1 } }),
  );
  const [event] = events;
  assert.ok(event?.type === 'hook');
  assert.ok(event.message?.startsWith('a [31mb c x'));
  assert.ok((event.message?.length ?? 0) <= 2000);
  assert.deepEqual(Object.keys(event), [
    'at',
    'type',
    'agent',
    'state',
    'event',
    'message',
    'payload',
    'payloadFile',
  ]);
});

test('a payload file outside the payloads folder is not followed', () => {
  for (const payloadFile of ['/etc/passwd', 'payloads/../task.json', 'payloads/a/b', 'payloads/.hidden', 7]) {
    const [event] = parseJournal(line({ ...hook, payloadFile })).events;
    assert.equal(event?.type === 'hook' ? event.payloadFile : 'skipped', null, String(payloadFile));
  }
});

test('a hook of a program that names no event, or none that is a name, has none', () => {
  for (const event of [undefined, null, '', 'a b', 'x'.repeat(65), 7, 'a\nb']) {
    const [read] = parseJournal(line({ ...hook, event })).events;
    assert.equal(read?.type === 'hook' ? read.event : 'skipped', null, String(event));
  }
});
