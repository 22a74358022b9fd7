import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { makeDialogue } from '../../lib/demo/dialogue.ts';
import { readDirectives } from '../../lib/demo/directives.ts';
import { insidePath, namedPaths, planEdits, slugOf } from '../../lib/demo/edits.ts';
import { frame } from '../../lib/demo/frame.ts';
import { editLine, type InputEvent, inputDecoder } from '../../lib/demo/input.ts';
import { readOptions } from '../../lib/demo/options.ts';
import { reportText } from '../../lib/demo/report.ts';
import { cut, cutStart, plain, titleOf } from '../../lib/demo/text.ts';
import { foldTurns, readEntries } from '../../lib/demo/transcript.ts';

const id = '0b0d1c8e-3f0a-4a3e-9d5f-0123456789ab';
const first = (text: string) => planEdits({ text, turn: 1, earlier: [], remark: null });

test('directives are read and taken out of the text', () => {
  const read = readDirectives('[no-question] fix it [exit 300][sleep 1.5] [severity high] [nonsense]');
  assert.deepEqual(read, {
    text: 'fix it   [nonsense]',
    question: false,
    fail: false,
    reportOnly: false,
    print: false,
    exit: 255,
    sleep: 1500,
    severity: 'high',
  });
  assert.equal(readDirectives('[fail][report-only][print]').fail, true);
  assert.equal(readDirectives('plain').question, true);
});

test('paths are found among the words of a prompt', () => {
  const table: [string, string[]][] = [
    ['change src/a.ts and README.md.', ['src/a.ts', 'README.md']],
    ['`lib/é/修.ts:42:` what if?', ['lib/é/修.ts']],
    ['see https://example.org/a.ts, e.g. node.js 3.2 yes/no', []],
    ['./x/y.md twice x/y.md', ['x/y.md']],
    [
      '../out.md /etc/passwd.txt ~/a.md .git/hooks.sh',
      ['../out.md', '/etc/passwd.txt', '~/a.md', '.git/hooks.sh'],
    ],
    ['x.constructor __proto__ toString', []],
    ['the Makefile', ['Makefile']],
  ];
  for (const [text, paths] of table) assert.deepEqual(namedPaths(text), paths, text);
});

test('only paths below the worktree and out of .git are inside', () => {
  const table: [string, string | null][] = [
    ['a/./b.ts', 'a/b.ts'],
    ['a/../b.ts', null],
    ['../b.ts', null],
    ['/b.ts', null],
    ['~/b.ts', null],
    ['sub/.GIT/config', null],
    ['.', null],
  ];
  for (const [path, inside] of table) assert.equal(insidePath(path), inside, path);
});

test('a named file gets a line in its own comment style, another prompt a note', () => {
  assert.deepEqual(first('improve src/a.ts, style.css and README.md').edits, [
    { path: 'src/a.ts', text: '// demo agent: improve src/a.ts, style.css and README.md\n' },
    { path: 'style.css', text: '/* demo agent: improve src/a.ts, style.css and README.md */\n' },
    { path: 'README.md', text: '- demo agent: improve src/a.ts, style.css and README.md\n' },
  ]);
  assert.deepEqual(first('Why is CI slow?\nLook at "it".').edits, [
    { path: 'notes/why-is-ci-slow.md', text: '# Why is CI slow?\n\nWhy is CI slow?\nLook at "it".\n' },
  ]);
  assert.deepEqual(first('bump package.json x/a.json').refused, [
    { path: 'x/a.json', reason: 'a line would break it' },
  ]);
  assert.equal(first('leave ../b.ts').edits[0]?.path, 'notes/leave-b-ts.md');
  assert.equal(first('end a.css */ x').edits[0]?.text, '/* demo agent: end a.css * / x */\n');
  assert.equal(
    first('one a.ts\u2028process.exit()').edits[0]?.text,
    '// demo agent: one a.ts process.exit()\n',
  );
});

test('feedback goes to the same files again, and to those it names', () => {
  const { edits } = planEdits({
    text: 'tidy b.md',
    turn: 2,
    earlier: ['src/a.ts'],
    remark: 'only\na little',
  });
  assert.deepEqual(edits, [
    { path: 'src/a.ts', text: '// demo agent, turn 2: tidy b.md (answer: only a little)\n' },
    { path: 'b.md', text: '- demo agent, turn 2: tidy b.md (answer: only a little)\n' },
  ]);
});

test('a slug is a file name in any script', () => {
  assert.equal(slugOf('  Füge 修 hinzu! / "x"'), 'füge-修-hinzu-x');
  assert.equal(slugOf('../../../etc'), 'etc');
  assert.equal(slugOf('a b c d e f g h'), 'a-b-c-d-e-f');
  assert.equal(slugOf('???'), 'note');
  assert.equal(slugOf(''), 'note');
  assert.ok(slugOf('w'.repeat(500)).length <= 40);
});

test('hostile text is shown without escape sequences', () => {
  assert.equal(plain('a\u001b[31mred\u001b[0m \u001b]0;title\u0007b\u009b1mc\u202ed'), 'ared b 1mc d');
  assert.equal(titleOf(`\n\n  first \u001b[2J\nsecond`), 'first');
  assert.equal(titleOf(''), '(no text)');
  assert.equal(titleOf('x'.repeat(200_000), 10), 'xxxxxxxxx…');
});

test('lines are cut by display width, never in the middle of a wide character', () => {
  assert.equal(cut('修修修', 5), '修修…');
  assert.equal(cut('修修修', 6), '修修修');
  assert.equal(cut('修修修', 4), '修…');
  assert.equal(cutStart('ab修修', 4), '…修');
  assert.equal(cut('e\u0301e\u0301', 2), 'e\u0301e\u0301');
  assert.equal(cut('abc', 0), '');
});

test('every row of a frame fits, the label says scripted, the input line is last', () => {
  const hostile = [
    'a'.repeat(300),
    '修'.repeat(300),
    '👩‍👩‍👧'.repeat(99),
    `é\u001b[5mx\u0000`,
    '한국어 ｆｕｌｌ ⚡❤️',
  ];
  const log = hostile.map((text) => ({ text, style: 'normal' as const }));
  for (const [columns, rows] of [
    [10, 2],
    [1, 1],
    [2, 3],
    [10, 5],
    [32, 12],
    [80, 24],
  ] as const) {
    const lines = frame(log, hostile.join('\n'), columns, rows);
    assert.equal(lines.length, rows);
    for (const { text } of lines)
      assert.ok(stringWidth(text) <= Math.max(1, columns - 1), `${columns}: ${text}`);
    if (rows > 1 && columns >= 10) assert.match(lines[0]?.text ?? '', /scripted/);
    assert.ok(lines.at(-1)?.text.startsWith('›'));
  }
  assert.equal(frame([], '', 80, 24)[0]?.text, 'demo agent (scripted, no model)');
  assert.equal(frame([], 'a\nb ', 80, 24).at(-1)?.text, '› a↵b ');
});

/** Decodes bytes that arrive in chunks of one size; neighbouring text is joined. */
function decode(text: string, size: number): InputEvent[] {
  const decoder = inputDecoder();
  const bytes = Buffer.from(text);
  const events: InputEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of decoder.push(bytes.subarray(at, at + size))) {
      const last = events.at(-1);
      if (event.kind === 'text' && last?.kind === 'text')
        events.splice(-1, 1, { kind: 'text', text: last.text + event.text });
      else events.push(event);
    }
  }
  return events;
}

test('input is the same however its bytes are split', () => {
  const typed =
    'é修👍\u001b[A\u001bOP\u0015x\u001b[200~one\r\ntwo\nESC\u001b[31m\u0003"$;\u001b[201~\r\u0003';
  const expected: InputEvent[] = [
    { kind: 'text', text: 'é修👍' },
    { kind: 'key', key: 'clear' },
    { kind: 'text', text: 'xone\ntwo\nESC\u001b[31m\u0003"$;' },
    { kind: 'key', key: 'enter' },
    { kind: 'key', key: 'interrupt' },
  ];
  for (const size of [1, 2, 3, 5, 7, 1000])
    assert.deepEqual(decode(typed, size), expected, `chunks of ${size}`);
  const long = '修 "x" $; '.repeat(20_000);
  assert.deepEqual(decode(`\u001b[200~${long}\u001b[201~`, 4096), [{ kind: 'text', text: long }]);
});

test('a lone Escape swallows nothing once it is known to be one', () => {
  const decoder = inputDecoder();
  assert.deepEqual(decoder.push(Buffer.from('\u001b')), []);
  assert.equal(decoder.pending, true);
  decoder.flush();
  assert.deepEqual(decoder.push(Buffer.from('y')), [{ kind: 'text', text: 'y' }]);
});

test('backspace takes a whole character, Ctrl-U everything, Ctrl-W a word', () => {
  assert.equal(editLine('ae\u0301', 'backspace'), 'a');
  assert.equal(editLine('a👩‍👩‍👧', 'backspace'), 'a');
  assert.equal(editLine('one two ', 'word'), 'one ');
  assert.equal(editLine('one\ntwo', 'clear'), '');
});

test('a line answers only the question that was on screen when it came', async () => {
  const dialogue = makeDialogue(null);
  assert.equal(dialogue.submit('feedback'), 'kept');
  const answer = dialogue.answer();
  assert.equal(dialogue.submit('yes'), 'answer');
  assert.equal(await answer, 'yes');
  assert.equal(await dialogue.prompt(), 'feedback');
  const next = dialogue.prompt();
  assert.equal(dialogue.submit('more'), 'prompt');
  assert.equal(await next, 'more');
});

test('options', () => {
  assert.deepEqual(readOptions(['--conversation', id, '--pace=10', '--', '--odd prompt'], {}), {
    conversation: id,
    resume: null,
    fork: null,
    pace: 10,
    prompt: '--odd prompt',
    help: false,
  });
  assert.equal(readOptions([], { PITWALL_DEMO_PACE: '5' }).pace, 5);
  assert.equal(readOptions(['--pace', '1'], { PITWALL_DEMO_PACE: '5' }).pace, 1);
  assert.equal(readOptions([`--resume=${id.toUpperCase()}`], {}).resume, id);
  for (const argv of [
    ['--nope'],
    ['a', 'b'],
    ['--resume'],
    ['--resume', '../../x'],
    ['--resume', id, '--conversation', id],
    ['--pace', '-1'],
  ])
    assert.throws(() => readOptions(argv, {}), { code: 'Usage' }, argv.join(' '));
});

test('a transcript is folded into turns; torn and foreign lines are skipped', () => {
  const lines = [
    { type: 'conversation', id, cwd: '/x' },
    { type: 'turn', turn: 1, prompt: 'one' },
    { type: 'question', turn: 1, text: 'May I?' },
    { type: 'answer', turn: 1, text: 'yes' },
    { type: 'edited', turn: 1, paths: ['a.ts'] },
    { type: 'end', turn: 1, outcome: 'done', message: 'changed a.ts' },
    { type: 'turn', turn: 2, prompt: 'two' },
    { type: 'edited', turn: 2, paths: [3] },
    { foreign: true },
  ].map((line) => JSON.stringify(line));
  const turns = foldTurns(readEntries(`${lines.join('\n')}\n{"type":"turn","turn":3,"pro`));
  assert.deepEqual(
    turns.map(({ turn, outcome, answer, edited }) => ({ turn, outcome, answer, edited })),
    [
      { turn: 1, outcome: 'done', answer: 'yes', edited: ['a.ts'] },
      { turn: 2, outcome: null, answer: null, edited: [] },
    ],
  );
});

test('front matter stays one line a key, whatever the prompt said', () => {
  const text = reportText({
    summary: 'a\n---\nseverity: low',
    severity: 'high',
    action: 'read',
    body: ['x\u001b[2J'],
  });
  assert.ok(text.startsWith('---\nsummary: a --- severity: low\nseverity: high\naction: read\n---\n'));
  assert.ok(!text.includes('\u001b'));
});
