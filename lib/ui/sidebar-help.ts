/** The help: every key of the sidebar, and what the signs mean. */

import { displayWidth, padEnd } from '../core/cells.ts';
import type { StyledLine } from '../core/styled.ts';
import { fit } from './line.ts';
import type { SidebarModel } from './sidebar-model.ts';
import { kindLook, type Look, marks, signSpan, stateLook } from './theme.ts';

/** All lines of the help; the view shows those from `scroll` on. */
export function helpLines(model: SidebarModel, width: number): readonly StyledLine[] {
  const widestKey = Math.min(10, Math.max(0, ...model.keys.map(({ key }) => displayWidth(key))));
  const keys = model.keys.map(
    ({ key, words }): StyledLine => [{ text: ` ${padEnd(key, widestKey)}  `, bold: true }, { text: words }],
  );
  const signs = legend(model.ascii).map(
    ([look, words]): StyledLine => [
      { text: ' ' },
      signSpan(look),
      { text: ' '.repeat(widestKey + 1) },
      { text: words, dim: true },
    ],
  );
  return [...keys, [], ...signs].map((line) => fit(line, width, marks(model.ascii).cut));
}

function legend(ascii: boolean): readonly (readonly [Look, string])[] {
  return [
    [kindLook('question', ascii), 'asks you'],
    [kindLook('failure', ascii), 'failed'],
    [kindLook('conflict', ascii), 'conflict'],
    [kindLook('review', ascii), 'done, with a change'],
    [kindLook('report', ascii), 'done, something to read'],
    [kindLook('note', ascii), 'note'],
    [stateLook('working', ascii), 'working'],
    [stateLook('starting', ascii), 'starting'],
    [stateLook('exited', ascii), 'stopped'],
    [stateLook('unknown', ascii), 'not known'],
    [{ sign: marks(ascii).here, bold: true }, 'on screen'],
  ];
}
