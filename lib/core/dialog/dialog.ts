/**
 * What an agent asks on its screen, and how it is answered there. A dialog is recognised whole or not at all: what is
 * not known is not answered. Recognisers are pure; answering moves the selection and looks before every key.
 */
import { oneLine } from '../errors.ts';
import type { ScreenLine } from './screen-lines.ts';

/** One of the answers that a dialog offers. */
export interface DialogOption {
  /** As it stands on the screen; of an option over several lines the first. */
  readonly text: string;
}

/** A dialog as it stands on the screen. */
export interface Dialog {
  /** `permission`: may it do something; `question`: options, perhaps a free answer; `line`: a line is typed. */
  readonly kind: 'permission' | 'question' | 'line';
  /** Its question, on one line. */
  readonly question: string;
  /** The lines above the question: they tell one dialog from the next with the same question. */
  readonly about: string;
  /** From top, or from the left; none for `line`. */
  readonly options: readonly DialogOption[];
  /** Which option Enter would take. */
  readonly selected: number;
  /** The keys that move the selection back and forth. */
  readonly keys: readonly [back: string, forth: string];
  /** A piece of the screen that shows `selected`: no key is pressed unless it still stands there. */
  readonly sign: string;
  /** The option that allows once; null when none is known. */
  readonly yes: number | null;
  /** The option that denies. */
  readonly no: number | null;
  /** Escape denies: Enter on `no` waits for words. */
  readonly escapes: boolean;
  /** The option that takes an answer in words. */
  readonly free: number | null;
}

/** Finds the dialog on a kind of agent's screen; `asked` is the question that the agent reported, if any. */
export type Recogniser = (screen: readonly ScreenLine[], asked: string | null) => Dialog | null;

/** What is to be done for a reply: take an option, perhaps with words typed into it; Escape; a line; or nothing, and why. */
export type Choice =
  | { readonly take: 'option'; readonly option: number; readonly text: string | null }
  | { readonly take: 'escape' }
  | { readonly take: 'line'; readonly text: string }
  | { readonly take: 'nothing'; readonly why: string };

/** How `reply` (`yes`, `no` or a text) answers the dialog. A permission takes only yes and no. */
export function chooseAnswer(dialog: Dialog, reply: string): Choice {
  const text = oneLine(reply);
  const word = text.toLowerCase();
  if (text === '') return { take: 'nothing', why: 'an answer cannot be empty' };
  if (dialog.kind === 'line') return { take: 'line', text: lineFor(dialog.question, text) };
  if (dialog.kind === 'permission') {
    const option = word === 'yes' ? dialog.yes : word === 'no' ? dialog.no : null;
    if (word === 'no' && option !== null && dialog.escapes) return { take: 'escape' };
    if (option !== null) return { take: 'option', option, text: null };
    return { take: 'nothing', why: 'it asks for a permission, which takes yes or no' };
  }
  const option = optionFor(dialog, word);
  if (option !== null) return { take: 'option', option, text: null };
  if (dialog.free !== null) return { take: 'option', option: dialog.free, text };
  const names = dialog.options.map((each) => each.text).join(', ');
  return { take: 'nothing', why: `its question takes one of: ${names}` };
}

/** Whether both are the same dialog, whatever is selected in it and typed into it. */
export function sameDialog(a: Dialog, b: Dialog): boolean {
  return (
    a.kind === b.kind &&
    a.question === b.question &&
    a.about === b.about &&
    a.options.length === b.options.length
  );
}

/** The option that a word or number means: exactly that text, else the only one that begins so. */
function optionFor(dialog: Dialog, word: string): number | null {
  const names = dialog.options.map((option) => option.text.toLowerCase());
  const choosable = names.flatMap((name, at) => (at === dialog.free ? [] : [{ name, at }]));
  const exact = choosable.find(({ name }) => name === word);
  if (exact) return exact.at;
  const numbered = /^[1-9]$/.test(word) ? choosable.find(({ at }) => at === Number(word) - 1) : undefined;
  if (numbered) return numbered.at;
  const begun = choosable.filter(({ name }) => name.startsWith(word));
  return begun.length === 1 ? (begun[0]?.at ?? null) : null;
}

/** yes and no as the question wants them spelt. */
function lineFor(question: string, text: string): string {
  const word = text.toLowerCase();
  if (word !== 'yes' && word !== 'no') return text;
  return /[[(]y\/n[\])]/i.test(question) ? word.slice(0, 1) : word;
}
