import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkLayout } from '../../lib/core/layout/layout-check.ts';
import { layoutSchemaText } from '../../scripts/layout-schema.ts';

const folder = new URL('../../layouts/', import.meta.url);

/** The problems of a file as `LINE:COLUMN PATH: REASON`. */
function said(text: string): readonly string[] {
  return checkLayout(text).problems.map(
    ({ line, column, path, reason }) => `${line}:${column} ${path}: ${reason}`,
  );
}

/** A file with these children side by side. */
function columns(...children: readonly string[]): string {
  return `{"name":"x","panes":{"split":"columns","children":[\n${children.join(',\n')}\n]}}`;
}

test('the least layout is one agent with every default', () => {
  assert.deepEqual(checkLayout('{"name":"mine","panes":{}}'), {
    layout: {
      name: 'mine',
      title: '',
      panes: {
        name: 'agent',
        role: 'implementer',
        runs: { agent: null },
        size: 'rest',
        min: { columns: 20, rows: 4 },
        drop: null,
      },
    },
    problems: [],
  });
});

test('panes without a name are called after what runs in them, without clashes', () => {
  const { layout } = checkLayout(
    columns('{}', '{"runs":"shell","drop":1}', '{"runs":"shell"}', '{"name":"agent","runs":"diff","size":8}'),
  );
  assert.ok(layout && 'children' in layout.panes);
  assert.deepEqual(
    layout.panes.children.map(
      (pane) => 'name' in pane && [pane.name, pane.role, pane.min.columns, pane.drop],
    ),
    [
      ['agent-2', 'implementer', 20, null],
      ['shell', null, 20, 1],
      ['shell-2', null, 20, null],
      // A default minimum never exceeds a stated size.
      ['agent', null, 8, null],
    ],
  );
});

const wrong: readonly (readonly [text: string, ...problems: string[]])[] = [
  ['', '1:1 : a value is missing here (is there a comma too many before it?)'],
  ['[]', '1:1 : an object is wanted here'],
  [
    '{"name":"x",\n "panes":{},}',
    '2:13 : a key in double quotes is missing here (is there a comma too many before it?)',
  ],
  ['{\n  "name": "x"\n  "panes": {}\n}', '3:3 : a comma is missing here'],
  ['{"name":"x","panes":{}', '1:23 : a closing } is missing'],
  ['// mine\n{"name":"x","panes":{}}', '1:1 : JSON has no comments'],
  ['{"name":"x","panes":{}} {}', '1:25 : the file should end here'],
  ['{"name":"é 修","panes":{},\n"panes":{}}', '2:1 panes: this key is stated twice'],
  ['{"panes":{}}', '1:1 : "name" is missing'],
  ['{"name":"a b","panes":{}}', '1:9 name: a name is 1 to 32 letters, digits, - and _'],
  ['{"name":"-x","panes":{}}', '1:9 name: a name is 1 to 32 letters, digits, - and _'],
  ['{"name":"x","tittle":"y","panes":{}}', '1:13 tittle: unknown key "tittle"; did you mean "title"?'],
  ['{"name":"x","panes":{"zzz":1}}', '1:22 panes.zzz: unknown key "zzz"'],
  ['{"name":"x","panes":{"__proto__":1}}', '1:22 panes.__proto__: unknown key "__proto__"'],
  ['{"name":"x","panes":7}', '1:21 panes: an object is wanted here, not 7'],
  ['{"name":"x","panes":[]}', '1:21 panes: an object is wanted here, not a list'],
  ['{"name":"x","panes":{"min":[]}}', '1:28 panes.min: an object is wanted here, not a list'],
  [
    '{"name":"x","panes":{"split":"colums","children":[{},{}]}}',
    '1:30 panes.split: "columns" or "rows" is wanted here, not "colums"',
  ],
  ['{"name":"x","panes":{"children":[{},{}]}}', '1:21 panes: "split" is missing'],
  [
    '{"name":"x","panes":{"split":"rows","children":[{}]}}',
    '1:48 panes.children: a split needs at least two children',
  ],
  [
    columns('{}', '{"size":"40"}'),
    '3:9 panes.children[1].size: a size is cells (30), percent ("40%") or "rest"',
  ],
  [columns('{}', '{"size":0}'), '3:9 panes.children[1].size: at least 1 cell'],
  [columns('{}', '{"size":2.5}'), '3:9 panes.children[1].size: cells are counted in whole numbers'],
  [
    columns('{}', '{"runs":"shel"}'),
    '3:9 panes.children[1].runs: "agent" or "shell" or "diff" is wanted here, not "shel"',
  ],
  [
    columns('{}', '{"runs":{"command":"ls"}}'),
    '3:20 panes.children[1].runs.command: an array is wanted here, not "ls"',
  ],
  [
    columns('{}', '{"runs":{"command":[]}}'),
    '3:20 panes.children[1].runs.command: a command needs at least the program',
  ],
  [
    columns('{}', '{"min":{"colums":3}}'),
    '3:9 panes.children[1].min.colums: unknown key "colums"; did you mean "columns"?',
  ],
  [columns('{"name":"a"}', '{"name":"a"}'), '3:9 panes.children[1].name: a second pane named "a"'],
  [
    columns('{"size":"60%"}', '{"size":"41%"}'),
    '1:51 panes.children: the sizes add up to 101 %, more than 100 %',
  ],
  [
    columns('{"size":"60%"}', '{"size":"40%"}', '{}'),
    '4:1 panes.children[2]: its neighbours take 100 %, nothing is left',
  ],
  [
    columns('{"size":"rest"}', '{"size":"rest"}', '{}'),
    '3:9 panes.children[1].size: a second "rest" in one split; leave the sizes out to share evenly',
    '4:1 panes.children[2]: has no size, but a neighbour takes the rest; state one',
  ],
  [
    columns('{"size":30,"min":{"columns":31}}', '{}'),
    '2:9 panes.children[0].size: 30 cells, but the minimum in it is 31 columns',
  ],
  [
    columns('{"size":30,"split":"columns","children":[{"min":{"columns":15}},{"min":{"columns":15}}]}', '{}'),
    '2:9 panes.children[0].size: 30 cells, but the minimum in it is 31 columns',
  ],
  [columns('{"runs":"shell"}', '{"runs":"diff"}'), '1:21 panes: no pane runs an agent; one is needed'],
  [columns('{}', '{"runs":"shell","role":"x"}'), '3:24 panes.children[1].role: only an agent has a role'],
  [columns(...Array<string>(33).fill('{}')), '1:21 panes: 33 panes; at most 32'],
  [`${' '.repeat(70_000)}{"name":"x","panes":{}}`, '1:1 : longer than 65536 characters: not a layout'],
  ['{"name":"x","\\u001b[31m\\u009b":1,"panes":{}}', '1:13 [31m: unknown key " [31m "'],
];

for (const [text, ...problems] of wrong)
  test(`a problem has its line and its reason: ${JSON.stringify(text).slice(0, 70)}`, () => {
    assert.deepEqual(said(text), problems);
  });

test('a hostile file is a problem, not a crash', () => {
  for (const text of [
    '['.repeat(60_000),
    '{"a":'.repeat(10_000),
    'x'.repeat(100_000),
    '"'.repeat(60_000),
    '\u0000',
  ]) {
    const { layout, problems } = checkLayout(text);
    assert.equal(layout, null);
    assert.equal(problems.length, 1);
  }
});

test('brackets inside strings are not nesting, a byte order mark is no problem', () => {
  assert.notEqual(checkLayout(`\uFEFF{"name":"x","title":"${'['.repeat(60)}","panes":{}}`).layout, null);
});

test('the shipped layouts have no problem, are called like their files and name the schema', () => {
  const files = readdirSync(folder).filter((file) => !file.endsWith('.schema.json'));
  assert.deepEqual(files.sort(), ['bench.json', 'pair.json', 'review.json', 'solo.json', 'test.json']);
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    assert.deepEqual(said(text), [], file);
    assert.equal(`${checkLayout(text).layout?.name}.json`, file);
    assert.match(text, /"\$schema": "\.\/layout\.schema\.json"/);
  }
});

test('layouts/layout.schema.json is what scripts/layout-schema.ts writes', () => {
  assert.equal(readFileSync(new URL('layout.schema.json', folder), 'utf8'), layoutSchemaText());
});
