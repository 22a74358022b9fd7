/** Which of CodeMirror's grammars reads which language. */
import type { StreamParser } from '@codemirror/streamparser';
import type { Language } from '../core/diff/syntax.ts';

type Loads = () => Promise<StreamParser<unknown>>;

const clike = () => import('@codemirror/legacy-modes/mode/clike');
const javascript = () => import('@codemirror/legacy-modes/mode/javascript');
const styles = () => import('@codemirror/legacy-modes/mode/css');
const markup = () => import('@codemirror/legacy-modes/mode/xml');

/** One grammar a language, loaded at the first call. */
export const parsers: Readonly<Record<Language, Loads>> = {
  c: async () => (await clike()).c,
  clojure: async () => (await import('@codemirror/legacy-modes/mode/clojure')).clojure,
  cmake: async () => (await import('@codemirror/legacy-modes/mode/cmake')).cmake,
  cpp: async () => (await clike()).cpp,
  crystal: async () => (await import('@codemirror/legacy-modes/mode/crystal')).crystal,
  csharp: async () => (await clike()).csharp,
  css: async () => (await styles()).css,
  d: async () => (await import('@codemirror/legacy-modes/mode/d')).d,
  dart: async () => (await clike()).dart,
  diff: async () => (await import('@codemirror/legacy-modes/mode/diff')).diff,
  dockerfile: async () => (await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile,
  elm: async () => (await import('@codemirror/legacy-modes/mode/elm')).elm,
  erlang: async () => (await import('@codemirror/legacy-modes/mode/erlang')).erlang,
  fsharp: async () => (await import('@codemirror/legacy-modes/mode/mllike')).fSharp,
  go: async () => (await import('@codemirror/legacy-modes/mode/go')).go,
  groovy: async () => (await import('@codemirror/legacy-modes/mode/groovy')).groovy,
  haskell: async () => (await import('@codemirror/legacy-modes/mode/haskell')).haskell,
  html: async () => (await markup()).html,
  java: async () => (await clike()).java,
  javascript: async () => (await javascript()).javascript,
  json: async () => (await javascript()).json,
  julia: async () => (await import('@codemirror/legacy-modes/mode/julia')).julia,
  kotlin: async () => (await clike()).kotlin,
  latex: async () => (await import('@codemirror/legacy-modes/mode/stex')).stex,
  less: async () => (await styles()).less,
  lisp: async () => (await import('@codemirror/legacy-modes/mode/commonlisp')).commonLisp,
  lua: async () => (await import('@codemirror/legacy-modes/mode/lua')).lua,
  makefile: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  markdown: async () => (await import('./syntax-own.ts')).markdown,
  nginx: async () => (await import('@codemirror/legacy-modes/mode/nginx')).nginx,
  objectivec: async () => (await clike()).objectiveC,
  ocaml: async () => (await import('@codemirror/legacy-modes/mode/mllike')).oCaml,
  pascal: async () => (await import('@codemirror/legacy-modes/mode/pascal')).pascal,
  perl: async () => (await import('@codemirror/legacy-modes/mode/perl')).perl,
  php: async () => (await import('./syntax-own.ts')).php,
  powershell: async () => (await import('@codemirror/legacy-modes/mode/powershell')).powerShell,
  properties: async () => (await import('@codemirror/legacy-modes/mode/properties')).properties,
  protobuf: async () => (await import('@codemirror/legacy-modes/mode/protobuf')).protobuf,
  python: async () => (await import('@codemirror/legacy-modes/mode/python')).python,
  r: async () => (await import('@codemirror/legacy-modes/mode/r')).r,
  ruby: async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby,
  rust: async () => (await import('@codemirror/legacy-modes/mode/rust')).rust,
  sass: async () => (await import('@codemirror/legacy-modes/mode/sass')).sass,
  scala: async () => (await clike()).scala,
  scheme: async () => (await import('@codemirror/legacy-modes/mode/scheme')).scheme,
  scss: async () => (await styles()).sCSS,
  shell: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  sql: async () => (await import('@codemirror/legacy-modes/mode/sql')).standardSQL,
  stylus: async () => (await import('@codemirror/legacy-modes/mode/stylus')).stylus,
  swift: async () => (await import('@codemirror/legacy-modes/mode/swift')).swift,
  tcl: async () => (await import('@codemirror/legacy-modes/mode/tcl')).tcl,
  toml: async () => (await import('@codemirror/legacy-modes/mode/toml')).toml,
  typescript: async () => (await javascript()).typescript,
  verilog: async () => (await import('@codemirror/legacy-modes/mode/verilog')).verilog,
  vhdl: async () => (await import('@codemirror/legacy-modes/mode/vhdl')).vhdl,
  xml: async () => (await markup()).xml,
  yaml: async () => (await import('@codemirror/legacy-modes/mode/yaml')).yaml,
};
