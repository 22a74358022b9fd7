/** The loop of a review: what the person does, carried out in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSyntax } from '../../lib/adapters/syntax.ts';
import { runReview } from '../../lib/app/review/review.ts';
import type { ScreenEvent } from '../../lib/ports.ts';
import { keys, reading, reviewKeys } from '../fixtures/reviews.ts';

const plainDeps = {
  syntax: createSyntax(),
  clock: {
    now: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  },
};

test('the loop keeps notes in order, tells failures, and ends with what was decided', async () => {
  const did: string[] = [];
  const frames: string[] = [];
  let press: (event: ScreenEvent) => void = () => undefined;
  const screen = {
    columns: 100,
    rows: 30,
    start: async (onEvent: typeof press) => {
      press = onEvent;
    },
    draw: (lines: readonly (readonly { readonly text: string }[])[]) =>
      void frames.push(lines.map((line) => line.map(({ text }) => text).join('')).join('\n')),
    stop: async () => void did.push('stop'),
    anyKey: async () => undefined,
  };
  const settle = async () => {
    for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  let approvals = 0;
  const ended = runReview(
    { screen: async () => screen, ...plainDeps },
    {
      ...{ task: 'add-search', ascii: false, keys: reviewKeys, seed: 's', text: async () => null },
      read: async (span) => {
        did.push(`read ${span}`);
        return reading();
      },
      unfold: async () => null,
      note: async (change) => void did.push(change.kind),
      compose: async () => 'from the editor',
      edit: async (path, line) => void did.push(`edit ${path}:${line}`),
      difftool: async () => {
        throw new Error('no tool');
      },
      approve: async () => {
        approvals += 1;
        return approvals === 1 ? null : 'approved';
      },
      return: async () => 'returned',
      drop: async () => 'dropped',
      pager: async () => void did.push('pager'),
      links: async () => [],
      browse: async () => true,
      land: async () => null,
    },
  );
  const type = async (...names: readonly string[]) => {
    for (const message of keys(...names)) if (message.kind === 'key') press({ kind: 'key', key: message });
    await settle();
  };
  await settle();
  assert.match(frames.at(-1) ?? '', /docs\/README\.md/);
  await type(' ');
  await type('n', 'e');
  await type('d');
  assert.match(frames.at(-1) ?? '', /! no tool/);
  await type('C');
  assert.match(frames.at(-1) ?? '', /you {2}from the editor/);
  await type('c', 'C-u', 'enter');
  await type('a');
  assert.match(frames.at(-1) ?? '', /not the one you saw/);
  await type('a');
  assert.equal(await ended, 'approved');
  assert.deepEqual(did, [
    ...['read null', 'seen', 'stop', 'edit src/search.ts:42', 'read whole', 'stop', 'stop', 'comment'],
    ...['uncomment', 'read whole', 'stop'],
  ]);
});
