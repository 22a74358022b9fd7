/** Grammars that CodeMirror has in another form only: enough of Markdown and PHP to colour them. */
import { clike } from '@codemirror/legacy-modes/mode/clike';
import { simpleMode } from '@codemirror/legacy-modes/mode/simple-mode';

const inText = [
  { regex: /``+.*?``+|`[^`]*`/, token: 'string' },
  { regex: /!?\[[^\]]*\]\([^)\s]*(?:\s+"[^"]*")?\)/, token: 'link' },
  { regex: /\*\*[^*]+\*\*|__[^_]+__/, token: 'heading' },
  { regex: /<!--.*?-->/, token: 'comment' },
  { regex: /<!--.*/, token: 'comment', next: 'aside' },
  { regex: /<(?:https?|mailto):[^>\s]*>|https?:\/\/[^\s)>\]]+/, token: 'link' },
  { regex: /<\/?[a-zA-Z][^>]*>/, token: 'tag' },
  { regex: /\\.|[^\\`![*_<h]+|./, token: null },
];

/** CommonMark (https://spec.commonmark.org/0.31.2/): headings, code, lists, quotes, links. */
export const markdown = simpleMode({
  start: [
    { regex: /\s*```+[^`]*$/, token: 'string', sol: true, next: 'fenced' },
    { regex: /\s*~~~+.*/, token: 'string', sol: true, next: 'waved' },
    { regex: / {0,3}#{1,6}(?:\s.*)?$/, token: 'heading', sol: true },
    { regex: /\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$/, token: 'keyword', sol: true },
    { regex: /\s*(?:[-+*]|\d{1,9}[.)])(?:\s+\[[ xX]\])?(?=\s)/, token: 'keyword', sol: true },
    { regex: /\s*>[\s>]*/, token: 'keyword', sol: true },
    ...inText,
  ],
  fenced: [
    { regex: /\s*```+\s*$/, token: 'string', sol: true, next: 'start' },
    { regex: /.*/, token: null },
  ],
  waved: [
    { regex: /\s*~~~+\s*$/, token: 'string', sol: true, next: 'start' },
    { regex: /.*/, token: null },
  ],
  aside: [
    { regex: /.*?-->/, token: 'comment', next: 'start' },
    { regex: /.*/, token: 'comment' },
  ],
});

const words = (text: string) => Object.fromEntries(text.split(' ').map((word) => [word, true]));

/** PHP 8 (https://www.php.net/manual/en/reserved.keywords.php). */
export const php = clike({
  name: 'php',
  keywords: words(
    'abstract and array as break callable case catch class clone const continue declare default do echo else elseif ' +
      'enddeclare endfor endforeach endif endswitch endwhile enum extends final finally fn for foreach function global ' +
      'goto if implements include include_once instanceof insteadof interface isset list match namespace new or print ' +
      'private protected public readonly require require_once return static switch throw trait try unset use var while ' +
      'xor yield',
  ),
  types: words('bool float int iterable mixed never object self string void'),
  blockKeywords: words('catch do else elseif for foreach if switch try while finally'),
  atoms: words('true false null TRUE FALSE NULL __CLASS__ __DIR__ __FILE__ __FUNCTION__ __LINE__ __METHOD__'),
  multiLineStrings: true,
  hooks: {
    $: (stream: { eatWhile(match: RegExp): boolean }) => {
      stream.eatWhile(/[\w$]/);
      return 'variableName';
    },
    '#': (stream: { peek(): string | undefined; skipToEnd(): void }) => {
      // `#[` begins an attribute.
      if (stream.peek() === '[') return 'meta';
      stream.skipToEnd();
      return 'comment';
    },
  },
});
