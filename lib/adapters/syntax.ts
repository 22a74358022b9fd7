/** Reads code with CodeMirror's line by line grammars: each is loaded when a file of its language is first shown. */
import { type StreamParser, StringStream } from '@codemirror/streamparser';
import type { Grammar, Language, LineReader, Token, TokenKind } from '../core/diff/syntax.ts';
import type { Syntax } from '../ports.ts';
import { parsers } from './syntax-languages.ts';

/** Units of a line that are read; the rest of it is plain. */
const longest = 2000;
const tabCells = 4;
const indentCells = 2;

/** Kinds by the first part of CodeMirror's names (https://lezer.codemirror.net/docs/ref/#highlight.tags). */
const kinds: Readonly<Record<string, TokenKind>> = {
  keyword: 'keyword',
  operatorKeyword: 'keyword',
  controlKeyword: 'keyword',
  definitionKeyword: 'keyword',
  moduleKeyword: 'keyword',
  modifier: 'keyword',
  string: 'string',
  character: 'string',
  attributeValue: 'string',
  docString: 'string',
  escape: 'string',
  regexp: 'string',
  url: 'string',
  monospace: 'string',
  comment: 'comment',
  lineComment: 'comment',
  blockComment: 'comment',
  docComment: 'comment',
  number: 'constant',
  integer: 'constant',
  float: 'constant',
  unit: 'constant',
  color: 'constant',
  bool: 'constant',
  atom: 'constant',
  null: 'constant',
  self: 'keyword',
  type: 'type',
  typeName: 'type',
  className: 'type',
  namespace: 'type',
  tag: 'type',
  tagName: 'type',
  builtin: 'name',
  standard: 'name',
  def: 'name',
  definition: 'name',
  attribute: 'name',
  attributeName: 'name',
  link: 'name',
  meta: 'name',
  annotation: 'name',
  macroName: 'name',
  processingInstruction: 'name',
  header: 'heading',
  heading: 'heading',
};

/** Those that name fields in nearly every word of a program are plain there, and the point of data. */
const named: ReadonlySet<Language> = new Set(['json', 'yaml', 'toml', 'css', 'scss', 'less', 'properties']);

/** The port of grammars; each is loaded once. */
export function createSyntax(): Syntax {
  const known = new Map<Language, Promise<Grammar>>();
  return {
    grammar(language) {
      const before = known.get(language);
      if (before) return before;
      const loading = parsers[language]().then((parser): Grammar => {
        const kindOf = named.has(language) ? dataKind : programKind;
        return () => readerOf(parser, kindOf, parser.startState?.(indentCells) ?? {});
      });
      known.set(language, loading);
      return loading;
    },
  };
}

function programKind(style: string): TokenKind | null {
  for (const each of style.split(' ')) {
    const kind = kinds[each.split('.')[0] ?? ''];
    if (kind) return kind;
  }
  return null;
}

function dataKind(style: string): TokenKind | null {
  if (/\b(?:property|propertyName)\b/.test(style)) return 'name';
  return programKind(style);
}

function readerOf(
  parser: StreamParser<unknown>,
  kindOf: (style: string) => TokenKind | null,
  state: unknown,
): LineReader {
  return {
    read(line) {
      const text = line.slice(0, longest);
      if (text === '') parser.blankLine?.(state, indentCells);
      return readLine(parser, kindOf, new StringStream(text, tabCells, indentCells), state);
    },
    copy: () => readerOf(parser, kindOf, (parser.copyState ?? shallow)(state)),
  };
}

function readLine(
  parser: StreamParser<unknown>,
  kindOf: (style: string) => TokenKind | null,
  stream: StringStream,
  state: unknown,
): readonly Token[] {
  const found: Token[] = [];
  for (let idle = 0; !stream.eol(); ) {
    stream.start = stream.pos;
    const style = styleOfNext(parser, stream, state);
    const { start: from, pos: to } = stream;
    // A token may be empty to change the state; one that never moves on is at a loss here.
    idle = to > from ? 0 : idle + 1;
    if (idle > 10) stream.next();
    const kind = style === null || to <= from ? null : kindOf(style);
    if (kind !== null) found.push({ from, to, kind });
  }
  return found;
}

function styleOfNext(parser: StreamParser<unknown>, stream: StringStream, state: unknown): string | null {
  try {
    return parser.token(stream, state) ?? null;
  } catch {
    // A grammar that stumbles over a text, which may be any, costs that line its colours.
    stream.skipToEnd();
    return null;
  }
}

/** As CodeMirror copies a state whose parser does not do it itself. */
function shallow(state: unknown): unknown {
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, Array.isArray(value) ? value.slice() : value]),
  );
}
