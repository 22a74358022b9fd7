import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editorArguments } from '../../lib/core/review/editor-line.ts';

const table = [
  ['vi', ['+7', '/w/a b.ts']],
  ['/usr/bin/nvim -p', ['+7', '/w/a b.ts']],
  ['emacsclient -t', ['+7', '/w/a b.ts']],
  ['code --wait', ['--goto', '/w/a b.ts:7']],
  ['hx', ['/w/a b.ts:7']],
  ['', ['+7', '/w/a b.ts']],
] as const;

test('editors are told the line as they take it', () => {
  for (const [editor, wanted] of table) assert.deepEqual(editorArguments(editor, '/w/a b.ts', 7), wanted);
});
