/** What a repository's settings and layouts would run. */
import { type Layout, panesOf } from '../layout/layout.ts';
import { shellQuote } from '../tmux/tmux-text.ts';
import type { ProjectSettings } from './project-settings.ts';
import type { RepositoryCommand } from './trust.ts';

/** All that a repository's settings and layouts would run, in the order they are shown. */
export function repositoryCommands(
  settings: Pick<ProjectSettings, 'setup' | 'checks' | 'reviewer'>,
  layouts: readonly Layout[],
): readonly RepositoryCommand[] {
  return [
    ...settings.setup.map(({ run }, index) => ({ what: `setup ${index + 1}`, run })),
    ...settings.checks.map(({ name, run }) => ({ what: `check ${name}`, run })),
    ...(settings.reviewer === null ? [] : [{ what: 'reviewer', run: settings.reviewer }]),
    ...layouts.flatMap((layout) =>
      panesOf(layout.panes).flatMap((pane) =>
        'command' in pane.runs
          ? [{ what: `layout ${layout.name}: ${pane.name}`, run: shellQuote(pane.runs.command) }]
          : [],
      ),
    ),
  ];
}
