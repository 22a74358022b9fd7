import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPreamble, withoutPreamble, withPreamble } from '../../lib/core/agents/preamble.ts';
import { claude } from '../../lib/core/presets/claude.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import { launchContext } from '../fixtures/launches.ts';

const cases: readonly (readonly [string, readonly string[], string, string])[] = [
  ['fix it', [], 'Report to {report}, {report}.', 'fix it\n\n---\nReport to /t/report.md, /t/report.md.'],
  ['fix it', ['a', 'b'], '', 'fix it\n\n---\nIt is done when all of this holds:\n- a\n- b'],
  ['fix it', ['a'], ' P ', 'fix it\n\n---\nIt is done when all of this holds:\n- a\n\nP'],
  ['fix it', [], ' \n', 'fix it'],
  ['/review 12', ['a'], 'P', '/review 12'],
  ['!ls', [], 'P', '!ls'],
  ["costs $& and $'", [], 'at {report}', "costs $& and $'\n\n---\nat /t/report.md"],
];

for (const [prompt, acceptance, preamble, expected] of cases)
  test(`what goes along with ${JSON.stringify(prompt)}`, () => {
    const whole = withPreamble({ prompt, acceptance }, preamble, '/t/report.md');
    assert.equal(whole, expected);
    assert.equal(withoutPreamble(whole), prompt);
  });

test('a path with a dollar sign is put in as it is', () => {
  assert.equal(withPreamble({ prompt: 'p' }, 'to {report}', '/t/$&/r'), 'p\n\n---\nto /t/$&/r');
});

test('the person reads and changes it in their preferences', () => {
  assert.equal(parsePreferences(null).preferences.preamble, defaultPreamble);
  assert.match(defaultPreamble, /\{report\}.*summary:.*severity:.*action:/);
  assert.equal(parsePreferences({ preamble: '' }).preferences.preamble, '');
  assert.equal(parsePreferences({ preamble: 7 }).problems.length, 1);
});

test('claude is allowed the file it is asked to write, and nothing more by a path that is a pattern', () => {
  const settings = (path: string) => {
    const { argv } = claude.launch(launchContext({ writes: [path] }));
    return JSON.parse(argv[argv.indexOf('--settings') + 1] ?? '').permissions;
  };
  assert.deepEqual(settings('/s/app/a/report.md'), { allow: ['Edit(//s/app/a/report.md)'] });
  assert.equal(settings('/s/app/a)/{x}/report.md'), undefined);
});
