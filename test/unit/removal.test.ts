import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '../../lib/core/errors.ts';
import { judgeRemoval, type RemovalInput, type WorktreeFacts } from '../../lib/core/land/removal.ts';

const clean: WorktreeFacts = {
  path: '/app.worktrees/fix',
  exists: true,
  stray: false,
  modified: [],
  untracked: [],
  ignored: [],
  underway: null,
  locked: false,
  unmerged: 0,
  detached: 0,
  contained: true,
  dirtySubmodules: [],
  stashes: [],
};
const worktree = (path: string, branch: string | null) => ({ path, branch, locked: false, prunable: false });
const main = worktree('/app', 'main');
const own = worktree('/app.worktrees/fix', 'fix');
const input = (facts: Partial<WorktreeFacts>, rest: Partial<RemovalInput> = {}): RemovalInput => ({
  task: 'fix',
  record: { worktree: '/app.worktrees/fix', branch: 'fix', base: 'main', ownsBranch: true, included: {} },
  root: '/app',
  facts: { ...clean, ...facts },
  worktrees: [main, own],
  defaultBranch: 'main',
  unedited: [],
  working: [],
  held: [],
  foreignProcesses: [],
  foreignPanes: [],
  force: false,
  ...rest,
});

const refusals: readonly (readonly [string, RemovalInput, ErrorCode | null, RegExp])[] = [
  ['clean', input({}), null, /^$/],
  ['modified', input({ modified: ['a.ts'] }), 'DirtyWorktree', /1 file that is not committed \(a\.ts\)/],
  [
    'untracked',
    input({ untracked: ['a', 'b', 'c', 'd'] }),
    'DirtyWorktree',
    /4 files that are .*a, b, c and 1 more/,
  ],
  ['an edited .env', input({ ignored: ['.env'] }), 'DirtyWorktree', /ignored files .*\.env/],
  ['a copied .env', input({ ignored: ['.env'] }, { unedited: ['.env'] }), null, /^$/],
  ['what tools rebuild', input({ ignored: ['node_modules/', 'a/dist/', 'x.pyc'] }), null, /^$/],
  [
    'commits of its own',
    input({ unmerged: 2, contained: false }),
    'UnmergedWork',
    /2 commits on fix that main/,
  ],
  ['squash-merged', input({ unmerged: 2, contained: true }), null, /^$/],
  [
    'a branch that was there before',
    input(
      { unmerged: 2, contained: false },
      { record: { worktree: '/w', branch: 'b', base: 'main', ownsBranch: false, included: {} } },
    ),
    null,
    /^$/,
  ],
  [
    'a detached commit beside a branch that is kept',
    input(
      { unmerged: 1, detached: 1, contained: false },
      { record: { worktree: '/w', branch: 'b', base: 'main', ownsBranch: false, included: {} } },
    ),
    'UnmergedWork',
    /1 commit/,
  ],
  [
    'an edited copy in a folder that tools rebuild',
    input(
      { ignored: ['dist/conf.env'] },
      {
        record: {
          worktree: '/w',
          branch: 'fix',
          base: 'main',
          ownsBranch: true,
          included: { 'dist/conf.env': 'x' },
        },
      },
    ),
    'DirtyWorktree',
    /conf\.env/,
  ],
  ['a rebase', input({ underway: 'a rebase' }), 'WorktreeBusy', /a rebase under way/],
  ['a lock', input({ locked: true }), 'WorktreeBusy', /locked/],
  ['submodules', input({ dirtySubmodules: ['sub'] }), 'DirtyWorktree', /submodules \(sub\)/],
  [
    'stashes made on its branch',
    input({ stashes: ['stash@{1}', 'stash@{3}'] }),
    'UnmergedWork',
    /2 stashes made on fix \(stash@\{1\}, stash@\{3\}\)/,
  ],
  [
    'a stash on a branch that is kept',
    input({ stashes: ['stash@{0}'] }, { defaultBranch: 'fix' }),
    null,
    /^$/,
  ],
  ['an agent at work', input({}, { working: ['demo'] }), 'WorktreeBusy', /agents at work \(demo\)/],
  [
    'a pane of the person',
    input({}, { foreignPanes: ['vim (%7)'] }),
    'WorktreeBusy',
    /programs of others in it \(vim \(%7\)\)/,
  ],
  [
    'a process',
    input({}, { foreignProcesses: [{ pid: 9, command: 'node' }] }),
    'WorktreeBusy',
    /node \(pid 9\)/,
  ],
  ['the main worktree', input({}, { root: '/app.worktrees/fix', force: true }), 'Protected', /main worktree/],
  [
    'not a worktree of this repository',
    input({}, { worktrees: [main], force: true }),
    'Protected',
    /not a worktree/,
  ],
  [
    'a worktree without its .git file',
    input({ exists: false, stray: true }, { force: true }),
    'Protected',
    /lost its \.git file/,
  ],
  [
    'another worktree inside',
    input({}, { worktrees: [main, own, worktree('/app.worktrees/fix/inner', 'x')], force: true }),
    'Protected',
    /another worktree \(\/app\.worktrees\/fix\/inner\)/,
  ],
  [
    'a lock on a worktree whose disk is not there',
    input({ exists: false }, { worktrees: [main, { ...own, locked: true }] }),
    'WorktreeBusy',
    /locked/,
  ],
  [
    'commits of the default branch, which is kept',
    input({ unmerged: 2, contained: false }, { defaultBranch: 'fix' }),
    null,
    /^$/,
  ],
  [
    'forced',
    input({ modified: ['a'], unmerged: 3, contained: false, locked: true }, { force: true }),
    null,
    /^$/,
  ],
];

for (const [name, given, code, words] of refusals)
  test(`removal: ${name}`, () => {
    const { refusal } = judgeRemoval(given);
    assert.equal(refusal?.code ?? null, code);
    assert.match(refusal?.message ?? '', words);
    if (code !== null) assert.match(refusal?.hint ?? '', /^(pitwall|git|ls|ps) \S[^,]*$/);
  });

test('branches that are the base, the default, checked out elsewhere or not ours are kept', () => {
  const branch = (fields: Partial<RemovalInput['record']>, rest: Partial<RemovalInput> = {}) =>
    judgeRemoval(input({}, { record: { ...input({}).record, ...fields }, ...rest })).branch;
  assert.equal(branch({}), 'delete');
  assert.equal(branch({ ownsBranch: false }), 'keep');
  assert.equal(branch({ branch: 'main' }), 'keep');
  assert.equal(branch({ base: 'origin/fix' }), 'keep');
  assert.equal(branch({}, { defaultBranch: 'fix' }), 'keep');
  assert.equal(branch({}, { worktrees: [worktree('/app', 'fix'), own] }), 'keep');
  assert.equal(branch({}, { worktrees: [main, own, worktree('/other', 'fix')] }), 'keep');
});

test('all losses are named at once, with the code and the hint of the first', () => {
  const { refusal } = judgeRemoval(
    input(
      {
        locked: true,
        underway: 'a merge',
        modified: ['a.ts'],
        untracked: ['b.ts'],
        ignored: ['.env'],
        dirtySubmodules: ['sub'],
        unmerged: 2,
        contained: false,
        stashes: ['stash@{0}'],
      },
      { working: ['demo'], foreignProcesses: [{ pid: 9, command: 'node' }], foreignPanes: ['vim (%7)'] },
    ),
  );
  assert.equal(
    refusal?.message,
    'fix has a locked worktree (/app.worktrees/fix); a merge under way; 2 files that are not committed (a.ts, b.ts); ' +
      'work in submodules (sub); ignored files that git does not keep (.env); ' +
      '2 commits on fix that main does not have; 1 stash made on fix (stash@{0}); agents at work (demo) ' +
      'and programs of others in it (vim (%7), node (pid 9))',
  );
  assert.equal(refusal?.code, 'WorktreeBusy');
  assert.equal(refusal?.hint, 'git -C /app worktree unlock /app.worktrees/fix');
  const names = ['a merge', 'a.ts', 'b.ts', 'sub', '.env', 'fix', 'stash@{0}', 'demo'];
  assert.deepEqual(refusal?.detail.names, ['/app.worktrees/fix', ...names, 'vim (%7)', 'node (pid 9)']);
});

test('the hint can be pasted, and shows no control characters', () => {
  const odd = "/it's app\u001b[2J.worktrees/fix";
  const { refusal } = judgeRemoval(
    input(
      { path: odd, locked: true },
      {
        root: '/a b',
        worktrees: [main, { ...own, path: odd }],
        record: { ...input({}).record, worktree: odd },
      },
    ),
  );
  assert.equal(refusal?.hint, "git -C '/a b' worktree unlock '/it'\\''s app [2J.worktrees/fix'");
});
