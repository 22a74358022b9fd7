/**
 * Runs the tests: `npm test`, or `npm test -- unit tmux/keys` for the files whose path contains one of the words.
 * The list is explicit because `node --test DIR` finds no TypeScript on Node 20 and still exits 0.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { requireTools } from './tools.ts';

const wanted = process.argv.slice(2);
const files = listTests().filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ') || 'test/**/*.test.ts'}`);
  process.exit(1);
}
requireTools();
const child = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    `--test-concurrency=${availableParallelism()}`,
    '--test-timeout=300000',
    ...files,
  ],
  { stdio: 'inherit' },
);
child.on('exit', (code) => process.exit(code ?? 1));

function listTests(): string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file}`)
    .sort();
}
