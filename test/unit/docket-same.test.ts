import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinSame } from '../../lib/core/docket/docket-same.ts';
import { parseReport } from '../../lib/core/journal/report.ts';
import type { DocketItem, DocketKind, Task } from '../../lib/core/model.ts';

interface Given {
  readonly name: string;
  readonly said: string | null;
  readonly files?: number;
  readonly overlaps?: readonly (readonly [task: string, files: number, share: number])[];
  readonly report?: string;
  readonly kind?: DocketKind;
  readonly project?: string;
  readonly severity?: DocketItem['severity'];
}

function shown(...given: readonly Given[]): readonly string[] {
  const entries = given.map(
    (
      each,
    ): [DocketItem, Parameters<typeof joinSame>[1] extends ReadonlyMap<DocketItem, infer F> ? F : never] => {
      const { name, said, files = 1, overlaps = [], report, project = 'app' } = each;
      const task: Task = {
        ...{
          name,
          project,
          branch: name,
          base: 'main',
          worktree: `/w/${name}`,
          window: null,
          layout: 'solo',
          priority: 0,
        },
        ...{
          group: null,
          state: 'done',
          queued: false,
          agents: [],
          checks: 'none',
          approved: false,
          ports: [],
        },
        ...{
          problem: null,
          created: '2026-11-21T02:00:00.000Z',
          diff: { files, insertions: 1, deletions: 0 },
        },
        overlaps: overlaps.map(([other, count, share]) => ({
          task: other,
          files: count,
          share,
          weight: 'fine',
          conflict: false,
        })),
      };
      const item: DocketItem = {
        ...{
          project,
          task: name,
          agent: 'a',
          severity: each.severity ?? 'normal',
          summary: said ?? 'x',
          action: null,
        },
        ...{
          kind: each.kind ?? (files > 0 ? 'review' : 'report'),
          since: task.created,
          priority: 0,
          pane: null,
        },
      };
      return [item, { task, said, report: report === undefined ? null : parseReport(report) }];
    },
  );
  return joinSame(
    entries.map(([item]) => item),
    new Map(entries),
  ).map(
    ({ task, summary, also, severity }) =>
      `${task}: ${summary} [${also?.join() ?? ''}]${severity === 'high' ? '!' : ''}`,
  );
}

const same = (name: string, other: string, more: Partial<Given> = {}): Given => ({
  name,
  said: 'Mended the login.',
  overlaps: [[other, 1, 1]],
  ...more,
});

test('turns that say the same about the same files are one', () => {
  assert.deepEqual(shown(same('a', 'b'), same('b', 'a', { said: 'mended  the LOGIN', severity: 'high' })), [
    'a: Mended the login. (also b) [b]!',
  ]);
  const all: readonly (readonly [string, number, number])[] = ['a', 'b', 'c', 'd'].map((task) => [
    task,
    1,
    1,
  ]);
  assert.deepEqual(
    shown(
      ...['a', 'b', 'c', 'd'].map((name) =>
        same(name, '', { overlaps: all.filter(([task]) => task !== name) }),
      ),
    ),
    ['a: Mended the login. (also b, c and 1 more) [b,c,d]'],
  );
});

const apart: readonly (readonly [string, Given, Given])[] = [
  ['other words', same('a', 'b'), same('b', 'a', { said: 'Mended the logout.' })],
  ['no words of its own', same('a', 'b', { said: null }), same('b', 'a', { said: null })],
  ['another kind', same('a', 'b'), same('b', 'a', { kind: 'failure' })],
  ['another project', same('a', 'b'), same('b', 'a', { project: 'other' })],
  ['other files', same('a', 'b', { overlaps: [] }), same('b', 'a', { overlaps: [] })],
  ['more files', same('a', 'b', { files: 2, overlaps: [['b', 1, 1]] }), same('b', 'a')],
  [
    'half of the files',
    same('a', 'b', { files: 2, overlaps: [['b', 1, 0.5]] }),
    same('b', 'a', { files: 2 }),
  ],
  ['reports that name nothing', same('a', 'b', { files: 0 }), same('b', 'a', { files: 0 })],
  [
    'reports about other files',
    same('a', 'b', { files: 0, report: 'see src/a.ts' }),
    same('b', 'a', { files: 0, report: 'see src/b.ts' }),
  ],
];

for (const [name, one, other] of apart)
  test(`two entries: ${name}`, () => {
    assert.equal(shown(one, other).length, 2);
  });

test('reports are about the files that they name', () => {
  const report = 'It waits for src/cache.ts and ci.yml';
  assert.deepEqual(
    shown(
      same('a', 'b', { files: 0, report }),
      same('b', 'a', { files: 0, report: 'ci.yml, then src/cache.ts:12.' }),
    ),
    ['a: Mended the login. (also b) [b]'],
  );
});
