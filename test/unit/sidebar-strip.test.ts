import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineCells, sgr } from '../../lib/adapters/frame.ts';
import type { StyledLine } from '../../lib/core/styled.ts';
import { personalEnvironment, workingShell } from '../../lib/core/tmux/pane-command.ts';
import { newSidebar } from '../../lib/ui/sidebar-model.ts';
import { update } from '../../lib/ui/sidebar-update.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { busyDesk, demoKeys, desk, now, wideDesk } from '../fixtures/desks.ts';

function shown(snapshot = busyDesk(), columns = 1, rows = 8, window = '@3') {
  const fresh = newSidebar({ kind: 'sidebar', columns, rows, ascii: false, now, keys: demoKeys, window });
  return update(fresh, { kind: 'snapshot', snapshot, now }).model;
}

const text = (line: StyledLine) => line.map((span) => span.text).join('');

test('a strip of one cell shows the signs of the docket, the one on screen reversed', () => {
  const { lines } = viewSidebar(shown());
  assert.deepEqual(lines.map(text), ['?', '!', '◆', '≡', ' ', ' ', ' ', ' ']);
  assert.deepEqual(
    lines.map((line) => line.some((span) => span.reverse === true)),
    [false, true, false, false, false, false, false, false],
  );
  assert.deepEqual(
    viewSidebar(shown(desk([])))
      .lines.map(text)
      .join(''),
    '        ',
  );
  assert.deepEqual(viewSidebar(shown(busyDesk(), 3, 2)).lines.map(text), ['?  ', '!  ']);
});

test('a click on a sign goes to its pane', () => {
  const { commands } = update(shown(), { kind: 'click', row: 2 });
  assert.deepEqual(commands, [{ do: 'jump', pane: '%1', leave: false }]);
  assert.deepEqual(update(shown(), { kind: 'click', row: 6 }).commands, []);
});

test('the help tells how much of it is below', () => {
  const help = (rows: number) => {
    const model = update(shown(busyDesk(), 32, rows), { kind: 'key', name: '?', text: '?' }).model;
    return { model, footer: text(viewSidebar(model).lines.at(-1) ?? []).trimEnd() };
  };
  const { model, footer } = help(16);
  assert.match(footer, /^ q back +↓18$/);
  const lower = update(model, { kind: 'wheel', by: 1 }).model;
  assert.match(text(viewSidebar(lower).lines.at(-1) ?? []), /↓15 $/);
  assert.equal(help(60).footer, ' q back');
});

test('without colour every sign and emphasis stays', () => {
  assert.equal(sgr({ text: 'x', color: 'red', bold: true, reverse: true }, false), '1;7');
  const { lines } = viewSidebar(shown(wideDesk(), 60, 30));
  for (const line of lines) {
    const cells = lineCells(line, 60, false, false);
    assert.ok(cells.every((cell) => !/3\d/.test(cell.style)));
    assert.equal(
      cells.map((cell) => cell.text).join(''),
      lineCells(line, 60, false)
        .map((cell) => cell.text)
        .join(''),
    );
  }
});

test('a shell that lets nobody work is not started in a pane', () => {
  for (const SHELL of ['/bin/false', '/usr/sbin/nologin', 'false', '', undefined])
    assert.equal(workingShell({ SHELL }), '/bin/sh', SHELL);
  for (const SHELL of ['/usr/bin/fish', '/opt/notfalse', '/bin/zsh'])
    assert.equal(workingShell({ SHELL }), SHELL);
  assert.equal(personalEnvironment({ SHELL: '/bin/false' }).SHELL, undefined);
});

test('a path in a note is cut at its beginning', () => {
  const path = '/home/me/.local/state/pitwall/app/fix-login/task.json';
  const note = (given: object) => {
    const lines = viewSidebar({ ...shown(desk([]), 40, 20), ...given }).lines.map(text);
    return lines.find((line) => line.startsWith(' ! '))?.trimEnd();
  };
  const damaged = desk([], [], [`${path} was damaged; its content is kept in ${path}.damaged-1`]);
  assert.equal(note({ snapshot: damaged }), ' ! …/fix-login/task.json was damaged; i…');
  assert.equal(note({ error: `cannot read ${path}` }), ' ! cannot read …/fix-login/task.json');
  assert.equal(note({ notice: 'a/b/c and /x/y stay' }), ' ! a/b/c and /x/y stay');
});
