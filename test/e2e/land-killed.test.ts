import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/**
 * Kills the program at the n-th time that git is about to change a ref or has changed one: git itself calls this hook.
 * Source: githooks(5), reference-transaction.
 */
const killer = `#!/bin/sh
[ -e "$KILL/n" ] || exit 0
read -r left < "$KILL/n"
left=$((left - 1))
echo "$left" > "$KILL/n"
[ "$left" -eq 0 ] || exit 0
echo "$PPID" > "$KILL/git"
kill -9 "$(cat "$KILL/pid")"
exit 0
`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Runs \`land\` and has it killed at its n-th change of a ref; false when it came to its end before. */
async function landKilled(box: Sandbox, root: string, args: readonly string[], n: number): Promise<boolean> {
  const kill = box.folder;
  writeFileSync(join(kill, 'n'), `${n}\n`);
  const env = { ...box.env, KILL: kill, TMPDIR: kill };
  const child = spawn(process.execPath, [resolve('bin/pitwall'), 'land', ...args], {
    cwd: root,
    env,
    stdio: 'ignore',
  });
  writeFileSync(join(kill, 'pid'), String(child.pid));
  const signal = await new Promise((done) => child.on('exit', (_, name) => done(name)));
  rmSync(join(kill, 'n'));
  if (signal === null) return false;
  // git outlives who started it, and finishes.
  const git = await until(
    'the hook’s git',
    () => existsSync(join(kill, 'git')) && readFileSync(join(kill, 'git'), 'utf8'),
  );
  await until('git to end', () => !alive(Number(git)));
  rmSync(join(kill, 'git'));
  return true;
}

// Every so many places each, begun elsewhere, or it would take minutes; all of them by KILL_EVERY=1.
for (const [strategy, where, commits, first, every] of [
  ['merge', 'checked out', 4, 2, 4],
  ['squash', 'nowhere', 1, 3, 5],
  ['rebase', 'checked out', 2, 1, 7],
] as const)
  test(`${strategy}, base ${where}: killed at any change of a ref, the base has nothing or all, and land goes on`, async (t) => {
    const box = await sandbox();
    t.after(() => box.dispose());
    const root = await box.repository();
    const git = (...args: string[]) => box.git(root, ...args);
    writeFileSync(join(root, '.git', 'hooks', 'reference-transaction'), killer, { mode: 0o755 });
    const run = async (...args: string[]) => {
      const ran = await pitwall(box, root, args, { env: { TMPDIR: box.folder } });
      assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
      return ran;
    };
    if (where === 'nowhere') await git('checkout', '-q', '--detach');
    const step = Number(process.env.KILL_EVERY ?? every);
    for (let n = step === 1 ? 1 : first; ; n += step) {
      const name = `t${n}`;
      await run('new', '--no-attach', '--agent', 'shell', '--base', 'main', '--name', name);
      await run('stop', name);
      const worktree = `${root}.worktrees/${name}`;
      writeFileSync(join(worktree, name), 'one\n');
      await box.git(worktree, 'add', '.');
      await box.git(worktree, 'commit', '-qm', 'one');
      // One file is still to be committed by it.
      writeFileSync(join(worktree, `${name}-open`), 'two\n');
      await run('approve', name);
      const moved = await git('commit-tree', 'main^{tree}', '-p', 'main', '-m', `moved ${n}`);
      await (where === 'nowhere'
        ? git('update-ref', 'refs/heads/main', moved)
        : git('merge', '-q', '--ff-only', moved));
      const args = ['--strategy', strategy, '--commit', '-m', 'two'];
      const killed = await landKilled(box, root, args, n);
      const whole = async () =>
        (await git('ls-tree', '--name-only', 'main')).split('\n').filter((file) => file.startsWith(name));
      const main = await git('rev-parse', 'main');
      assert.deepEqual(await whole(), main === moved ? [] : [name, `${name}-open`], `killed at ${n}`);
      await run('land', ...args);
      assert.deepEqual(await whole(), [name, `${name}-open`]);
      assert.equal(await git('rev-list', '--count', `${moved}..main`), String(commits), `killed at ${n}`);
      assert.equal((await git('worktree', 'list')).split('\n').length, 1, `killed at ${n}`);
      assert.equal(await git('branch', '--list', name), '');
      assert.equal(await git('for-each-ref', 'refs/pitwall'), '', `killed at ${n}`);
      if (where !== 'nowhere') assert.equal(await git('status', '--porcelain'), '');
      const temporary = readdirSync(box.folder).filter((file) => file.startsWith('pitwall-land-'));
      assert.deepEqual(temporary, []);
      if (!killed) {
        assert.ok(n > 8, `only ${n - 1} places`);
        break;
      }
    }
  });
