/** A reviewer that changes what no commit keeps: files that git ignores, and what is staged. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

const cases = [
  [
    'rm .env; echo more >> .local; mkdir build; echo built > build/out',
    /^no verdict: it changed \.env, \.local, which it was not to; undone$/,
  ],
  [
    'git add --all',
    /^no verdict: it changed what is staged, which it was not to; what is staged left as it is$/,
  ],
  ['mkdir build; echo built > build/out; touch .env', null],
] as const;

for (const [deed, expected] of cases)
  test(`a reviewer whose deed is: ${deed}`, async (t) => {
    const box = await sandbox();
    t.after(() => box.dispose());
    const root = await box.repository();
    writeFileSync(join(root, '.gitignore'), '.env\n.local\nbuild/\n');
    for (const name of ['.env', '.local']) writeFileSync(join(root, name), `${name} of mine\n`);
    writeFileSync(join(root, '.worktreeinclude'), '.env\n.local\n');
    await box.git(root, 'add', '--all');
    await box.git(root, 'commit', '-qm', 'ignored');
    const program = join(box.folder, 'reader');
    const answer = '{"verdict":"approve","summary":"fine","severity":"low","findings":[]}';
    writeFileSync(program, `#!/bin/sh\n${deed}\nprintf '%s' '${answer}' > "$PITWALL_VERDICT"\nsleep 60\n`);
    chmodSync(program, 0o755);
    const config = join(box.env.XDG_CONFIG_HOME ?? '', 'pitwall');
    mkdirSync(config, { recursive: true });
    const reader = { command: [program, '{prompt}'], prompt: 'argument' };
    writeFileSync(join(config, 'config.json'), JSON.stringify({ agents: { reader } }));
    const asked = ['--agent', 'demo', '--reviewer', 'reader', '--name', 'one', 'Extend a.md [no-question]'];
    assert.equal((await pitwall(box, root, ['open', '--no-attach'])).code, 0);
    const made = await pitwall(box, root, ['new', '--no-attach', ...asked]);
    assert.equal(made.code, 0, made.stderr);
    const item = await until(
      'the review',
      async () => (await listed(box, root)).docket.find(({ kind }) => kind === 'review'),
      60_000,
    );
    const worktree = `${root}.worktrees/one`;
    if (expected === null) assert.equal(item.verdict?.state, 'approve');
    else assert.match(item.action ?? '', expected);
    for (const name of ['.env', '.local'])
      assert.equal(readFileSync(join(worktree, name), 'utf8'), `${name} of mine\n`);
    assert.equal(readFileSync(join(worktree, 'a.md'), 'utf8').length > 0, true);
  });
