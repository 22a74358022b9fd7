/** A branch that is to land. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sandbox } from './sandbox.ts';

/** A repository with the branch `task` in a worktree of its own, one commit ahead of `main`. */
export async function place(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const worktree = join(box.folder, 'task');
  const say = (...args: string[]) => box.git(root, ...args);
  const at = (...args: string[]) => box.git(worktree, ...args);
  await say('worktree', 'add', '-q', '-b', 'task', worktree);
  const commit = async (folder: string, name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    await box.git(folder, 'add', '-A');
    await box.git(folder, 'commit', '-qm', `${name}: ${text.trim()}`);
    return box.git(folder, 'rev-parse', 'HEAD');
  };
  const tip = await commit(worktree, 'shared', 'task\n');
  const git = createGit({ env: box.env });
  const hook = (name: string, script: string) =>
    writeFileSync(join(root, '.git', 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const main = () => say('rev-parse', 'main');
  const folder = join(box.folder, 'landing', 'worktree');
  const make = async (strategy: 'merge' | 'squash' | 'rebase', message = 'Land it\n') =>
    git.landingCommit(root, {
      folder,
      base: await main(),
      tip: await at('rev-parse', 'HEAD'),
      strategy,
      message,
    });
  const advance = async (to: string, holder: string | null) =>
    git.advance(root, { branch: 'main', holder, from: await main(), to, reason: 'test' });
  return { box, root, worktree, say, at, commit, tip, git, hook, main, make, advance, folder };
}
