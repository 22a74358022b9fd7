import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  judgeBase,
  judgeStanding,
  type LandingBase,
  landingOrder,
  type Standing,
} from '../../lib/core/land/land.ts';
import {
  conflictLine,
  handOverText,
  type LandedTask,
  landingMessage,
  pullRequest,
  taskMessage,
} from '../../lib/core/land/land-text.ts';

const at = (minute: number) => `2026-11-21T02:0${minute}:00.000Z`;

test('higher priority first, then the older task, then by name', () => {
  const tasks = [
    { name: 'young', priority: 0, created: at(3) },
    { name: 'b', priority: 0, created: at(1) },
    { name: 'a', priority: 0, created: at(1) },
    { name: 'late-but-urgent', priority: 2, created: at(9) },
    { name: 'never-mind', priority: -1, created: at(0) },
  ];
  const names = landingOrder(tasks).map(({ name }) => name);
  assert.deepEqual(names, ['late-but-urgent', 'a', 'b', 'young', 'never-mind']);
});

const base: LandingBase = {
  branch: 'main',
  name: 'main',
  remote: null,
  commit: 'c',
  from: 'c',
  diverged: false,
  follows: null,
  holders: [],
};
const holder = { path: '/app', changed: [], underway: null };
const remote = { ...base, branch: null, remote: 'origin' };

const bases: readonly (readonly [string, LandingBase, string | null, RegExp])[] = [
  ['checked out nowhere', base, null, /^$/],
  ['clean', { ...base, holders: [holder] }, null, /^$/],
  [
    'dirty',
    { ...base, holders: [{ ...holder, changed: ['a', 'b', 'c', 'd'] }] },
    'DirtyWorktree',
    /\(a, b, c and 1 more\)/,
  ],
  ['busy', { ...base, holders: [{ ...holder, underway: 'a merge' }] }, 'WorktreeBusy', /a merge under way/],
  ['twice', { ...base, holders: [holder, { ...holder, path: '/b' }] }, 'BranchInUse', /\/app, \/b/],
  ['diverged', { ...base, remote: 'origin', diverged: true }, 'Protected', /main and x have diverged/],
  ['gone', { ...base, branch: null, commit: null }, 'BaseUnknown', /the base x is gone/],
  ['a tag', { ...base, branch: null }, 'Protected', /x is not a branch/],
  ['not followed', remote, 'Protected', /no branch main here that follows x/],
  ['followed by none', { ...remote, follows: 'up/main' }, 'Protected', /follows up\/main, not x/],
];

for (const [what, told, code, words] of bases)
  test(`a base that is ${what}: ${code ?? 'lands'}`, () => {
    const refusal = judgeBase('x', told, '/app');
    assert.equal(refusal?.code ?? null, code);
    assert.match(refusal?.message ?? '', words);
  });

const standing: Standing = {
  head: 'h',
  branch: 'fix',
  tree: 't',
  changed: [],
  underway: null,
  approved: true,
};

const standings: readonly (readonly [string, Standing, boolean, string | null])[] = [
  ['as approved', standing, false, null],
  ['changed since', { ...standing, approved: false }, true, 'WorktreeBusy'],
  ['not committed', { ...standing, changed: ['a'] }, false, 'DirtyWorktree'],
  ['not committed, and allowed', { ...standing, changed: ['a'] }, true, null],
  ['rebasing', { ...standing, branch: null, underway: 'a rebase' }, true, 'WorktreeBusy'],
  ['detached', { ...standing, branch: null }, true, 'BranchInUse'],
  ['on another branch', { ...standing, branch: 'main' }, true, 'BranchInUse'],
];

for (const [what, told, commits, code] of standings)
  test(`a task that is ${what}: ${code ?? 'lands'}`, () => {
    const task = { name: 'fix', branch: 'fix', worktree: '/w' };
    assert.equal(judgeStanding(task, told, commits)?.code ?? null, code);
  });

const task: LandedTask = { name: 'fix', branch: 'me/fix', prompt: '', summary: null };
const long = 'word '.repeat(40).trim();

const messages: readonly (readonly [string, Partial<LandedTask>, string])[] = [
  ['nothing but a name', {}, 'fix\n'],
  ['a prompt of one line', { prompt: 'Mend it' }, 'Mend it\n'],
  ['lines', { prompt: '\n Mend it\r\n\r\nall \n' }, 'Mend it\n\nMend it\n\nall\n'],
  ['a summary', { prompt: 'Mend it', summary: 'Mended' }, 'Mended\n\nMend it\n'],
  ['control characters', { prompt: 'a\u001b[31m\0b' }, 'a [31mb\n'],
];

for (const [what, given, expected] of messages)
  test(`the message of a task with ${what}`, () => {
    const told = taskMessage({ ...task, ...given });
    if (what === 'control characters') assert.doesNotMatch(told, /[\0\u001b]/);
    else assert.equal(told, expected);
  });

test('a subject is cut between words and never in half a character', () => {
  const [subject = ''] = taskMessage({ ...task, prompt: long }).split('\n');
  assert.ok(subject.length <= 72 && subject.endsWith('word…'), subject);
  const [wide = ''] = taskMessage({ ...task, prompt: `x${'😀'.repeat(60)}` }).split('\n');
  assert.ok(wide.length <= 72 && !/[\ud800-\udbff]…$/.test(wide), wide);
});

test('a merge speaks as git does, a squash as the task', () => {
  const told = { ...task, prompt: 'Mend it', summary: 'Mended' };
  const merge = "Merge branch 'me/fix' into main\n\nMended\n";
  assert.equal(landingMessage(told, 'main', 'merge', null), merge);
  assert.equal(landingMessage(told, 'main', 'squash', null), 'Mended\n\nMend it\n');
  // A merge commit has the commit that the message was given for behind it; a squash has nothing else.
  assert.equal(landingMessage(told, 'main', 'merge', 'Mine'), merge);
  assert.equal(landingMessage(told, 'main', 'squash', 'Mine'), 'Mine');
});

test('a pull request has the report and quotes the prompt', () => {
  const told = { ...task, prompt: 'Mend it\n\nall', summary: 'Mended' };
  const { title, body } = pullRequest(told, '# Done\n');
  assert.equal(title, 'Mended');
  assert.equal(body, '# Done\n\nAsked for:\n\n> Mend it\n>\n> all\n');
});

test('a conflict is told in one line and handed over with its files', () => {
  const files = ['a', 'b', 'c\nd', 'e'];
  assert.equal(conflictLine('main', files, ''), 'conflicts with main in a, b, c d and 1 more');
  assert.equal(conflictLine('main', [], 'no\nwords'), 'cannot be brought up to date with main: no words');
  const text = handOverText(task, 'main', { files, message: 'm' });
  assert.match(text, /stops at conflicts in:\n- a\n- b\n- c d\n- e\n\nMerge main into me\/fix here/);
  assert.match(
    handOverText(task, 'main', { files: [], message: 'the hook said no' }),
    /did not work: the hook said no/,
  );
});
