/** Layouts for tests: the shipped ones, and ones written in the test. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Layout } from '../../lib/core/layout/layout.ts';
import { checkLayout } from '../../lib/core/layout/layout-check.ts';

export const shippedNames = ['solo', 'pair', 'test', 'bench', 'review'] as const;

export function shipped(name: string): Layout {
  return read(readFileSync(new URL(`../../layouts/${name}.json`, import.meta.url), 'utf8'));
}

/** A layout named `mine` from its `panes`. */
export function mine(panes: unknown): Layout {
  return read(JSON.stringify({ name: 'mine', panes }));
}

/** Twelve agents, one below the other, each with a minimum that a small window cannot give. */
export const twelve = mine({
  split: 'rows',
  children: Array<unknown>(12).fill({ min: { columns: 40, rows: 6 } }),
});

function read(text: string): Layout {
  const { layout, problems } = checkLayout(text);
  assert.ok(layout, JSON.stringify(problems));
  return layout;
}
