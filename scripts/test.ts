/**
 * Runs the tests: `npm test`, or `npm test -- unit tmux/keys` for the files whose path contains one of the words.
 * The list is explicit because `node --test DIR` finds no TypeScript on Node 20 and still exits 0. Real terminals keep
 * their own time: a file that fails beside others is run once more by itself, which is said, and that decides.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { requireTools } from './tools.ts';

const wanted = process.argv.slice(2);
const files = listTests().filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ') || 'test/**/*.test.ts'}`);
  process.exit(1);
}
requireTools();
const folder = mkdtempSync(join(tmpdir(), 'pitwall-tests-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const told = join(folder, 'tap');
let code = await run(files, availableParallelism());
const failed = code === 0 ? [] : failedFiles(readFileSync(told, 'utf8'));
if (failed.length > 0 && failed.length < files.length && failed.length <= 5) {
  console.log(`# failed beside others, run again alone: ${failed.join(' ')}`);
  code = await run(failed, 1);
}
process.exit(code);

function run(chosen: readonly string[], atOnce: number): Promise<number> {
  const shown = process.stdout.isTTY ? 'spec' : 'tap';
  const reporters = ['--test-reporter', shown, '--test-reporter-destination', 'stdout'];
  const kept = ['--test-reporter', 'tap', '--test-reporter-destination', told];
  // Not --test-force-exit: from Node 22 on, what a file says last is lost with it.
  const how = ['--import', 'tsx', '--test', `--test-concurrency=${atOnce}`, '--test-timeout=300000'];
  const child = spawn(process.execPath, [...how, ...reporters, ...kept, ...chosen], { stdio: 'inherit' });
  return new Promise((resolve) => child.on('exit', (exit) => resolve(exit ?? 1)));
}

/** The files in which something failed, as the TAP of node:test names them. */
function failedFiles(tap: string): readonly string[] {
  const places = tap.matchAll(/^ *location: '(.*\.test\.ts):\d+:\d+'$/gm);
  return [...new Set([...places].map(([, path = '']) => relative('.', path)))].filter((path) =>
    files.includes(path),
  );
}

function listTests(): string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file}`)
    .sort();
}
