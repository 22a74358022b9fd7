/** Completion in the shells themselves. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { newTask, pitwall } from '../helpers/program.ts';
import { programPath } from '../helpers/program-path.ts';
import { sandbox } from '../helpers/sandbox.ts';

const exec = promisify(execFile);

/** What each shell makes of a line that ends at the cursor, one word a line. */
const shells: Readonly<Record<string, string>> = {
  bash: `source "$1"; COMP_LINE=$2 COMP_POINT=\${#2}; _pitwall; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // -f: without the person's configuration; a stand-in for compadd tells the words that a completion would be given.
  zsh: `compdef() { }; source "$1"; words=("\${(@s: :)2}"); CURRENT=$#words
    compadd() { for word in \${(P)2}; do [[ $word == $words[CURRENT]* ]] && print -r -- $word; done }; _files() { print -rl -- $words[CURRENT]* }; _pitwall; :`,
  fish: `source $argv[1]; complete -C $argv[2] | string replace -r '\\t.*' ''; or true`,
};

async function desk(t: TestContext, shell: string) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const other = await box.repository('other');
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, '--agent', 'demo', '--name', 'one']);
  await pitwall(box, other, ['open', '--no-attach']);
  await pitwall(box, other, [...newTask, '--name', 'far']);
  // A layout of the repository's, as hostile as a file's name can be.
  mkdirSync(join(root, '.pitwall', 'layouts'), { recursive: true });
  writeFileSync(join(root, '.pitwall', 'layouts', '$(touch pwned).json'), '{"panes":{"runs":"agent"}}');
  const folder = join(box.folder, 'bin');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'pitwall'),
    `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/pitwall')}' "$@"\n`,
  );
  chmodSync(join(folder, 'pitwall'), 0o755);
  const script = join(box.folder, `completion.${shell}`);
  writeFileSync(script, (await pitwall(box, root, ['completion', shell])).stdout);
  const env = { ...box.env, PATH: `${folder}:${box.env.PATH}` };
  const way = [
    ...(shell === 'zsh' ? ['-f'] : []),
    '-c',
    shells[shell] ?? '',
    ...(shell === 'fish' ? [] : ['-']),
  ];
  return async (line: string): Promise<readonly string[]> => {
    const { stdout } = await exec(shell, [...way, script, line], { cwd: root, env });
    return stdout.split('\n').filter((word) => word !== '');
  };
}

for (const shell of ['bash', 'zsh', 'fish'])
  test(`${shell} completes commands, options, tasks, agents, presets, layouts, projects and keys`, {
    skip: programPath(shell) === null ? `${shell} is not installed` : false,
  }, async (t) => {
    const complete = await desk(t, shell);
    assert.deepEqual(await complete('pitwall app'), ['approve']);
    assert.deepEqual(await complete('pitwall new --lay'), ['--layout']);
    assert.deepEqual(await complete('pitwall show o'), ['one', 'other:far']);
    assert.deepEqual(await complete('pitwall show other:f'), [shell === 'bash' ? 'far' : 'other:far']);
    assert.deepEqual(await complete('pitwall stop one/'), ['one/demo', 'one/demo-2']);
    assert.deepEqual(await complete('pitwall new --agent cl'), ['claude']);
    assert.deepEqual(await complete('pitwall new --agent=cl'), [
      shell === 'bash' ? 'claude' : '--agent=claude',
    ]);
    assert.deepEqual(await complete('pitwall land --strategy s'), ['squash']);
    assert.deepEqual(await complete('pitwall restore ot'), ['other']);
    assert.deepEqual(await complete('pitwall config set sidebar.w'), ['sidebar.width']);
    const layouts = await complete('pitwall new --layout ');
    assert.ok(layouts.includes('solo') && layouts.every((name) => /^[a-z]+$/.test(name)), layouts.join());
    // bash offers files by itself where it is told of no words.
    assert.deepEqual(await complete('pitwall layouts check READ'), shell === 'bash' ? [] : ['README.md']);
  });
