import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('each row of the table of what survives what names a test that there is', () => {
  const page = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
  const table = page.slice(0, page.indexOf('\n## ')).split('\n');
  const rows = table.filter((line) => line.startsWith('| ') && !/^\| (what happens|---)/.test(line));
  assert.equal(rows.length > 15, true);
  for (const row of rows) {
    const cell = row.split('|').at(-2)?.trim() ?? '';
    const [, file = '', name = ''] = /^`([a-z0-9/-]+)`(?:: (?:… )?(.+))?$/.exec(cell) ?? [];
    const source = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), 'utf8');
    assert.equal(source.includes(name), true, `${cell} of: ${row}`);
  }
});
