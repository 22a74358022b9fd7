/** The docs say what the program is: generated pages are up to date, links lead somewhere, help has examples. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { allCommands } from '../../lib/cli/commands.ts';
import { commandHelp } from '../../lib/cli/help.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import { stateRules } from '../../lib/core/state/state-rules.ts';
import { docTexts } from '../../scripts/docs.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

test('the generated docs are up to date (npm run docs)', async () => {
  for (const [path, text] of Object.entries(await docTexts()))
    assert.equal(readFileSync(path, 'utf8'), text, `${path} is out of date; try: npm run docs`);
});

test('the help of every command ends in examples that call pitwall', async () => {
  for (const command of await allCommands()) {
    const examples = commandHelp(command).split('examples:\n')[1]?.trim().split('\n') ?? [];
    assert.ok(examples.length > 0 && examples.every((each) => each.includes('pitwall')), command.name);
  }
});

test('every command of docs/commands.md is completed', async () => {
  const documented = [...readFileSync('docs/commands.md', 'utf8').matchAll(/^## (.+)$/gm)].map(
    (found) => found[1],
  );
  assert.ok(documented.length > 0);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'lib/start.ts', 'completion', '--words', '--', ''],
    { env: { ...process.env, PITWALL_STATE_DIR: '/nonexistent', PITWALL_CONFIG_DIR: '/nonexistent' } },
  );
  const completed = stdout.trim().split('\n');
  assert.deepEqual(
    documented.filter((name) => !completed.includes(name ?? '')),
    [],
  );
});

test('the README names its two commands on the first screen', () => {
  const first = readFileSync('README.md', 'utf8').split('\n').slice(0, 25).join('\n');
  assert.match(first, /npm ci && npm run demo/);
  assert.match(first, /npm ci && npm test/);
});

test('docs/agents.md has every rule that decides a state, in order', () => {
  const [, section = ''] = readFileSync('docs/agents.md', 'utf8').split('## How the state is decided');
  const rows = section
    .split('\n### ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  assert.deepEqual(
    rows?.map(([, known, state, docket]) => ({ known, leads: [state?.replaceAll('`', ''), docket] })),
    stateRules.map(({ known, leads }) => ({ known, leads })),
  );
});

test('docs/files.md names every preference, and says of none that is read that it has no effect', () => {
  const [, section = ''] = readFileSync('docs/files.md', 'utf8').split('\n## Preferences');
  const [text = ''] = section.split('\n## Project settings');
  const leaves = (value: unknown, path: string): readonly string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`))
      : [path];
  const { preferences } = parsePreferences({});
  // The keys' own page names each of theirs; an object whose keys go together is named as one.
  const named = (path: string) =>
    [path, `.${path.split('.').at(-1)}`, path.split('.')[0]].some((each) => text.includes(`\`${each}\``));
  const wanted = leaves(preferences, '').filter((path) => !path.startsWith('keys.'));
  assert.ok(wanted.length > 20);
  assert.deepEqual(
    wanted.filter((path) => !named(path)),
    [],
  );
  const sentence = /^.*no effect.*$/m.exec(text)?.[0] ?? '';
  const idle = [...sentence.matchAll(/`([a-z.]+)`/gi)].map(([, key = '']) => key);
  const code = readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join('lib', file), 'utf8'))
    .join('\n');
  assert.deepEqual(
    idle.filter((key) => code.includes(`preferences.${key}`)),
    [],
  );
});

test('every relative link of the docs leads to a file', () => {
  for (const page of pages)
    for (const [, target] of readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)) {
      if (target === undefined || /^[a-z]+:/.test(target)) continue;
      assert.ok(existsSync(join(dirname(page), target)), `${page} links to ${target}, which is not there`);
    }
});

test('every exported thing of lib has a doc comment', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.d)\.ts$/.test(file),
  );
  const bare = files.flatMap((file) => {
    const lines = readFileSync(join('lib', file), 'utf8').split('\n');
    return lines.flatMap((line, at) => {
      const name = /^export (?:async )?(?:function|const|class|interface|type) (\w+)/.exec(line)?.[1];
      return name === undefined || lines[at - 1]?.endsWith('*/') ? [] : [`lib/${file}:${at + 1} ${name}`];
    });
  });
  assert.ok(files.length > 100);
  assert.deepEqual(bare, []);
});
