/** Reads the text of a layout file: a layout, or every problem with the line and the reason. */
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import { oneLine } from '../errors.ts';
import { nearNames } from '../names.ts';
import { type Layout, layoutOf, layoutSchema } from './layout.ts';
import { meaningProblems } from './layout-meaning.ts';

/** One thing that is wrong with a layout file. Line and column count from 1, the column in characters. */
export interface LayoutProblem {
  readonly line: number;
  readonly column: number;
  /** Where in the JSON: `panes.children[1].size`; empty for the file as a whole. */
  readonly path: string;
  readonly reason: string;
}

/** A checked layout file. */
export type LayoutCheck =
  | { readonly layout: Layout; readonly problems: readonly [] }
  | { readonly layout: null; readonly problems: readonly LayoutProblem[] };

/** Longest file in characters, and deepest nesting of brackets: far more than any layout, far less than harms. */
const longest = 64 * 1024;
const deepest = 48;

type Path = readonly (string | number)[];
interface Found {
  readonly path: Path;
  readonly reason: string;
  /** Point at the key, not at its value. */
  readonly atKey?: boolean;
}

/** Checks a layout file. Never throws, whatever the text. Problems are in the order of the file. */
export function checkLayout(text: string): LayoutCheck {
  const json = text.replace(/^\uFEFF/, '');
  const refuse = (problems: readonly LayoutProblem[]): LayoutCheck => ({ layout: null, problems });
  const unreadable = tooMuch(json);
  if (unreadable !== null) return refuse([unreadable]);
  const errors: ParseError[] = [];
  const root = parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  // Only the first: those after it mostly follow from it.
  if (error) return refuse([syntaxProblem(json, error)]);
  if (!root) return refuse([problemAt(json, 0, [], 'the file is empty')]);
  if (root.type !== 'object') return refuse([problemAt(json, root.offset, [], 'an object is wanted here')]);
  const twice = repeatedKeys(root).map((node) =>
    problemAt(json, node.offset, pathOf(node), 'this key is stated twice'),
  );
  if (twice.length > 0) return refuse(twice);
  const read = v.safeParse(layoutSchema, readValue(root));
  const found = read.success ? meaningProblems(read.output) : read.issues.map(foundBy);
  const problems = found
    .map((each) => ({ each, offset: offsetOf(root, each) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ each, offset }) => problemAt(json, offset, each.path, each.reason));
  return read.success && problems.length === 0
    ? { layout: layoutOf(read.output), problems: [] }
    : refuse(problems);
}

/** What cannot be handed to a recursive parser. Brackets inside strings do not count. */
function tooMuch(json: string): LayoutProblem | null {
  if (json.length > longest) return problemAt(json, 0, [], `longer than ${longest} characters: not a layout`);
  let depth = 0;
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\\n]|\\.)*"|[[{]|[\]}]/g)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth > deepest) return problemAt(json, index, [], `nested deeper than ${deepest} brackets`);
  }
  return null;
}

const syntaxWords: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes is missing here (is there a comma too many before it?)',
  ValueExpected: 'a value is missing here (is there a comma too many before it?)',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'the file should end here',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the closing " of a string is missing',
  InvalidEscapeCharacter: 'no such escape in a JSON string (write \\\\ for a backslash)',
  InvalidCharacter: 'a control character in a string (write \\n or \\t)',
};

function syntaxProblem(json: string, error: ParseError): LayoutProblem {
  const code = printParseErrorCode(error.error);
  return problemAt(json, error.offset, [], syntaxWords[code] ?? 'this is not JSON');
}

/** The value of a parsed tree. Not the parser's own: a key `__proto__` stays a key. */
function readValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(readValue);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).map(({ children: [key, value] = [] }) => [
    String(key?.value),
    value === undefined ? null : readValue(value),
  ]);
  return Object.fromEntries(entries);
}

function repeatedKeys(node: Node): readonly Node[] {
  const children = node.children ?? [];
  const seen = new Set<unknown>();
  const own =
    node.type !== 'object'
      ? []
      : children.flatMap(({ children: [key] = [] }) => {
          if (key === undefined) return [];
          if (seen.has(key.value)) return [key];
          seen.add(key.value);
          return [];
        });
  return [...own, ...children.flatMap(repeatedKeys)];
}

function pathOf(key: Node): Path {
  const above: (string | number)[] = [];
  for (let node: Node | undefined = key.parent; node; node = node.parent) {
    if (node.type === 'property') above.unshift(String(node.children?.[0]?.value));
    if (node.parent?.type === 'array') above.unshift(node.parent.children?.indexOf(node) ?? 0);
  }
  return above;
}

type Issue = v.InferIssue<typeof layoutSchema>;

/** A problem of shape in words. Unknown keys come with the known one that was likely meant. */
function foundBy(issue: Issue): Found {
  const path = (issue.path ?? []).map((item) => (typeof item.key === 'number' ? item.key : String(item.key)));
  const key = String(path.at(-1) ?? '');
  if (issue.path?.at(-1)?.origin !== 'key') return { path, reason: reasonOf(issue) };
  if (issue.expected !== 'never') return { path: path.slice(0, -1), reason: `"${key}" is missing` };
  const known = knownKeys.filter((each) => each !== key);
  const near = nearNames(key, known);
  const meant = near.length > 0 ? `; did you mean "${near.join('" or "')}"?` : '';
  return { path, reason: `unknown key "${key.slice(0, 40)}"${meant}`, atKey: true };
}

const knownKeys = [
  ...['name', 'title', 'panes', 'split', 'children', 'size', 'role', 'runs', 'min', 'drop'],
  ...['columns', 'rows', 'agent', 'command'],
];

function reasonOf(issue: Issue): string {
  const known = !issue.message.startsWith('Invalid ');
  if (known) return issue.message;
  const expected = (issue.expected ?? 'something else').replaceAll(' | ', ' or ').replace(/^\((.*)\)$/, '$1');
  return `${expected.replace(/^Object$/, 'an object').replace(/^Array$/, 'an array')} is wanted here, not ${issue.received}`;
}

function offsetOf(root: Node, { path, atKey }: Found): number {
  const node = findNodeAtLocation(root, [...path]);
  return (atKey === true ? node?.parent?.offset : node?.offset) ?? root.offset;
}

function problemAt(json: string, offset: number, path: Path, reason: string): LayoutProblem {
  const before = json.slice(0, offset).split(/\r\n|\n|\r/);
  const step = (part: string | number, index: number) =>
    typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`;
  return {
    line: before.length,
    column: [...(before.at(-1) ?? '')].length + 1,
    // Keys and values of the file are quoted here: text from outside.
    path: oneLine(path.map(step).join('')).slice(0, 200),
    reason: oneLine(reason).slice(0, 300),
  };
}
