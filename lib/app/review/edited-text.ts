/** The person's own editor: on a text of ours, or on a file of a worktree. */
import type { Context } from '../context.ts';

/** Runs a program where the person sees it; answers whether it ended well. */
export type Show = (argv: readonly string[], folder: string) => Promise<boolean>;

/** The editor on a file of the task's folder; null when it was left with an error, or empty. */
export async function editedText(
  context: Context,
  to: { readonly project: string; readonly task: string; readonly name: string },
  text: string,
  show: Show,
): Promise<string | null> {
  const { files, folder } = context.deps;
  const path = await files.writeText(to.project, to.task, to.name, text);
  const saved = await show(editorCall(editorOf(context), [path]), '/');
  const written = saved ? await folder.read(path) : null;
  return written === null || written.trim() === '' ? null : written;
}

/** The person's editor with its arguments, as they wrote it. */
export function editorOf({ preferences, deps }: Context): string {
  return preferences.review.editor ?? (deps.env.VISUAL || deps.env.EDITOR || 'vi');
}

/** As git does it: an editor may come with arguments of its own, the files never become part of a command. */
export function editorCall(editor: string, files: readonly string[]): readonly string[] {
  return ['sh', '-c', `${editor} "$@"`, editor, ...files];
}
