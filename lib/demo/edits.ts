/** From a prompt to the lines it adds to files: deterministic, so that tests and demonstrations can tell the outcome. */
import { cut, plain, plainLines, titleOf } from './text.ts';

/** One append to one file; `path` is relative to the worktree, with `/`, without `.` and `..`; `text` ends a line. */
export interface Edit {
  readonly path: string;
  readonly text: string;
}

/** What a turn writes. */
export interface EditPlan {
  readonly edits: readonly Edit[];
  /** Paths that the prompt names and that are not written, each with the reason in words. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

/** What a turn knows when it plans its edits. */
export interface EditRequest {
  /** The prompt without directives. */
  readonly text: string;
  /** From 1. */
  readonly turn: number;
  /** Files that earlier turns of the conversation wrote: feedback goes to them again. */
  readonly earlier: readonly string[];
  /** What the person answered other than yes or no, or null. */
  readonly remark: string | null;
}

const mostFiles = 12;
const hash = { open: '# ', close: '' };
const slashes = { open: '// ', close: '' };
const block = { open: '/* ', close: ' */' };
const markup = { open: '<!-- ', close: ' -->' };
const item = { open: '- ', close: '' };
const bare = { open: '', close: '' };

interface LineStyle {
  readonly open: string;
  readonly close: string;
}

/** How a line is added to a kind of file without breaking it. A kind that is not here is left alone (JSON). */
const lineStyles = new Map<string, LineStyle>(
  (
    [
      ['md markdown', item],
      ['txt rst adoc', bare],
      ['ts tsx mts cts js jsx mjs cjs c h cc cpp hpp cs go rs java kt swift php dart zig jsonc', slashes],
      ['py rb sh bash zsh fish yml yaml toml conf nix tf Makefile Dockerfile', hash],
      ['css scss less', block],
      ['html htm xml svg vue', markup],
    ] as const
  ).flatMap(([kinds, style]) => kinds.split(' ').map((kind) => [kind, style] as const)),
);

const products = /^(?:node|next|nuxt|vue|express|three|d3|deno|bun)\.js$/i;

/** The edits a prompt asks for: a line in each file it names, else a note `notes/<slug>.md` with its text. */
export function planEdits(request: EditRequest): EditPlan {
  const { text, turn, earlier, remark } = request;
  const refused: { path: string; reason: string }[] = [];
  const paths = [...earlier];
  for (const named of namedPaths(text)) {
    const path = insidePath(named);
    if (path === null) refused.push({ path: named, reason: 'not inside the worktree' });
    else if (styleOf(path) === null) refused.push({ path, reason: 'a line would break it' });
    else if (!paths.includes(path)) paths.push(path);
  }
  const title = titleOf(text, 100) + (remark === null ? '' : ` (answer: ${cut(plain(remark), 60)})`);
  const line = turn === 1 ? `demo agent: ${title}` : `demo agent, turn ${turn}: ${title}`;
  if (paths.length === 0) return { edits: [note(text, title)], refused };
  const edits = paths.slice(0, mostFiles).map((path) => ({ path, text: asLine(path, line) }));
  return { edits, refused };
}

/** Paths of files among the words of a prompt, as written, each once, at most twelve. */
export function namedPaths(text: string): string[] {
  const found = new Set<string>();
  for (const [word] of text.slice(0, 100_000).matchAll(/[^\s"'`()[\]{}<>,;|*?!]+/g)) {
    const path = word.replace(/(?:[.:]+|:\d+)+$/, '').replace(/^\.\//, '');
    if (path.length > 200 || path.includes('://') || products.test(path)) continue;
    if (!/^[~\p{L}\p{N}._@+/-]+$/u.test(path)) continue;
    const name = path.split('/').at(-1) ?? '';
    const kind = kindOf(name);
    const looksLikeFile = path.includes('/') && /\.\p{L}[\p{L}\p{N}]{0,9}$/u.test(name);
    if (looksLikeFile || lineStyles.has(kind)) found.add(path);
    if (found.size === mostFiles) break;
  }
  return [...found];
}

/** `path` without `.` segments when it stays below the worktree and out of `.git`, else null. */
export function insidePath(path: string): string | null {
  if (path.startsWith('/') || path.startsWith('~')) return null;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const forbidden = segments.some((segment) => segment === '..' || segment.toLowerCase() === '.git');
  return segments.length === 0 || forbidden ? null : segments.join('/');
}

/** A file name from the words of a prompt: letters and digits of any script, at most 40 characters. */
export function slugOf(text: string): string {
  const words =
    titleOf(text, 200)
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const slug = [...words.slice(0, 6).join('-')].slice(0, 40).join('').replace(/-+$/, '');
  return slug === '' || text.trim() === '' ? 'note' : slug;
}

function note(text: string, title: string): Edit {
  return { path: `notes/${slugOf(text)}.md`, text: `# ${title}\n\n${plainLines(text).trim()}\n` };
}

function asLine(path: string, line: string): string {
  const { open, close } = styleOf(path) ?? bare;
  const safe = close === '' ? line : line.replaceAll('*/', '* /').replaceAll('--', '- -');
  return `${open}${safe}${close}\n`;
}

function styleOf(path: string): LineStyle | null {
  return lineStyles.get(kindOf(path.split('/').at(-1) ?? '')) ?? null;
}

/** The extension in lower case, or for a name without one (`Makefile`) the name. A dotfile is of no kind. */
function kindOf(name: string): string {
  const dot = name.lastIndexOf('.');
  if (dot === 0) return '';
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : name;
}
