/** Commands given in a folder that was removed meanwhile, as a worktree under a person's shell may be. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { newTask, pitwall, type Ran, silent } from '../helpers/program.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

const leaves = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';

/** `pitwall ARGS` in a folder that is gone. */
function inNoFolder(box: Sandbox, args: readonly string[]): Promise<Ran> {
  const program = [process.execPath, resolve('bin/pitwall')];
  return new Promise((done) => {
    const argv = ['-c', leaves, 'sh', ...program, ...args];
    execFile('sh', argv, { cwd: box.folder, env: box.env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, stdout, stderr });
    });
  });
}

test('a folder that is gone hinders only what asks for a folder', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, '--name', 'one', silent]);
  await pitwall(box, root, [...newTask, '--name', 'two', silent]);
  const works: readonly (readonly string[])[] = [
    ['list', '--all'],
    ['list', '--all', '--docket'],
    ['list', '--project', 'app'],
    ['restore', '--all'],
    ['restore', 'app'],
    ['hosts'],
    ['hosts', 'add', 'box.invalid'],
    ['hosts', 'remove', 'box'],
    ['config'],
    ['config', 'path'],
    ['agents'],
    ['--version'],
    ['show', 'app:one'],
    ['send', 'app:one', 'a word: [no-question]'],
    ['diff', 'app:one'],
    ['doctor', 'app:one'],
    ['log', 'app:one'],
    ['overlap', 'app:one', 'app:two'],
    ['stop', 'app:one'],
    ['start', 'app:one'],
    ['open', '--project', 'app', '--no-attach'],
    ['open', root, '--no-attach'],
    ['new', '--project', 'app', '--no-attach', '--agent', 'demo', '--name', 'three', silent],
    ['remove', '--dry-run', '--force', 'app:one', 'app:two'],
    ['completion', '--words', '--', 'show', ''],
  ];
  for (const args of works) {
    const { code, stderr } = await inNoFolder(box, args);
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  }
  const doctor = await inNoFolder(box, ['doctor', '--json']);
  assert.ok(Array.isArray(JSON.parse(doctor.stdout).findings), doctor.stderr);

  const refused: readonly (readonly string[])[] = [
    [],
    ['list'],
    ['restore'],
    ['new', '--no-attach', '--agent', 'demo', 'x'],
    ['show', 'one'],
    ['remove', 'app:one', 'two'],
    ['layouts', 'check', 'mine.json'],
    ['open', './there'],
    ['trust'],
  ];
  for (const args of refused) {
    const { code, stdout, stderr } = await inNoFolder(box, args);
    assert.equal(code, 1, args.join(' '));
    assert.equal(stdout, '', args.join(' '));
    assert.equal(stderr, `pitwall: the folder you are in is gone (${join(box.folder, 'gone')})\ntry: cd\n`);
  }
  assert.equal(existsSync(join(box.env.XDG_STATE_HOME ?? '', 'pitwall', '.bugs')), false);
});
