/** Text from outside made harmless, and ages as people say them. */

/** A text whose every character is one cell and means nothing to a terminal. */
export const printableAscii = /^[\x20-\x7e]*$/;
const escapeSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?/g;
const blanks = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g;
/** Marks that turn the reading direction (a name could disguise itself) and half characters. */
const disguises = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** Hostile text made harmless: escape sequences gone, runs of control characters one blank, no turned direction. */
export function plain(text: string): string {
  if (printableAscii.test(text)) return text;
  return text.replace(escapeSequence, '').replace(blanks, ' ').replace(disguises, '');
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;
const year = 365 * day;

/** An age of `ms` as people say it, in three cells: `now`, `4m`, `2h`, `3d`, `20w`, `3y`; `?` when it is no number. */
export function age(ms: number): string {
  if (Number.isNaN(ms)) return '?';
  if (ms < minute) return 'now';
  if (ms < hour) return `${Math.floor(ms / minute)}m`;
  if (ms < day) return `${Math.floor(ms / hour)}h`;
  if (ms < 100 * day) return `${Math.floor(ms / day)}d`;
  if (ms < 100 * week) return `${Math.floor(ms / week)}w`;
  return `${Math.min(99, Math.floor(ms / year))}y`;
}

/** In how many ms the label of an age of `ms` becomes another one; Infinity when it never does. */
export function ageChangesIn(ms: number): number {
  if (Number.isNaN(ms)) return Number.POSITIVE_INFINITY;
  if (ms < minute) return minute - ms;
  if (ms >= 99 * year) return Number.POSITIVE_INFINITY;
  const unit = ms < hour ? minute : ms < day ? hour : ms < 100 * day ? day : ms < 100 * week ? week : year;
  return unit - (ms % unit);
}

/** Whether the locale of this environment is UTF-8, as tmux and the C library decide it. */
export function speaksUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
