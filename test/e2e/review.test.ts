/** A look at a demo task's change in a real terminal: comment, return, look again, approve. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { finished, look } from '../helpers/review.ts';
import { until } from '../helpers/sandbox.ts';

test('comments are returned, the next look shows what is new, and it is approved', async (t) => {
  const { box, root, kinds, worktree } = await finished(t);
  const first = await look(box, root, 80, 24);
  const opened = await first.shows('docs/a.md');
  assert.match(opened, /^ a ◆ first look · 2 files \+\d+ −0 .*against main$/m);
  assert.ok(opened.split('\n').every((line) => [...line].length <= 80));
  await first.shows(/^▸ .*docs\/a\.md/m);
  await first.type('c');
  await first.type('-l', 'say more in docs/a.md');
  await first.shows('> say more in docs/a.md');
  await first.type('Enter');
  await first.shows('1 · you  say more in docs/a.md');
  await first.type('Space');
  await first.shows(/✓ docs\/a\.md/);
  await first.shows(/^▸ {2}src\/b\.ts/m);
  await first.type('a');
  await first.shows('1 comment not sent');
  await first.type('q');
  const kept = JSON.parse(
    readFileSync(join(box.folder, 'state', 'pitwall', 'app', 'a', 'review.json'), 'utf8'),
  );
  assert.equal(kept.comments[0].text, 'say more in docs/a.md');

  const again = await look(box, root, 100, 30);
  await again.shows('return 1 comment');
  await again.type('r');
  await again.shows('returned a to demo with 1 comment');
  const lines = () => readFileSync(join(worktree, 'docs/a.md'), 'utf8').trimEnd().split('\n').length;
  await until('another review', async () => (await kinds()).includes('review') && lines() > 1);

  const second = await look(box, root, 200, 50);
  const shown = await second.shows('since last look');
  assert.match(shown, /round 2/);
  await second.type('p', 'p');
  await second.shows(/round 1, still open +say more/);
  await second.type('w');
  await second.shows('against main');
  await second.type('a');
  await second.shows('approved a in round 2');
  assert.deepEqual(await kinds(), []);
});

test('v in the sidebar and in tmux opens it in a popup', async (t) => {
  const { box, root } = await finished(t);
  await pitwall(box, root, ['open', '--no-attach']);
  const terminal = await attach(box, 'app', 120, 40);
  const shows = (text: string) =>
    until(text, async () => {
      const shown = await terminal.screen();
      if (shown.includes(text)) return shown;
      throw new Error(shown);
    });
  // Keys that come so fast are a paste to tmux otherwise.
  await box.tmux('set-option', '-g', 'assume-paste-time', '0');
  await shows('1 waiting');
  await terminal.keys('C-b', 'g', 'v');
  await shows('first look · 2 files');
  await terminal.keys('c');
  await terminal.type('from the popup');
  await terminal.keys('Enter');
  await shows('you  from the popup');
  await terminal.keys('q');
  const panes = await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{pane_id} #{window_active}');
  const sidebar = /^sidebar (%\d+) 1$/m.exec(panes)?.[1] ?? '';
  await box.tmux('select-pane', '-t', sidebar);
  await shows('reading the prompt');
  await terminal.keys('v');
  await shows('you  from the popup');
  await terminal.keys('r');
  await shows('pitwall: returned a to demo with 1 comment');
  await shows('Your change was reviewed');
});

test('what changed under the look is never approved unseen', async (t) => {
  const { box, root, kinds, worktree } = await finished(t);
  const terminal = await look(box, root, 90, 24);
  await terminal.shows('docs/a.md');
  writeFileSync(join(worktree, 'late.txt'), 'unseen\n');
  await terminal.type('a');
  await terminal.shows('not the one you saw');
  await terminal.shows('late.txt');
  assert.deepEqual(await kinds(), ['review']);
  await terminal.type('a');
  await terminal.shows('approved a in round 1');
});

test('the editor, the difftool and drop', async (t) => {
  const { box, root, worktree } = await finished(t);
  const program = join(box.folder, 'editor');
  writeFileSync(
    program,
    '#!/bin/sh\ncase "$1" in +*) echo "from the editor" >> "$2" ;; *) echo why > "$1" ;; esac\n',
  );
  chmodSync(program, 0o755);
  await pitwall(box, root, ['config', 'set', 'review.difftool', 'echo tool >> ../tool.txt; true']);
  const terminal = await look(box, root, 79, 20, { EDITOR: program });
  await terminal.shows('docs/a.md');
  await terminal.type('e');
  await terminal.shows('from the editor');
  assert.match(readFileSync(join(worktree, 'docs/a.md'), 'utf8'), /from the editor/);
  await terminal.type('C');
  await terminal.shows('· you  why');
  await terminal.type('d');
  await until('the difftool', () => readFileSync(join(worktree, '..', 'tool.txt'), 'utf8').includes('tool'));
  await terminal.shows('any key goes back');
  await terminal.type('Enter');
  await terminal.shows('· you  why');
  await terminal.type('x');
  await terminal.shows('y drops it');
  await terminal.type('n');
  await terminal.shows('help');
  await terminal.type('x');
  await terminal.shows('y drops it');
  await terminal.type('y');
  await terminal.shows('dropped a');
  assert.deepEqual((await listed(box, root)).projects[0]?.tasks, []);
});

test('off a terminal it names what to use instead, and nothing to review is an error', async (t) => {
  const { box, root } = await finished(t);
  const ran = await pitwall(box, root, ['review', 'a']);
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /review needs a terminal\ntry: pitwall diff a/);
  await pitwall(box, root, ['approve', 'a']);
  const terminal = await look(box, root, 80, 24);
  await terminal.shows('no review waits for you');
});
