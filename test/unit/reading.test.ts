/** How agents' hooks, titles, screens, own files and usage are read: recorded and documented, hostile ones too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insideOf, readPayload, said } from '../../lib/core/agents/reading-payload.ts';
import { place } from '../fixtures/agent-place.ts';
import { fixture, readingOf, readings, recordedEvents } from '../helpers/agents.ts';

const documented: Readonly<Record<string, readonly [string, object, string | null, string | null][]>> =
  JSON.parse(fixture('documented.json'));

for (const [agent, rows] of Object.entries(documented))
  for (const [event, payload, state, message] of rows)
    test(`${agent} says ${event}: ${state} ${message ?? ''}`, () => {
      const read = readingOf(agent).readEvent?.(event, JSON.stringify(payload));
      assert.deepEqual([read?.state, read?.message], [state, message]);
    });

test('claude: a recorded course, event by event', () => {
  const course = recordedEvents('claude').map(({ event, payload }) => {
    const read = readingOf('claude').readEvent?.(event, payload);
    return [event, read?.state, read?.message, read?.background].filter((each) => each).join(' ');
  });
  const told = new Set(course);
  for (const expected of [
    'PermissionRequest waiting Bash: touch /home/me/app/made-by-tool',
    'PermissionRequest waiting Which colour?',
    'StopFailure failed API Error: 400 made-up failure',
    'Stop working true',
    'Stop done All done. The colour is set. Second line.',
    'Notification done',
    'SessionStart',
    'SessionEnd',
    'PostToolUse working',
  ])
    assert.ok(told.has(expected), `${expected} is not among\n${course.join('\n')}`);
});

test('codex: a recorded course, event by event', () => {
  const told = recordedEvents('codex').map(({ event, payload }) => {
    const read = readingOf('codex').readEvent?.(event, payload);
    return `${event} ${read?.state} ${read?.message}`;
  });
  assert.ok(told.includes('PermissionRequest waiting Bash: touch /home/me/app/made-by-tool'));
  assert.ok(told.includes('Stop done All done. The colour is set.'));
  assert.ok(told.includes('Interrupt done you interrupted it'));
});

test('an event that a preset does not know is null, and so is every name that objects have', () => {
  for (const [name, { readEvent }] of Object.entries(readings)) {
    if (!readEvent) continue;
    for (const event of ['', 'NoSuchEvent', 'constructor', '__proto__', 'toString'])
      assert.equal(readEvent(event, '{}'), null, `${name} ${event}`);
  }
});

const hostile: Readonly<Record<string, string | null>> = {
  nothing: null,
  empty: '',
  'no JSON': 'Traceback (most recent call last):',
  'a number': '17',
  null: 'null',
  'a list': '[1,2]',
  deep: '['.repeat(100_000),
  'deep objects': '{"a":'.repeat(50_000),
  'five million characters': `{"last_assistant_message":"${'x'.repeat(5_000_000)}"}`,
  'wrong types':
    '{"session_id":{"a":1},"tool_name":[],"tool_input":7,"background_tasks":"x","error":[1],"message":{}}',
  'a prototype': '{"__proto__":{"message":"x"},"constructor":{"name":"y"},"session_id":"../../etc"}',
  'control sequences': JSON.stringify({
    last_assistant_message: '\u001b]0;evil\u0007\u001b[2J\u001b[31mred\u0000\r\nline\u202e',
    tool_name: 'Bash\u001b[2J',
    tool_input: { command: 'ls\n\u001b]52;c;AAAA\u0007' },
    message: '\u009b31m',
  }),
};

for (const [name, payload] of Object.entries(hostile))
  test(`a hostile payload: ${name}`, () => {
    for (const { readEvent } of Object.values(readings))
      for (const event of [
        'Stop',
        'PermissionRequest',
        'Notification',
        'SessionStart',
        'agentStop',
        'AfterAgent',
        'session.error',
        'permission.asked',
        'permissionRequest',
        'errorOccurred',
        'stop',
        'StopFailure',
      ]) {
        const read = readEvent?.(event, payload);
        if (!read) continue;
        assert.ok((read.message ?? '').length <= 700);
        assert.doesNotMatch(read.message ?? '', /[\p{Cc}\u202e]/u);
        assert.doesNotMatch(read.conversationId ?? '', /[/\s]|\.\.\//);
      }
  });

test('a payload that was cut off gives what stands before the cut', () => {
  const whole = JSON.stringify({
    session_id: 'u',
    tool_input: { command: 'a "quoted" \\ thing', more: [1, { x: 'y' }] },
    last_assistant_message: 'All done, and more',
  });
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const read = readPayload(whole.slice(0, cut));
    if (cut > 20) assert.equal(read.session_id, 'u', `cut at ${cut}`);
  }
  assert.deepEqual(readPayload(whole.slice(0, -8)).last_assistant_message, 'All done, an');
});

test('a path is followed only inside the folder it belongs in', () => {
  assert.equal(
    insideOf('/home/me/.claude', '/home/me/.claude/projects/a.jsonl'),
    '/home/me/.claude/projects/a.jsonl',
  );
  for (const path of [
    '/etc/passwd',
    '/home/me/.claude/../.ssh/id',
    '/home/me/.claudex/a',
    'a',
    '/home/me/.claude/./a',
    '/home/me/.claude/a\nb',
    null,
  ])
    assert.equal(insideOf('/home/me/.claude', path), null, String(path));
  for (const { registry, usage } of Object.values(readings))
    for (const { files } of [registry, usage].filter((each) => each !== undefined))
      for (const path of files({ ...place, conversationId: '../../x', transcript: '/etc/passwd' }))
        assert.doesNotMatch(path, /\/etc\/|\/\.\.\/\.\.\/x\/events/);
});

test('what is said is one clean line of at most 500 characters', () => {
  assert.equal(said('  a\n\tb  '), 'a b');
  assert.equal(said(' \n '), null);
  assert.equal(said(7), null);
  assert.equal(said('x'.repeat(900))?.length, 500);
});
