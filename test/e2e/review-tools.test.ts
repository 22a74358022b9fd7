/** What a review hands to other programs, in a real terminal: browser, pager, difftool; and landing from it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { finished, look } from '../helpers/review.ts';
import { until } from '../helpers/sandbox.ts';

test('o opens the running app, offers the links of a report, and shows what no browser opens', async (t) => {
  const { box, root } = await finished(t, { ports: 2 });
  const [, port = 0] = (await listed(box, root)).projects[0]?.tasks[0]?.ports ?? [];
  const opened = join(box.folder, 'opened');
  const browser = join(box.folder, 'browser');
  writeFileSync(browser, `#!/bin/sh\necho "$@" >> '${opened}'\n`, { mode: 0o755 });
  const told = () => (existsSync(opened) ? readFileSync(opened, 'utf8').trim().split('\n') : []);
  const terminal = await look(box, root, 90, 24, { BROWSER: `${join(box.folder, 'none')}:${browser} -x %s` });
  await terminal.shows('docs/a.md');
  await terminal.type('o');
  await terminal.shows('nothing to open');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  t.after(() => server.close());
  await terminal.type('o');
  await terminal.shows(`opened http://localhost:${port}/`);
  const report =
    'See https://example.com/a?b=1&c="d" (or http://user@evil.invalid/$(id)), javascript:alert(1).\n';
  writeFileSync(join(box.folder, 'state', 'pitwall', 'app', 'a', 'report.md'), report);
  await terminal.type('o');
  await terminal.shows('the running app');
  await terminal.shows('http://user@evil.invalid/$(id)');
  await terminal.type('2');
  await terminal.shows('opened https://example.com/a?b=1&c=');
  assert.deepEqual(told(), [`-x http://localhost:${port}/`, '-x https://example.com/a?b=1&c=']);
  const away = await look(box, root, 90, 24, { SSH_CONNECTION: '1 2 3 4', DISPLAY: ':9' });
  await away.shows('docs/a.md');
  await away.type('o');
  await away.shows('the running app');
  await away.type('1');
  await away.shows(/there is no browser here/);
  await away.shows(`http://localhost:${port}/`);
  assert.equal(told().length, 2);
});

test('code is coloured by what stands above it, and z folds a hunk, in the built program', async (t) => {
  const { box, root, worktree } = await finished(t);
  const lines = Array.from({ length: 30 }, (_, line) => `  if ${line} for'`);
  writeFileSync(join(worktree, 'docs', 'a.ts'), ['/*', ...lines, '*/', "const a = 'b';", ''].join('\n'));
  await box.git(worktree, 'add', '.');
  await box.git(worktree, 'commit', '-q', '-m', 'more');
  const first = await look(box, root, 100, 30);
  await first.shows('docs/a.ts');
  await first.type('a');
  await first.shows('approved a in round 1');
  lines[20] = '  if else';
  writeFileSync(join(worktree, 'docs', 'a.ts'), ['/*', ...lines, '*/', "const a = 'c';", ''].join('\n'));
  const terminal = await look(box, root, 100, 30, {}, ['a']);
  await terminal.shows(/22 \+ {3}if else/);
  const style = (text: string) =>
    until(`${text} in its style`, async () => (await terminal.styled()).includes(text));
  // Magenta and cyan for keyword and text; dim for a comment's line that did not change.
  await style('\u001b[35mconst\u001b[32m');
  await style("\u001b[36m'");
  await style('\u001b[2m  if 29 for');
  await terminal.type('z');
  await terminal.shows(/▸@@ -19,\d+ \+19,\d+ @@ · \d+ lines \+\d −\d/);
});

test('P pages the whole change in review.pager, and what only printed waits for a key', async (t) => {
  const { box, root } = await finished(t);
  await pitwall(box, root, ['config', 'set', 'review.pager', 'grep -c "diff --git"; echo paged "$LINES"']);
  await pitwall(box, root, ['config', 'set', 'review.difftool', 'echo compared']);
  const terminal = await look(box, root, 90, 24);
  await terminal.shows('docs/a.md');
  await terminal.type('P');
  assert.match(await terminal.shows('any key goes back'), /2\npaged/);
  await terminal.type('z');
  await terminal.shows(/first look.*against main/);
  await terminal.type('d');
  assert.match(await terminal.shows('any key goes back'), /^compared .*docs\/a\.md$/m);
  await terminal.type('Enter');
  await terminal.shows(/first look.*against main/);
  writeFileSync(join(box.folder, 'tig'), '#!/bin/sh\necho "$# words in $(pwd)"\n', { mode: 0o755 });
  await pitwall(box, root, ['config', 'set', 'review.difftool', join(box.folder, 'tig')]);
  const other = await look(box, root, 90, 24);
  await other.shows('docs/a.md');
  await other.type('d');
  await other.shows(`0 words in ${root}.worktrees/a`);
  const plain = await pitwall(box, root, ['diff', 'a']);
  assert.match(plain.stdout, /^diff --git/);
});

test('l approves and lands, with a message for what is not committed; a failed check stays in view', async (t) => {
  const { box, root, kinds } = await finished(t, { checks: [{ name: 'test', run: 'test ! -e ../fail' }] });
  const failing = join(`${root}.worktrees`, 'fail');
  writeFileSync(failing, '');
  const terminal = await look(box, root, 100, 30);
  await terminal.shows('docs/a.md');
  await terminal.type('l');
  await terminal.shows('land it in its base?');
  await terminal.type('n');
  await terminal.shows('c comment');
  assert.deepEqual(await kinds(), ['review']);
  await terminal.type('l');
  await terminal.shows('land it in its base?');
  await terminal.type('y');
  await terminal.shows('not committed yet; the message?');
  await terminal.type('C-u');
  await terminal.type('-l', 'Write it down');
  await terminal.type('Enter');
  await terminal.shows(/! .*test/);
  await terminal.shows(/^ a × did not land · round 2/m);
  await terminal.type('t');
  await terminal.shows(/^ Landing\n {3}it did not land: .*test.*\n[^┴]*pitwall land --hand-over a/m);
  await terminal.type('q');
  assert.match(await box.git(root, 'log', '--format=%s', 'main'), /^settings\nstart$/);
  rmSync(failing);
  await terminal.type('l');
  await terminal.shows('land it in its base?');
  await terminal.type('y');
  await terminal.shows(/landed a in main at [0-9a-f]{12}/);
  const log = await box.git(root, 'log', '--format=%s', 'main');
  assert.match(log, /Write it down/);
  await until('it is gone', async () => (await listed(box, root)).projects[0]?.tasks.length === 0);
});

test('what keeps it from landing is told to the end on 80 columns', async (t) => {
  const { box, root, kinds } = await finished(t);
  writeFileSync(join(root, 'README.md'), 'mine\n');
  const terminal = await look(box, root, 80, 24);
  await terminal.shows('docs/a.md');
  await terminal.type('l');
  await terminal.shows('land it in its base?');
  await terminal.type('y');
  const shown = await terminal.shows('(README.md)');
  assert.match(shown, /^ ! .*which has main checked out[^┴]*\(README\.md\); try: git -C/m);
  assert.match(shown, /round 2.*against main/);
  assert.deepEqual(await kinds(), []);
});
