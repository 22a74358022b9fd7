/** The sidebar as a drawing. */
import type { Snapshot } from '../../lib/core/model.ts';
import type { StyledLine } from '../../lib/core/styled.ts';
import { newSidebar, type SidebarModel } from '../../lib/ui/sidebar-model.ts';
import { update } from '../../lib/ui/sidebar-update.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { demoKeys, now } from '../fixtures/desks.ts';

/** A sidebar of that size, in cells, that has loaded a snapshot. */
export function model(
  snapshot: Snapshot,
  columns: number,
  rows: number,
  given: Partial<SidebarModel> = {},
): SidebarModel {
  const fresh = newSidebar({
    kind: 'sidebar',
    columns,
    rows,
    ascii: false,
    now,
    keys: demoKeys,
    window: '@4',
  });
  return { ...update(fresh, { kind: 'snapshot', snapshot, now }).model, ...given };
}

/** A line without its styles. */
export const text = (line: StyledLine) => line.map((span) => span.text).join('');

/** The frame as a drawing: blanks at line ends and empty lines at the bottom of the list are not drawn. */
export function drawing(shown: SidebarModel): string {
  return viewSidebar(shown)
    .lines.map((line) => text(line).trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

/** A drawing in a test without the lines around it. */
export const drawn = (art: string) => art.replace(/^\n/, '').replace(/\n$/, '');
