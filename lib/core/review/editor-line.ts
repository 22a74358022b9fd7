/** How editors are told the line to open a file at. */

/** Editors that take it behind the name of the file, and those that want an option before that. */
const behind = /^(hx|helix|zed|subl|micro)$/;
const goto = /^(code|code-insiders|codium|cursor|windsurf)$/;

/** The arguments for an editor, as the person wrote it (`code --wait`), that open `path` at a line, from 1. */
export function editorArguments(editor: string, path: string, line: number): readonly string[] {
  const program = editor.trim().split(/\s+/)[0]?.split('/').at(-1) ?? '';
  if (goto.test(program)) return ['--goto', `${path}:${line}`];
  return behind.test(program) ? [`${path}:${line}`] : [`+${line}`, path];
}
