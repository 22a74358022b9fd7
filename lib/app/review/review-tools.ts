/** What a review hands to programs of the person's own: editor, pager, difftool, browser. */
import type { ReviewCommand } from '../../ui/review-model.ts';
import type { ReviewDeeds, ReviewLoop, ToolEnd } from './review-commands.ts';

type ToolCommand = Extract<
  ReviewCommand,
  { do: 'compose' | 'edit' | 'difftool' | 'pager' | 'links' | 'browse' }
>;

/** What carries these commands out. An editor, pager or difftool has the terminal meanwhile; a browser does not. */
export function toolRunner(
  deeds: ReviewDeeds,
  {
    tell,
    aside,
    failed,
    show,
  }: Pick<ReviewLoop, 'tell' | 'aside'> & {
    readonly failed: (error: unknown) => void;
    readonly show: () => Promise<void>;
  },
): (command: ToolCommand) => void {
  const away = (work: () => Promise<void>, end: ToolEnd): void => {
    void aside(() => work().catch(failed), end).catch(failed);
  };
  const browse = async (url: string): Promise<void> => {
    if (await deeds.browse(url)) tell({ kind: 'notice', message: `opened ${url}` });
    else tell({ kind: 'unopened', url });
  };
  return (command) => {
    switch (command.do) {
      case 'compose':
        away(async () => {
          const { comment } = command;
          const text = await deeds.compose(comment, command.text);
          if (text !== null) tell({ kind: 'composed', comment, text });
        }, 'returns');
        break;
      case 'edit':
        away(async () => {
          await deeds.edit(command.path, command.line);
          await show();
        }, 'returns');
        break;
      case 'difftool':
        away(() => deeds.difftool(command.path), 'may print');
        break;
      case 'pager':
        away(deeds.pager, 'may print');
        break;
      case 'links':
        deeds
          .links()
          .then((links) => tell({ kind: 'links', links }))
          .catch(failed);
        break;
      case 'browse':
        void browse(command.url).catch(failed);
        break;
    }
  };
}
