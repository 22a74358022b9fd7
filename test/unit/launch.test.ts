import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { sandbox } from '../helpers/sandbox.ts';

const launch = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  spawnSync(resolve('bin/pitwall-launch'), args, { env, encoding: 'utf8' });

const show = ['node', '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--'];

test('the prompt takes the place of {prompt}, byte for byte', async () => {
  await using box = await sandbox();
  const file = join(box.folder, 'a prompt');
  const prompts = ['one line', '-n', '', 'ends\n\n\n', `"'$HOME \`id\` \\ ; é 修\n#(x)`, 'x'.repeat(100_000)];
  for (const prompt of prompts) {
    writeFileSync(file, prompt);
    const said = launch(
      [file, ...show, '-p', '{prompt}', 'x{prompt}', '', '--a={prompt}', '{prompt}'],
      box.env,
    );
    assert.deepEqual(JSON.parse(said.stdout), ['-p', prompt, 'x{prompt}', '', `--a=${prompt}`, prompt]);
  }
});

test('without a prompt file the words stay as they are', async () => {
  await using box = await sandbox();
  assert.deepEqual(JSON.parse(launch(['-', ...show, '{prompt}'], box.env).stdout), ['{prompt}']);
});

test('the program takes the place of the script', async () => {
  await using box = await sandbox();
  const said = launch(['-', 'sh', '-c', 'echo $$'], box.env);
  assert.equal(Number(said.stdout), said.pid);
});

test('a missing program is told in a line with a hint', async () => {
  await using box = await sandbox();
  const said = launch(['-', 'no-such-agent', 'x'], box.env);
  assert.equal(said.status, 127);
  assert.equal(said.stdout, '');
  assert.match(said.stderr, /^pitwall: no-such-agent .*\ntry: pitwall agents\n$/);
});
