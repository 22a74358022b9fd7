/** What the keys of a review do to the task, its worktree and the person's notes. */
import { sinceCommit } from '../../core/change-from.ts';
import { parseDiff } from '../../core/diff/diff.ts';
import { isPitwallError } from '../../core/errors.ts';
import { editorArguments } from '../../core/review/editor-line.ts';
import { appAt, type Link, linksIn } from '../../core/review/links.ts';
import { applyChange, type NotesChange } from '../../core/review/review.ts';
import { speaksUtf8 } from '../../core/text.ts';
import { keyTable } from '../../core/tmux/keys.ts';
import { comments } from '../../ui/review-decide.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { storedTask } from '../projects.ts';
import { editedText, editorCall, editorOf } from './edited-text.ts';
import { approveTask, dropTask, returnTask } from './outcomes.ts';
import { runReview } from './review.ts';
import type { ReviewDeeds } from './review-commands.ts';
import { diffAhead, type ReadChange, readChange, readNotes, reviewedTask } from './review-read.ts';

/**
 * Reviews a task on this terminal until it is decided or left; answers what was decided, in words, or null. `narrate`
 * is told what landing does, while the terminal is not the review's.
 */
export async function reviewTask(
  context: Context,
  typed: string | null,
  here: string | null,
  narrate: (line: string) => void,
): Promise<string | null> {
  const { deps, preferences } = context;
  // Its library is loaded while tmux and git are asked.
  const screen = deps.screen();
  const [observed, diff] = await Promise.all([
    observe(context, { diffs: 'kept' }),
    diffAhead(context, typed, here),
  ]);
  let ahead: Parameters<typeof readChange>[3] = { observed, diff };
  const { task } = reviewedTask(observed, typed, here);
  const { project, name, worktree } = task;
  const reference = `${project}:${name}`;
  let shown: ReadChange | null = null;
  const foreground = async (argv: readonly string[], folder: string) =>
    (await deps.processes.foreground(argv, folder)) === 0;
  const note = (change: NotesChange) => keepNote(context, project, name, change);
  const asShown = async () =>
    shown !== null && (await deps.git.readDiff(worktree, sinceCommit(shown.from))).text === shown.diff;
  return runReview(
    { screen: () => screen, syntax: deps.syntax, clock: deps.clock },
    {
      task: name,
      ascii: preferences.sidebar.ascii || !speaksUtf8(deps.env),
      keys: keyTable.filter((row) => row.scope === 'review'),
      seed: deps.uuid(),
      text: (path) => readable(deps.folder.read(`${worktree}/${path}`)),
      read: async (span) => {
        const first = ahead;
        ahead = null;
        shown = await readChange(context, reference, span, first);
        return shown.reading;
      },
      unfold: async (path, from) => {
        if (shown === null) return null;
        const wanted = from === null ? [path] : [from, path];
        const { text } = await deps.git.readDiff(worktree, sinceCommit(shown.from), wanted);
        return parseDiff(text).find((file) => file.path === path) ?? null;
      },
      note,
      compose: (_, text) =>
        editedText(context, { project, task: name, name: 'comment.txt' }, text, foreground),
      edit: async (path, line) => {
        const editor = editorOf(context);
        const argv = editorArguments(editor, `${worktree}/${path}`, line);
        await foreground(editorCall(editor, argv), worktree);
      },
      difftool: async (path) => {
        if (shown === null) return;
        const before = shown.reading.files.find((file) => file.path === path)?.from ?? null;
        const names = before === null ? [path] : [before, path];
        await deps.git.difftool(worktree, shown.from, names, preferences.review.difftool);
      },
      pager: async () => {
        if (shown === null) return;
        await deps.git.showDiff(worktree, sinceCommit(shown.from), [], preferences.review.pager);
      },
      links: () => linksOf(context, project, name),
      browse: (url) => deps.browser.open(url),
      ...decisions(context, { reference, name, asShown, note, narrate }),
    },
  );
}

/** The deeds that end a review. */
function decisions(
  context: Context,
  task: {
    readonly reference: string;
    readonly name: string;
    /** Whether the worktree still holds what is shown. */
    readonly asShown: () => Promise<boolean>;
    readonly note: (change: NotesChange) => Promise<void>;
    readonly narrate: (line: string) => void;
  },
): Pick<ReviewDeeds, 'approve' | 'land' | 'return' | 'drop'> {
  const { reference, name, asShown, note, narrate } = task;
  return {
    approve: async () => {
      if (!(await asShown())) return null;
      const { round } = await approveTask(context, reference, null, { force: false });
      return `approved ${name} in round ${round}`;
    },
    land: async (message) => {
      if (!(await asShown())) return null;
      const { landReviewed } = await import('./review-land.ts');
      return landReviewed(context, reference, message, narrate);
    },
    return: async (text, ids) => {
      const { round, commit, sent } = await returnTask(context, reference, text, null);
      await note({ kind: 'sent', ids, round, commit });
      const what = ids.length === 0 ? '' : ` with ${comments(ids.length)}`;
      const held = sent.delivered ? '' : `; held: ${sent.reason}`;
      return `returned ${name} to ${sent.agent}${what}${held}`;
    },
    drop: async () => {
      const { bringBack } = await dropTask(context, reference, null, () => undefined);
      return `dropped ${name}${bringBack === null ? '' : `; to bring its work back: ${bringBack}`}`;
    },
  };
}

/** What of the task a browser can show: its ports that answer, and the links of its report. */
async function linksOf({ deps }: Context, project: string, task: string): Promise<readonly Link[]> {
  const { projects } = await deps.files.load();
  const { record, report } = storedTask(projects, project, task);
  const answer = await Promise.all(record.ports.map((port) => deps.browser.listens(port)));
  const apps = record.ports.filter((_, at) => answer[at]).map(appAt);
  return [...apps, ...linksIn(report?.text ?? '')];
}

/** Null for what cannot be read: without it a review only has less colour. */
async function readable(reading: Promise<string | null>): Promise<string | null> {
  try {
    return await reading;
  } catch (error) {
    if (isPitwallError(error)) return null;
    throw error;
  }
}

/** Under a lock and upon what is kept now: two reviews of one task at once lose no comment. */
async function keepNote(context: Context, project: string, task: string, change: NotesChange): Promise<void> {
  const { files } = context.deps;
  await files.locked(`review:${project}:${task}`, async () => {
    const notes = applyChange(await readNotes(context.deps, project, task), change);
    await files.saveReview(project, task, `${JSON.stringify(notes)}\n`);
  });
}
