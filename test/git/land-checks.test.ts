import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { createFolder } from '../../lib/adapters/folder.ts';
import { createGit } from '../../lib/adapters/git.ts';
import type { Context } from '../../lib/app/context.ts';
import type { CheckTask } from '../../lib/app/land/land-candidate.ts';
import { landTask } from '../../lib/app/land/land-task.ts';
import { presets } from '../../lib/core/agents/presets.ts';
import { foldTask } from '../../lib/core/journal/fold.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import type { Deps, ServerView } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { sandbox } from '../helpers/sandbox.ts';

const view: ServerView = {
  running: false,
  version: '',
  pid: '',
  started: 0,
  panes: [],
  clients: [],
  sessions: [],
  options: {},
};

/** An approved task `one` on `main`, without a window. */
async function desk(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const worktree = join(box.folder, 'one');
  await box.git(root, 'worktree', 'add', '-q', '-b', 'one', worktree);
  const commit = async (folder: string, name: string) => {
    writeFileSync(join(folder, name), `${name}\n`);
    await box.git(folder, 'add', '-A');
    await box.git(folder, 'commit', '-qm', name);
  };
  await commit(worktree, 'mine');
  const files = createFiles({ stateDir: join(box.folder, 'state') });
  const git = createGit({ env: box.env });
  await files.saveProject({ ...projectRecord(), root });
  await files.createTask({ ...taskRecord('one'), worktree, branch: 'one', base: 'main' });
  const approved = await git.keepWork(worktree, 'refs/pitwall/rounds/app/one/1');
  await files.append('app', 'one', { type: 'ready' });
  await files.append('app', 'one', { type: 'stopped', agent: null });
  await files.append('app', 'one', { type: 'decided', outcome: 'approved', round: 1, commit: approved });
  const deps: Partial<Deps> = {
    files,
    git,
    folder: createFolder(),
    clock: { now: () => Date.now(), sleep: async () => undefined },
  };
  const tmux: Partial<Deps['tmux']> = { view: async () => view };
  const context: Context = {
    deps: { ...deps, tmux } as Deps,
    preferences: parsePreferences({}).preferences,
    presets: presets({}),
    problems: [],
  };
  const said: string[] = [];
  const land = (check: CheckTask | null) =>
    landTask(
      context,
      { project: 'app', task: 'one' },
      {
        strategy: 'squash',
        dryRun: false,
        commit: null,
        message: null,
        push: false,
        request: false,
        keep: true,
        check,
      },
      (line) => said.push(line),
    );
  const folded = async () => {
    const stored = (await files.load()).projects[0]?.tasks[0];
    return foldTask(stored?.record?.agents ?? [], stored?.events ?? []);
  };
  const main = () => box.git(root, 'rev-parse', 'main');
  return { box, root, worktree, commit, files, land, folded, main, said };
}

test('checks run once the task is up to date, and a failed one keeps the base as it is', async (t) => {
  const { box, root, worktree, commit, land, folded, main } = await desk(t);
  await commit(root, 'theirs');
  const before = await main();
  const seen: string[] = [];
  const told = await land(async (_, { task }) => {
    seen.push(task, await box.git(worktree, 'show', 'HEAD:theirs'));
    return 'check test exited with 1';
  });
  assert.equal(told.outcome, 'conflict');
  assert.deepEqual(seen, ['one', 'theirs']);
  assert.equal(await main(), before);
  assert.equal((await folded()).conflict?.message, 'check test exited with 1');
  assert.equal((await land(async () => null)).outcome, 'landed');
  assert.equal((await folded()).conflict, null);
});

test('a base that moves while checks run is taken up and checked anew', async (t) => {
  const { box, root, commit, land } = await desk(t);
  let runs = 0;
  const told = await land(async () => {
    runs += 1;
    if (runs === 1) await commit(root, 'meanwhile');
    return null;
  });
  assert.deepEqual([told.outcome, runs], ['landed', 2]);
  assert.equal(await box.git(root, 'log', '-2', '--format=%s', 'main'), 'fix the "login";\nmeanwhile');
});

test('what changes while checks run does not land unseen', async (t) => {
  const { worktree, commit, files, land, main } = await desk(t);
  const before = await main();
  await assert.rejects(
    land(async () => {
      await commit(worktree, 'late');
      return null;
    }),
    /one has changed since it was approved/,
  );
  await assert.rejects(land(null), /one has changed since it was approved/);
  const approved = { type: 'decided', outcome: 'returned', round: 2, commit: before } as const;
  await files.append('app', 'one', approved);
  await assert.rejects(land(null), /one is not approved/);
  assert.equal(await main(), before);
});

test('where no checks can be run again, that is said', async (t) => {
  const { root, box, commit, land, said } = await desk(t);
  mkdirSync(join(root, '.pitwall'));
  await commit(root, join('.pitwall', 'config.json'));
  writeFileSync(join(root, '.pitwall', 'config.json'), '{"checks":[{"name":"test","run":"true"}]}');
  await box.git(root, 'commit', '-qam', 'checks');
  assert.equal((await land(null)).outcome, 'landed');
  assert.deepEqual(said, ['the checks of app were not run again for one']);
});

test('a conflict that a killed land left is taken back and told; one that the person resolves is theirs', async (t) => {
  const { box, root, worktree, commit, files, land, main } = await desk(t);
  writeFileSync(join(root, 'mine'), 'theirs\n');
  await commit(root, 'other');
  const [from, onto] = [await box.git(worktree, 'rev-parse', 'HEAD'), await main()];
  await files.append('app', 'one', { type: 'landing', from, onto });
  const stop = () => assert.rejects(box.git(worktree, 'merge', '-q', onto));
  await stop();
  writeFileSync(join(worktree, 'mine'), 'both\n');
  await assert.rejects(land(null), /one has a merge under way/);
  assert.equal(await box.git(worktree, 'show', ':2:mine'), 'mine');
  await box.git(worktree, 'merge', '--abort');
  await stop();
  const told = await land(null);
  assert.deepEqual([told.outcome, told.files], ['conflict', ['mine']]);
  assert.equal(await box.git(worktree, 'rev-parse', 'HEAD'), from);
  assert.equal(await box.git(worktree, 'status', '--porcelain'), '');
});
