import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageText } from '../../lib/core/agents/usage.ts';
import { displayWidth } from '../../lib/core/cells.ts';
import { weightOf } from '../../lib/core/overlap/overlap.ts';
import { taskAddress } from '../../lib/ui/sidebar-model.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { agent, ago, busyDesk, desk, item, task, wideDesk } from '../fixtures/desks.ts';
import { drawing, drawn, model, text } from '../helpers/drawing.ts';

test('32 columns: the docket on top, every task below', () => {
  assert.equal(
    drawing(model(busyDesk(), 32, 30)),
    drawn(`
 app                   4 waiting
────────────────────────────────
 1 ? fix-login                2m
   allow: npm install left-pad
 2 ! retry-queue             14m
   test: 2 failed, 3 tries
▎3 ◆ add-search/gemini       31m
▎  search with ranking, index k…
 4 ≡ why-is-ci-slow           2h
   the cache key changes on eve…
─ 6 tasks ────────── 1 working ─
 ● parser-rewrite   claude    4m
   +34 −2  3 files
 ? fix-login        codex     2m
   +12  1 file
 ! retry-queue      claude   14m
   +210 −96  checks failed
▎◆ add-search                31m
▎  +120 −14  checks ok  5 files
▎  ◆ gemini  implementer     31m
▎  ◆ rev  reviewer           30m
 ≡ why-is-ci-slow   opencode  2h
 · old-docs         claude    3d

────────────────────────────────
 ⏎ go  a allow  d deny  ? help
`),
  );
});

test('28 columns: the agents’ names go first', () => {
  const shown = drawing(model(busyDesk(), 28, 30));
  assert.ok(!shown.includes('codex'));
  assert.match(shown, /^ \? fix-login {14}2m$/m);
  assert.match(shown, /^ 1 \? fix-login {12}2m$/m);
});

test('12 rows: the docket stays whole, the tasks scroll', () => {
  assert.equal(
    drawing(model(busyDesk(), 32, 12)),
    drawn(`
 app                   4 waiting
────────────────────────────────
 1 ? fix-login                2m
   allow: npm install left-pad
 2 ! retry-queue             14m
▎3 ◆ add-search/gemini       31m
 4 ≡ why-is-ci-slow           2h
─ 6 tasks ───────────────── ↓3 ─
 ● parser-rewrite   claude    4m
 ? fix-login        codex     2m
 ! retry-queue      claude   14m
 ⏎ go  a allow  d deny  ? help
`),
  );
});

test('what a task has used stands beside its change from 50 columns on; nothing where nothing tells', () => {
  const change = { files: 1, insertions: 12, deletions: 0 };
  const tasks = [task('counted', { diff: change }), task('silent', { diff: change })];
  const usage = new Map([
    [
      taskAddress({ project: 'app', name: 'counted' }),
      { inputTokens: 1200, outputTokens: 30, costUsd: null },
    ],
  ]);
  const lines = (columns: number, given = usage) =>
    viewSidebar(model(desk(tasks), columns, 20, { usage: given })).lines.map((line) => text(line).trim());
  assert.ok(lines(60).includes('+12  1 file  1k tokens'), lines(60).join('\n'));
  assert.ok(lines(50).includes('+12  1 file  1k tokens'));
  assert.equal(lines(60).filter((line) => line.includes('tokens')).length, 1);
  assert.ok(!lines(49).some((line) => line.includes('tokens')));
  for (const [input, cost, shown] of [
    [999, null, '999 tokens'],
    [999_400, 0.5, '999k tokens $0.50'],
    [999_600, 12, '1.0M tokens $12.00'],
    [12_345_678, null, '12.3M tokens'],
  ] as const)
    assert.equal(usageText({ inputTokens: input, outputTokens: 0, costUsd: cost }), shown);
});

test('60 columns: what to do, branch, state in a word, what is wrong', () => {
  const wrong = task('broken', {
    window: null,
    problem: 'its worktree is missing: /w/broken',
    state: 'exited',
  });
  const snapshot = busyDesk();
  const tasks = [...(snapshot.projects[0]?.tasks.slice(2, 4) ?? []), wrong];
  assert.equal(
    drawing(model(desk(tasks, snapshot.docket.slice(1, 3)), 60, 24)),
    drawn(`
 app                                               2 waiting
────────────────────────────────────────────────────────────
 1 ! retry-queue                                         14m
   test: 2 failed, 3 tries
   → look at test/queue.t…  +210 −96  checks failed  8 files
▎2 ◆ add-search/gemini                                   31m
▎  search with ranking, index kept in memory
▎  → read src/search.ts first   +120 −14  checks ok  5 files
─ 3 tasks ──────────────────────────────────────────────────
 ! retry-queue                           claude failed   14m
   +210 −96  checks failed  8 files
▎◆ add-search                                   done     31m
▎  feature/search-with-ranking  +120 −14  checks ok  5 files
▎  ◆ gemini  implementer                        done     31m
▎  ◆ rev  reviewer                              done     30m
 ! broken                                claude problem   4m
   its worktree is missing: /w/broken

────────────────────────────────────────────────────────────
 ⏎ go  v review  space prompt  p look  1-9 jump  ? help
`),
  );
});

test('other scripts keep the grid, projects get headings, a damaged file one quiet line', () => {
  assert.equal(
    drawing(model(wideDesk(), 32, 30, { window: '@1' })),
    drawn(`
 2 projects            3 waiting
────────────────────────────────
▎1 ? 修复登录页面…误提示信息 now
▎  是否允许运行 npm install？这…
 2 ? app:bench-parser/claude  1m
   Which of the 🚀 variants sha…
 3 ◆ app:emoji-👩‍💻-🚀-names   50m
   👨‍👩‍👧‍👦 family red e\u0301te\u0301
─ 5 tasks ────────── 1 working ─
 app
▎? 修复登录…示信息  claude    4m
▎  +8 −1  2 files
 ? bench-parser               1m
   ? claude                   1m
   ● codex                    4m
   ≡ gemini                   4m
   ! opencode                 4m
 ◆ emoji-👩‍💻-…-names claude    4m
   +3 −3  checks running  1 file
 ウェブ
 ● café-déjà-vu     エージ…   4m
 ! a-very-l…sidebar claude    4m
   its worktree is missing: /w/…

 ! app/x/task.json… (and 1 more)
────────────────────────────────
 ⏎ go  a allow  d deny  ? help
`),
  );
});

test('four agents in little room are signs in their task’s line', () => {
  const agents = (['waiting', 'working', 'done', 'failed'] as const).map((state) => agent(state, { state }));
  const many = [
    task('bench', { agents, state: 'waiting' }),
    ...Array.from({ length: 9 }, (_, at) => task(`t${at}`)),
  ];
  assert.match(drawing(model(desk(many), 32, 14)), /^ \? bench +\?●≡! +4m$/m);
});

test('thirty tasks: one line each, and the rest is counted', () => {
  const snapshot = desk(
    Array.from({ length: 30 }, (_, at) => task(`task-${at + 1}`)),
    [item('task-1')],
  );
  const shown = drawing(model(snapshot, 32, 24, { scroll: 5 }));
  assert.match(shown, /^─ 30 tasks ─+ ↑5 ↓8 ─$/m);
  assert.match(shown, /^ ● task-6 /m);
  assert.ok(!shown.includes('task-5 '));
});

test('more items than keys and more than there is room for', () => {
  const items = Array.from({ length: 14 }, (_, at) => item(`task-${at + 1}`));
  const snapshot = desk(
    Array.from({ length: 14 }, (_, at) => task(`task-${at + 1}`)),
    items,
  );
  const shown = drawing(model(snapshot, 32, 40));
  assert.match(shown, /^ 9 \? task-9 /m);
  assert.match(shown, /^ {3}\? task-10 /m);
  assert.match(drawing(model(snapshot, 32, 12)), /^ ● task-1 /m);
});

test('tasks that change the same files carry a sign, and where there is room who and how much', () => {
  const overlap = (name: string, share: number, conflict: boolean) => ({
    task: name,
    files: 2,
    share,
    weight: weightOf(share),
    conflict,
  });
  const snapshot = desk([
    task('fine', { overlaps: [overlap('much', 0.1, false)] }),
    task('some', { overlaps: [overlap('much', 0.34, false)] }),
    task('much', { overlaps: [overlap('stop', 0.8, true), overlap('some', 0.34, false)] }),
  ]);
  const narrow = drawing(model(snapshot, 32, 20));
  assert.match(narrow, /^.● fine {2,}claude/m);
  assert.match(narrow, /^.● some ⇄ {2,}claude/m);
  assert.match(narrow, /^.● much ⇄× {2,}claude/m);
  const wide = drawing(model(snapshot, 60, 20));
  assert.match(wide, /^. {2}⇄ much 34 %$/m);
  assert.match(wide, /^. {2}⇄× stop 80 %$/m);
  assert.match(drawing(model(snapshot, 32, 20, { ascii: true })), /^.\* much &x {2,}claude/m);
});

test('every size: as many lines and cells as there are, and no crash', () => {
  for (const snapshot of [busyDesk(), wideDesk(), desk([])])
    for (const columns of [0, 1, 2, 3, 9, 17, 28, 32, 46, 60, 140])
      for (const rows of [0, 1, 2, 4, 5, 6, 10, 12, 14, 33])
        for (const given of [
          {},
          { mode: 'help' },
          { mode: 'filter', filter: 'a' },
          { filter: 'zz' },
          { ascii: true },
          { error: 'oh' },
        ] as const) {
          const frame = viewSidebar(model(snapshot, columns, rows, given));
          assert.equal(frame.lines.length, rows);
          assert.equal(frame.targets.length, rows);
          for (const line of frame.lines)
            assert.equal(displayWidth(text(line)), columns, `${columns}x${rows} ${text(line)}`);
        }
});

test('hostile names and sentences do not get out of their line', () => {
  const evil = 'x\x1b[2J\ny\u202Ez';
  const snapshot = desk(
    [
      task(evil, {
        branch: evil,
        problem: evil,
        agents: [agent(evil, { role: evil }), agent('b', { since: 'never' })],
      }),
    ],
    [item(evil, { summary: evil, action: evil, since: ago(-5) })],
    [evil],
  );
  for (const columns of [20, 32, 60])
    assert.match(drawing(model(snapshot, columns, 30)), /^[^\x00-\x09\x0b-\x1f\u202e]*$/);
});
