/** Tasks that land as a person has them land: by the built program. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { listed, pitwall } from './program.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

/** What `land --json` says. */
export interface Told {
  readonly tasks: readonly {
    readonly task: string;
    readonly outcome: string;
    readonly base: string | null;
    readonly commit: string | null;
    readonly files: readonly string[];
    readonly url: string | null;
    readonly removed: boolean;
    readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  }[];
  readonly pushes: readonly {
    readonly branch: string;
    readonly error: { readonly message: string } | null;
  }[];
}

/** A project at whose tasks `land` is given, by the built program. */
export async function landDesk(t: TestContext, settings: object | null = null) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = (...args: string[]) => box.git(root, ...args);
  if (settings !== null) {
    mkdirSync(join(root, '.pitwall'));
    writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify(settings));
    await git('add', '.');
    await git('commit', '-qm', 'settings');
  }
  const run = (...args: string[]) => pitwall(box, root, args);
  const worktree = (name: string) => `${root}.worktrees/${name}`;
  const approve = async (name: string) => {
    const ran = await run('approve', name);
    assert.equal(ran.code, 0, ran.stderr);
  };
  /** A task that changed these files, committed and approved. */
  const task = async (
    name: string,
    files: Readonly<Record<string, string>>,
    options: readonly string[] = [],
  ) => {
    const made = await run('new', '--no-attach', '--agent', 'demo', '--name', name, ...options);
    assert.equal(made.code, 0, made.stderr);
    assert.equal((await run('stop', name)).code, 0);
    await commit(box, worktree(name), files);
    await approve(name);
  };
  const land = async (...args: string[]) => {
    const ran = await run('land', '--json', ...args);
    assert.ok(ran.stdout.startsWith('{'), ran.stderr);
    return { ...(JSON.parse(ran.stdout) as Told), code: ran.code, stderr: ran.stderr };
  };
  const docket = async () =>
    (await listed(box, root)).docket.map(({ kind, task: name }) => `${kind} ${name}`);
  return { box, root, git, run, task, land, worktree, approve, docket };
}

/** Writes these files into a folder of git and commits them. */
export async function commit(box: Sandbox, folder: string, files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await box.git(folder, 'add', '-A');
  await box.git(folder, 'commit', '-qm', `change ${Object.keys(files).join(' ')}`);
}

/** `TASK OUTCOME` for each. */
export function outcomes({ tasks }: Told) {
  return tasks.map(({ task, outcome }) => `${task} ${outcome}`);
}
