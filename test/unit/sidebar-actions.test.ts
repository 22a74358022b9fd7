import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../lib/core/model.ts';
import { newSidebar, type SidebarMessage, type SidebarModel } from '../../lib/ui/sidebar-model.ts';
import { type Update, update } from '../../lib/ui/sidebar-update.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { agent, demoKeys, desk, item, now, task } from '../fixtures/desks.ts';

const to = { project: 'app', task: 'one', agent: 'claude' };
const asking = agent('claude', { state: 'waiting', pane: '%7', message: 'allow: npm install' });
const snapshot = (): Snapshot =>
  desk(
    [
      task('one', { state: 'waiting', agents: [agent('rev', { state: 'done', pane: '%8' }), asking] }),
      task('two', { state: 'working', agents: [agent('codex', { pane: '%9' })] }),
      task('sh', { state: 'unknown', agents: [agent('shell', { state: 'unknown', pane: '%10' })] }),
      task('off', { state: 'exited', agents: [agent('gemini', { state: 'exited', pane: null, pid: null })] }),
    ],
    [item('one', { agent: 'claude', pane: '%7', summary: 'allow: npm install' })],
  );

function press(model: SidebarModel, ...names: readonly string[]): Update {
  const messages = names.map((name): SidebarMessage => {
    const text = [...name].length === 1 ? name : name === 'space' ? ' ' : null;
    return { kind: 'key', name, text };
  });
  return messages.reduce<Update>((last, message) => update(last.model, message), { model, commands: [] });
}

function model(given: Partial<SidebarModel> = {}): SidebarModel {
  const fresh = newSidebar({
    kind: 'sidebar',
    columns: 60,
    rows: 30,
    ascii: false,
    now,
    keys: demoKeys,
    mute: ['shell'],
  });
  return { ...update(fresh, { kind: 'snapshot', snapshot: snapshot(), now }).model, ...given };
}

/** Moves the selection to the row of that task. */
function at(name: string, from = model()): SidebarModel {
  return { ...from, selected: ['task', 'app', name].join('\n') };
}

const lines = (of: SidebarModel) =>
  viewSidebar(of).lines.map((line) =>
    line
      .map((span) => span.text)
      .join('')
      .trimEnd(),
  );
const footer = (of: SidebarModel) => lines(of).at(-1) ?? '';

test('a and d answer the agent of the item, with what the person saw it ask', () => {
  for (const [key, reply] of [
    ['a', 'yes'],
    ['d', 'no'],
  ] as const)
    assert.deepEqual(press(model(), key).commands, [
      { do: 'answer', to, reply, asked: 'allow: npm install' },
    ]);
  assert.deepEqual(press(at('one'), 'a').commands.length, 1, 'of a task the agent that asks');
});

test('while an answer is on its way there is no second one', () => {
  const first = press(model(), 'a').model;
  const second = press(first, 'a');
  assert.deepEqual(second.commands, []);
  assert.equal(second.model.notice, 'one/claude is being answered');
  const over = update(first, { kind: 'answered', to, problem: null }).model;
  assert.equal(press(over, 'd').commands.length, 1);
});

test('keys that do nothing here are not in the footer, and say why when pressed', () => {
  const shown = (of: SidebarModel) => footer(of).replace(/ {2,}/g, ' ').trim();
  assert.match(shown(model()), /^⏎ go a allow d deny space prompt p look/);
  assert.doesNotMatch(shown(at('two')), /allow|deny/);
  assert.match(shown(at('two')), /space prompt p look/);
  assert.doesNotMatch(shown(at('sh')), /prompt|allow/);
  assert.doesNotMatch(shown(at('off')), /prompt|allow|look/);
  const said = (of: SidebarModel, key: string) => press(of, key).model.notice;
  assert.equal(said(at('two'), 'a'), 'two/codex asks nothing');
  assert.equal(said(at('sh'), 'space'), 'sh/shell takes no prompt');
  assert.equal(said(at('off'), 'e'), 'off/gemini is not running');
  assert.equal(said(at('off'), 'p'), 'off/gemini has no pane now');
  assert.deepEqual(press(model({ snapshot: desk([]) }), 'a', 'p', 'space').commands, []);
});

test('m hands what kept a task from landing to its agent, on the item and on the task', () => {
  const stopped = desk(
    [task('one', { state: 'done', agents: [agent('claude', { state: 'done', pane: '%7' })] }), task('two')],
    [item('one', { kind: 'conflict', pane: '%7', summary: 'git would stop at a.ts' })],
  );
  const mend = [{ do: 'mend', project: 'app', task: 'one' }];
  assert.deepEqual(press(model({ snapshot: stopped }), 'm').commands, mend);
  assert.deepEqual(press(at('one', model({ snapshot: stopped })), 'm').commands, mend);
  assert.match(footer(model({ snapshot: stopped })), /m mend/);
  const other = at('two', model({ snapshot: stopped }));
  assert.doesNotMatch(footer(other), /m mend/);
  assert.deepEqual(press(other, 'm').commands, []);
  assert.equal(press(other, 'm').model.notice, 'nothing kept two from landing');
});

test('p looks at the pane', () => {
  assert.deepEqual(press(model(), 'p').commands, [{ do: 'look', pane: '%7', title: 'one/claude' }]);
});

test('a prompt is typed in the footer and sent; keys are text meanwhile', () => {
  const typed = press(model(), 'space', 'd', 'o', 'space', 'a', '1', '?').model;
  assert.equal(typed.mode, 'prompt');
  assert.match(footer(typed), /^ > do a1\?/);
  assert.ok(lines(typed).some((line) => line.includes('to one/claude')));
  assert.equal(footer(press(typed, 'backspace', 'C-w').model).trim(), '> do');
  const sent = press(typed, 'enter');
  assert.deepEqual(sent.commands, [{ do: 'send', to, text: 'do a1?' }]);
  assert.equal(sent.model.mode, 'list');
  const over = update(sent.model, { kind: 'sent', to, text: 'do a1?', held: null, problem: null }).model;
  assert.deepEqual(over.drafts, {});
});

test('a draft survives Escape, other agents’ drafts and a failed delivery; it goes when sent or cleared', () => {
  const typed = press(model(), 'space', 'x', 'escape').model;
  assert.equal(typed.mode, 'list');
  const other = press(at('two', typed), 'space', 'y', 'escape').model;
  assert.match(footer(press({ ...other, selected: null }, 'space').model), /^ > x/);
  const again = press({ ...other, selected: null }, 'space', 'enter').model;
  const failed = update(again, { kind: 'sent', to, text: 'x', held: null, problem: 'it is gone' }).model;
  assert.ok(lines(failed).includes(' ! it is gone'));
  assert.ok(lines(press(failed, 'j', 'k').model).includes(' ! it is gone'), 'not lost by moving');
  assert.ok(!lines(press(failed, 'escape').model).includes(' ! it is gone'));
  assert.match(footer(press({ ...failed, selected: null }, 'space').model), /^ > x/);
  const held = update(again, { kind: 'sent', to, text: 'x', held: 'it is at work', problem: null }).model;
  assert.equal(held.notice, 'held for one/claude: it is at work');
  assert.equal(Object.values(held.drafts).join(), 'y');
  assert.deepEqual(Object.values(press(typed, 'space', 'C-u', 'escape').model.drafts), []);
  assert.deepEqual(press(model(), 'space', 'space', 'enter').commands, [], 'blank is not sent');
});

test('an answer that fails is a line until the next thing done', () => {
  const failed = update(press(model(), 'a').model, { kind: 'answered', to, problem: 'not known' }).model;
  assert.ok(lines(failed).includes(' ! not known'));
  assert.ok(lines(press(failed, 'j').model).includes(' ! not known'));
  assert.ok(!lines(press(failed, 'a').model).includes(' ! not known'));
});

test('pasted letters are never keys; in a prompt line feeds are kept', () => {
  const paste = (of: SidebarModel, text: string) => update(of, { kind: 'paste', text });
  assert.deepEqual(paste(model(), 'add\n').commands, []);
  assert.equal(paste(model(), 'add\n').model.mode, 'list');
  const typed = paste(press(model(), 'space').model, 'one\r\ntwo').model;
  assert.match(footer(typed), /^ > one↵two/);
  assert.deepEqual(press(typed, 'enter').commands, [{ do: 'send', to, text: 'one\ntwo' }]);
  assert.equal(paste(press(model(), '/').model, 'on\ne').model.filter, 'on e');
});

test('the editor gets the draft, and what it leaves waits to be sent', () => {
  assert.deepEqual(press(model(), 'e').commands, [{ do: 'compose', to, text: '' }]);
  const typed = press(model(), 'space', 'x', 'C-e');
  assert.deepEqual(typed.commands, [{ do: 'compose', to, text: 'x' }]);
  const back = update(typed.model, { kind: 'composed', to, text: 'x\ny\n\n' }).model;
  assert.match(footer(back), /^ > x↵y/);
  assert.deepEqual(press(back, 'enter').commands, [{ do: 'send', to, text: 'x\ny' }]);
});

test('a long prompt shows its end, in any width', () => {
  for (const columns of [12, 32, 60]) {
    const typed = press(model({ columns }), 'space').model;
    const long = update(typed, { kind: 'paste', text: `${'修 words '.repeat(40)}end` }).model;
    assert.match(footer(long), /end/, String(columns));
  }
});
