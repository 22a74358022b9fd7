import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createFolder } from '../../lib/adapters/folder.ts';
import { findLayout, listLayouts } from '../../lib/app/layouts.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { drawing } from '../../lib/core/layout/drawing.ts';
import { place } from '../../lib/core/layout/geometry.ts';
import { checkLayout } from '../../lib/core/layout/layout-check.ts';
import { shipped, shippedNames } from '../helpers/layouts.ts';

const layouts = fileURLToPath(new URL('../../layouts', import.meta.url));
const commanding = (name: string) =>
  `{"name":"${name}","panes":{"split":"rows","children":[{},{"runs":{"command":["rm","-rf"]}}]}}`;
const plain = (name: string) => `{"name":"${name}","title":"plain","panes":{}}`;

/** A folder with a person's and a project's layouts: paths from `config/layouts` or `app/.pitwall/layouts`. */
async function home(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'pitwall-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const at = (path: string) =>
    join(folder, path.replace('my/', 'config/layouts/').replace('its/', 'app/.pitwall/layouts/'));
  for (const path of ['my/x', 'its/x']) await mkdir(dirname(at(path)), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(at(path), text);
  const unused = { node: '', pitwall: '', record: '', hook: '', launch: '', output: '', look: '', demo: '' };
  const deps = { folder: createFolder(), configDir: join(folder, 'config'), shipped: { ...unused, layouts } };
  return { around: { deps }, root: join(folder, 'app'), at };
}

test('without layouts of one’s own there are the shipped ones, and no schema among them', async (t) => {
  const { around } = await home(t, {});
  await rm(around.deps.configDir, { recursive: true });
  const entries = await listLayouts(around, null);
  assert.deepEqual(
    entries.map(({ name, source, problems, hidden }) => [name, source, problems.length, hidden]),
    [...shippedNames].sort().map((name) => [name, 'shipped', 0, false]),
  );
});

test('the person’s layout comes before the project’s, and that before the shipped', async (t) => {
  const { around, root } = await home(t, {
    'my/solo.json': plain('solo'),
    'its/solo.json': plain('solo'),
    'its/pair.json': plain('pair'),
  });
  const sourceOf = async (name: string) => (await findLayout(around, name, root)).source;
  assert.deepEqual(
    [await sourceOf('solo'), await sourceOf('pair'), await sourceOf('bench')],
    ['person', 'project', 'shipped'],
  );
  assert.equal((await findLayout(around, 'pair', null)).source, 'shipped');
  const hidden = (await listLayouts(around, root)).filter((entry) => entry.hidden);
  assert.deepEqual(
    hidden.map(({ name, source }) => [name, source]),
    [
      ['solo', 'project'],
      ['pair', 'shipped'],
      ['solo', 'shipped'],
    ],
  );
});

test('commands of a layout from the repository are marked and refused, those of the person’s own are not', async (t) => {
  const { around, root } = await home(t, {
    'its/dev.json': commanding('dev'),
    'its/tidy.json': plain('tidy'),
    'my/own.json': commanding('own'),
  });
  const marks = async (name: string) => {
    const { fromRepository, runsCommands } = await findLayout(around, name, root, 'accepted');
    return [fromRepository, runsCommands];
  };
  assert.deepEqual(
    [await marks('dev'), await marks('tidy'), await marks('own')],
    [
      [true, true],
      [true, false],
      [false, true],
    ],
  );
  await assert.rejects(findLayout(around, 'dev', root), (error) => {
    assert.ok(isPitwallError(error, 'NotTrusted'));
    assert.equal(error.message, 'layout dev of the repository wants to run: rm -rf');
    assert.equal(error.hint, 'pitwall trust');
    return true;
  });
  assert.equal((await findLayout(around, 'own', root)).name, 'own');
  assert.equal((await findLayout(around, 'tidy', root)).name, 'tidy');
});

test('a layout that is not there is an error with the near names', async (t) => {
  const { around, root } = await home(t, { 'my/paint.json': plain('paint') });
  await assert.rejects(findLayout(around, 'piar', root), (error) => {
    assert.ok(isPitwallError(error, 'NoSuchLayout'));
    assert.equal(error.message, 'there is no layout piar (pair?)');
    return true;
  });
  await assert.rejects(findLayout(around, 'pai', root), /there is no layout pai \(pair, paint\?\)/);
});

test('a file with a problem is named with line and reason, hides nothing, and is not passed over', async (t) => {
  const { around, root, at } = await home(t, {
    'my/solo.json': '{\n"name":"solo"\n}',
    'my/other.json': plain('another'),
    'my/fine.json': plain('fine'),
  });
  await assert.rejects(findLayout(around, 'solo', root), (error) => {
    assert.ok(isPitwallError(error, 'LayoutInvalid'));
    assert.equal(
      error.message,
      `layout solo has a problem in line 1: "panes" is missing (${at('my/solo.json')})`,
    );
    assert.equal(error.hint, `pitwall layouts check ${at('my/solo.json')}`);
    return true;
  });
  await assert.rejects(
    findLayout(around, 'other', root),
    /the layout is named "another" but its file is other.json/,
  );
  assert.equal((await findLayout(around, 'fine', root)).title, 'plain');
});

test('a pipe, a device, a folder and a huge file where a layout should be neither hang nor flood', async (t) => {
  const { around, root, at } = await home(t, {
    'its/huge.json': ' '.repeat(1_100_000),
    'my/linked': plain('linked'),
  });
  execFileSync('mkfifo', [at('its/pipe.json')]);
  await symlink('/dev/zero', at('its/zero.json'));
  await symlink('/nowhere', at('its/gone.json'));
  await mkdir(at('its/folder.json'));
  await symlink(at('my/linked'), at('my/linked.json'));
  const entries = (await listLayouts(around, root)).filter((entry) => entry.source !== 'shipped');
  assert.deepEqual(
    entries.map(({ name, problems }) => [name, problems[0]?.reason.replace(/^.*\.json /, '')]),
    [
      ['linked', undefined],
      ['folder', 'is not an ordinary file'],
      ['huge', 'is larger than 1 MiB'],
      ['pipe', 'is not an ordinary file'],
      ['zero', 'is not an ordinary file'],
    ],
  );
});

test('a folder that cannot be read is an error, not an empty one', async (t) => {
  const { at } = await home(t, { 'my/file': '' });
  await assert.rejects(createFolder().list(at('my/file'), '.json'), (error) =>
    isPitwallError(error, 'FileDamaged'),
  );
});

test('docs/layouts.md shows each shipped layout as it is drawn, and its example is valid', async () => {
  const doc = await readFile(new URL('../../docs/layouts.md', import.meta.url), 'utf8');
  for (const name of shippedNames) {
    const layout = shipped(name);
    const lines = drawing(place(layout, { columns: 120, rows: 32 }, null), {
      size: { columns: 58, rows: 9 },
    });
    assert.ok(
      doc.includes(`### ${name}\n${layout.title}.\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`),
      `${name}:\n${lines.join('\n')}`,
    );
  }
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(doc) ?? [];
  assert.deepEqual(checkLayout(example).problems, []);
});
