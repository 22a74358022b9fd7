/** Addresses that a browser may be given: only of the web, and as a browser reads them. */

/** An address and what it is. */
export interface Link {
  readonly url: string;
  readonly words: string;
  /** Made by us: not by an agent, who may name any. */
  readonly own: boolean;
}

/** Of a report's links, and units of one. */
const mostLinks = 30;
const longest = 2000;

/** The address in its one form, or null for anything but http and https. */
export function webAddress(text: string): string | null {
  if (text.length > longest || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}

/** The web addresses that a text written by an agent names, each once, in its order. */
export function linksIn(text: string): readonly Link[] {
  const found = text.matchAll(/\bhttps?:\/\/[^\s<>"'`|\\^{}\p{Cc}\p{Cf}]+/giu);
  const urls = [...found].flatMap(([each]) => webAddress(unpunctuated(each)) ?? []);
  return [...new Set(urls)].slice(0, mostLinks).map((url) => ({ url, words: 'in its report', own: false }));
}

/** Without what belongs to the sentence around it; a bracket stays when it was opened in the address. */
function unpunctuated(url: string): string {
  const short = url.replace(/[.,;:!?*_~]+$/, '');
  const opens = [...short].filter((each) => each === '(' || each === '[').length;
  const closes = [...short].filter((each) => each === ')' || each === ']').length;
  if (closes <= opens || !/[)\]]$/.test(short)) return short;
  return unpunctuated(short.slice(0, -1));
}

/** The address of what listens on a port of this machine. */
export function appAt(port: number): Link {
  return { url: `http://localhost:${port}/`, words: 'the running app', own: true };
}
