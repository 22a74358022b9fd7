/**
 * The review's message loop: what happens becomes a message, the model is updated, the frame drawn, commands carried
 * out. git and files are read beside it: a slow one holds up no key.
 */
import type { Deps, ScreenEvent } from '../../ports.ts';
import { newReview, type ReviewMessage } from '../../ui/review-model.ts';
import { updateReview } from '../../ui/review-update.ts';
import { viewReview } from '../../ui/review-view.ts';
import type { KeyHelp } from '../../ui/sidebar-model.ts';
import { reviewColors } from './review-colors.ts';
import { type ReviewDeeds, reviewRunner, type ToolEnd } from './review-commands.ts';

/** ms within which nobody has read what a program shows: it printed and ended, as difftastic does. */
const atOnce = 2000;

/** What the loop needs to know of its task and its screen. */
export interface ReviewOptions extends ReviewDeeds {
  readonly task: string;
  readonly ascii: boolean;
  readonly keys: readonly KeyHelp[];
  /** What ids of comments made on this screen begin with: no other screen's. */
  readonly seed: string;
  /** The text that a file of the change has now; null when there is none to read. */
  readonly text: (path: string) => Promise<string | null>;
}

/** Runs until the person decides or leaves; answers what was decided, in words, or null. */
export async function runReview(
  deps: Pick<Deps, 'screen' | 'syntax' | 'clock'>,
  options: ReviewOptions,
): Promise<string | null> {
  // Both at once. A change that cannot be read is told once there is a screen.
  const first = options.read(null).then(
    (reading) => () => reading,
    (error: unknown) => () => {
      throw error;
    },
  );
  const screen = await deps.screen();
  const { task, ascii, keys, seed } = options;
  let model = newReview({ task, ascii, keys, seed, columns: screen.columns, rows: screen.rows });
  let end: (said: string | null) => void = () => undefined;
  const over = new Promise<string | null>((resolve) => {
    end = resolve;
  });
  const draw = () => screen.draw(viewReview(model, colors.of(model)));
  const colors = reviewColors(deps, { text: options.text, redraw: draw });
  const tell = (message: ReviewMessage): void => {
    const next = updateReview(model, message);
    if (next.model !== model) {
      model = next.model;
      draw();
    }
    for (const command of next.commands) carryOut(command);
  };
  const onScreen = (event: ScreenEvent): void => {
    if (event.kind === 'key') tell({ kind: 'key', ...event.key });
    else if (event.kind !== 'shown') tell(event);
  };
  const aside = async <T>(work: () => Promise<T>, end: ToolEnd): Promise<T> => {
    await screen.stop();
    const begun = deps.clock.now();
    try {
      return await work();
    } finally {
      if (end === 'may print' && deps.clock.now() - begun < atOnce)
        await screen.anyKey('any key goes back to the review');
      await screen.start(onScreen);
      draw();
      tell({ kind: 'resize', columns: screen.columns, rows: screen.rows });
    }
  };
  const span = () => model.reading?.span ?? null;
  const { carryOut, show, kept } = reviewRunner(options, { tell, span, end, aside });
  try {
    await screen.start(onScreen);
    draw();
    void show(first.then((read) => read()));
    const said = await over;
    await kept();
    return said;
  } finally {
    await screen.stop();
  }
}
