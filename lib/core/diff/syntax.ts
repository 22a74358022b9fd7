/** What the parts of a line of code are, and by which grammar a file is read. The reading itself is an adapter's. */

/** What a part of a line is; the theme gives each its colour. */
export type TokenKind = 'keyword' | 'string' | 'comment' | 'constant' | 'type' | 'name' | 'heading';

/** A part of a line, in UTF-16 units. Those of a line are in order and do not overlap; the rest of it is plain. */
export interface Token {
  readonly from: number;
  readonly to: number;
  readonly kind: TokenKind;
}

/** Reads a text line by line: a comment begun in one goes on in the next. */
export interface LineReader {
  /** The next line's tokens; what is wrong in the line is plain. */
  read(line: string): readonly Token[];
  /** One that goes on from here by itself. */
  copy(): LineReader;
}

/** The beginnings of a text of that language. */
export type Grammar = () => LineReader;

/** By the ends of names; a language's first name is its id. */
const endings = {
  c: ['h'],
  clojure: ['clj', 'cljs', 'cljc', 'edn'],
  cmake: [],
  cpp: ['cc', 'cxx', 'hpp', 'hh', 'hxx', 'ino', 'cu'],
  crystal: ['cr'],
  csharp: ['cs'],
  css: [],
  d: [],
  dart: [],
  diff: ['patch'],
  dockerfile: [],
  elm: [],
  erlang: ['erl', 'hrl'],
  fsharp: ['fs', 'fsi', 'fsx'],
  go: [],
  groovy: ['gradle'],
  haskell: ['hs'],
  html: ['htm', 'vue', 'svelte', 'astro'],
  java: [],
  javascript: ['js', 'mjs', 'cjs', 'jsx'],
  json: ['jsonc', 'json5', 'webmanifest'],
  julia: ['jl'],
  kotlin: ['kt', 'kts'],
  latex: ['tex', 'sty', 'cls'],
  less: [],
  lisp: ['el', 'cl', 'lsp'],
  lua: [],
  makefile: ['mk'],
  markdown: ['md', 'mdx', 'mdc'],
  nginx: [],
  objectivec: ['m', 'mm'],
  ocaml: ['ml', 'mli'],
  pascal: ['pas'],
  perl: ['pl', 'pm'],
  php: [],
  powershell: ['ps1', 'psm1', 'psd1'],
  properties: ['ini', 'cfg', 'conf', 'env', 'service', 'editorconfig', 'gitconfig'],
  protobuf: ['proto'],
  python: ['py', 'pyi', 'pyx'],
  r: [],
  ruby: ['rb', 'rake', 'gemspec', 'ru'],
  rust: ['rs'],
  sass: [],
  scala: ['sc', 'sbt'],
  scheme: ['scm', 'rkt', 'ss'],
  scss: [],
  shell: ['sh', 'bash', 'zsh', 'ksh', 'bats', 'bashrc', 'zshrc', 'profile', 'envrc'],
  sql: [],
  stylus: ['styl'],
  swift: [],
  tcl: [],
  toml: ['lock'],
  typescript: ['ts', 'mts', 'cts', 'tsx'],
  verilog: ['v', 'sv'],
  vhdl: ['vhd'],
  xml: ['svg', 'xsd', 'xsl', 'plist', 'csproj', 'fsproj', 'storyboard'],
  yaml: ['yml'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A language that has a grammar. */
export type Language = keyof typeof endings;

/** Whole names, in lower case. */
const names: Readonly<Record<string, Language>> = {
  'cmakelists.txt': 'cmake',
  '.env': 'shell',
  brewfile: 'ruby',
  containerfile: 'dockerfile',
  gemfile: 'ruby',
  gnumakefile: 'makefile',
  'go.mod': 'go',
  'go.sum': 'properties',
  jenkinsfile: 'groovy',
  justfile: 'makefile',
  pkgbuild: 'shell',
  podfile: 'ruby',
  rakefile: 'ruby',
  'yarn.lock': 'yaml',
};

const languages = Object.keys(endings) as readonly Language[];

const byEnding: ReadonlyMap<string, Language> = new Map(
  languages.flatMap((language) => [language, ...endings[language]].map((each) => [each, language])),
);

/** The language of a file by its name alone; null when it is not known. */
export function languageOf(path: string): Language | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (Object.hasOwn(names, name)) return names[name] ?? null;
  const [stem = '', ...rest] = name.split('.');
  // `Dockerfile.dev`; `.bashrc` has an empty stem.
  return byEnding.get(rest.at(-1) ?? stem) ?? (stem === 'dockerfile' ? 'dockerfile' : null);
}
