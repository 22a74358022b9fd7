/** update(model, message) → the next model and what is to be done. The only place that decides what a key means. */
import { oneLine } from '../core/errors.ts';
import { clickAt } from './review-click.ts';
import { decide, decidingKeys } from './review-decide.ts';
import { folding, keptFolds, seen, unfolded, unfolding } from './review-files.ts';
import { layOutReview } from './review-layout.ts';
import { choosing, offered, unopened } from './review-links.ts';
import {
  entriesOf,
  isSeen,
  openEntry,
  type ReviewMessage,
  type ReviewModel,
  type ReviewReading,
  type ReviewUpdate,
  still,
} from './review-model.ts';
import { clamp, inView, movedByHunk, movedTo, opened, withRows } from './review-move.ts';
import { again, opening, otherSpan } from './review-opening.ts';
import { scrollable } from './review-text.ts';
import { beginComment, finishTyping, savedDraft, typing } from './review-typing.ts';

type Key = Extract<ReviewMessage, { kind: 'key' }>;

const wheelLines = 3;
const sideCells = 8;

/** Folds one message into the model. Total: an unknown key changes nothing. */
export function updateReview(model: ReviewModel, message: ReviewMessage): ReviewUpdate {
  switch (message.kind) {
    case 'reading':
      return still(read(model, message.reading));
    case 'unfolded':
      return still(unfolded(model, message.path, message.file));
    case 'failed':
      return still(inView({ ...model, failure: oneLine(message.message), deciding: null }));
    case 'notice':
      return still(inView({ ...model, notice: oneLine(message.message) }));
    case 'resize':
      return still(withRows({ ...model, columns: message.columns, rows: message.rows }));
    case 'wheel':
      return still(rolled(model, message.by * wheelLines));
    case 'links':
      return offered(model, message.links);
    case 'unopened':
      return unopened(model, message.url);
    case 'uncommitted':
      return still({ ...model, deciding: null, mode: 'commit', typed: message.message });
    case 'composed':
      return finishTyping({ ...model, target: message.comment }, message.text);
    case 'paste':
      return still(pasted(model, message.text));
    case 'click':
      return model.mode === 'browse' ? still(clickAt({ ...model, notice: null }, message)) : still(model);
    case 'hangup': {
      const kept = savedDraft(model);
      return { model: kept.model, commands: [...kept.commands, { do: 'quit' }] };
    }
    case 'key':
      return model.deciding === null ? pressed({ ...model, notice: null }, message) : still(model);
  }
}

/** What was read takes the place of what is shown; the cursor stays in its file, on its line. */
function read(model: ReviewModel, reading: ReviewReading): ReviewModel {
  const { notes, placed, files } = reading;
  const entries = entriesOf(files, placed, {});
  const path = openEntry(model)?.path;
  const folds = keptFolds(model, files);
  const next = {
    ...model,
    reading,
    notes,
    placed,
    entries,
    unfolded: {},
    folds,
    failure: null,
    anchor: null,
  };
  const same = entries.findIndex((entry) => entry.path === path);
  if (same < 0)
    return opened(
      next,
      Math.max(
        0,
        entries.findIndex((entry) => !isSeen(next, entry)),
      ),
    );
  if (model.reading?.span !== reading.span) return opened(next, same);
  return withRows({ ...next, file: same });
}

function pasted(model: ReviewModel, text: string): ReviewModel {
  if (!['search', 'comment', 'message', 'commit'].includes(model.mode)) return model;
  const added = model.mode === 'search' ? oneLine(text) : text.replace(/\r\n?/g, '\n');
  return { ...model, typed: model.typed + added };
}

function pressed(model: ReviewModel, key: Key): ReviewUpdate {
  switch (model.mode) {
    case 'search':
    case 'comment':
    case 'message':
    case 'commit':
      return typing(model, key);
    case 'drop':
    case 'land':
      return decide(model, key);
    case 'help':
    case 'about':
      return reading(model, key);
    case 'links':
      return choosing(model, key) ?? reading(model, key);
    case 'browse':
      return browsing(model, key);
  }
}

/** A key while help or the task's prompt and report are shown. */
function reading(model: ReviewModel, key: Key): ReviewUpdate {
  const name = key.text ?? key.name;
  const page = layOutReview(model).listRows - 1;
  const by = { j: 1, down: 1, k: -1, up: -1, pagedown: page, pageup: -page, ' ': page }[name];
  if (by !== undefined) return still(rolled(model, by));
  if (name === 'g' || name === 'G') return still(rolled(model, name === 'g' ? -Infinity : Infinity));
  const leaves = ['q', '?', 't', 'o', 'escape', 'enter', 'C-c'].includes(name) || key.name === 'enter';
  return still(leaves ? { ...model, mode: 'browse', scroll: 0 } : model);
}

function rolled(model: ReviewModel, by: number): ReviewModel {
  if (['help', 'about', 'links'].includes(model.mode))
    return { ...model, scroll: clamp(model.scroll + by, 0, scrollable(model)) };
  if (layOutReview(model).diff === 0) return chosen(model, model.file + by);
  return movedTo(model, model.row + by);
}

function chosen(model: ReviewModel, file: number): ReviewModel {
  const index = clamp(file, 0, model.entries.length - 1);
  return index === model.file ? model : opened(model, index);
}

function browsing(model: ReviewModel, key: Key): ReviewUpdate {
  const name = key.text ?? key.name;
  const moved = moving(model, name);
  if (moved !== null) return still(moved);
  if (decidingKeys.includes(name)) return decide(model, key);
  switch (name) {
    case ' ':
      return seen(model);
    case 'c':
    case 'C':
      return layOutReview(model).diff === 0
        ? still({ ...model, pane: 'diff' })
        : beginComment(model, name === 'C');
    case 'v':
      return still({ ...model, anchor: model.anchor === null ? model.row : null });
    case '/':
      return still({ ...model, mode: 'search', typed: '' });
    case '?':
      return still({ ...model, mode: 'help', scroll: 0 });
    case 't':
      return still({ ...model, mode: 'about', scroll: 0 });
    case 'w':
      return otherSpan(model);
    case 'R':
    case 'C-l':
      return again(model, [{ do: 'read', span: model.reading?.span ?? 'whole' }]);
    case 'f':
      return unfolding(model);
    case 'z':
    case 'Z':
      return folding(model, name);
    case 'e':
    case 'd':
    case 'o':
    case 'P':
      return opening(model, name);
    case 'q':
    case 'escape':
    case 'C-c':
      return leaving(model, name);
  }
  return still(model);
}

function moving(model: ReviewModel, name: string): ReviewModel | null {
  const list = layOutReview(model).diff === 0;
  const page = Math.max(1, layOutReview(model).diffRows - 2);
  const go = (by: number) => (list ? chosen(model, model.file + by) : movedTo(model, model.row + by));
  switch (name) {
    case 'j':
    case 'down':
      return go(1);
    case 'k':
    case 'up':
      return go(-1);
    case 'pagedown':
    case 'C-f':
      return go(page);
    case 'pageup':
    case 'C-b':
      return go(-page);
    case 'C-d':
      return go(page >> 1);
    case 'C-u':
      return go(-(page >> 1));
    case 'g':
    case 'home':
      return go(-Infinity);
    case 'G':
    case 'end':
      return go(Infinity);
    case 'J':
      return movedByHunk(model, 1);
    case 'K':
      return movedByHunk(model, -1);
    case 'n':
      return chosen(model, model.file + 1);
    case 'p':
      return chosen(model, model.file - 1);
    case 'left':
    case 'right':
      return {
        ...model,
        column: Math.max(-sideCells, model.column + (name === 'left' ? -sideCells : sideCells)),
      };
    case 'tab':
      return { ...model, pane: model.pane === 'files' ? 'diff' : 'files' };
    case 'enter':
      return { ...model, pane: 'diff' };
  }
  return null;
}

function leaving(model: ReviewModel, name: string): ReviewUpdate {
  if (name === 'escape') {
    if (model.failure !== null) return still({ ...model, failure: null });
    if (model.anchor !== null) return still({ ...model, anchor: null });
    if (model.search !== '') return still({ ...model, search: '' });
    return still(layOutReview(model).list === 0 ? { ...model, pane: 'files' } : model);
  }
  return { model, commands: [{ do: 'quit' }] };
}
