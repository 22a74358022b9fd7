/** Other hosts in the sidebar's loop: turned on and off by a key, or on from the start. */
import { type FarAnswer, mergeLists } from '../../core/hosts/far-merge.ts';
import type { SidebarMessage } from '../../ui/sidebar-model.ts';

/**
 * Asks other hosts again and again and tells their answers, until what it answers is called. Which hosts there are is
 * read each time: they come and go while a sidebar runs. Null: there are none now.
 */
export type WatchHosts = (tell: (answers: readonly FarAnswer[] | null) => void) => () => void;

/** What the loop's hosts are turned on and off with. */
export interface HostsSwitch {
  readonly turn: () => void;
  readonly stop: () => void;
}

/** The switch; `on`: they are asked from the start, quietly while there are none. */
export function hostsSwitch(
  { watchHosts, hosts: on = false }: { readonly watchHosts?: WatchHosts; readonly hosts?: boolean },
  now: () => number,
  tell: (message: SidebarMessage) => void,
): HostsSwitch {
  let off: (() => void) | null = null;
  let none = true;
  const show = (answers: readonly FarAnswer[]): void => {
    const { docket } = mergeLists({ projects: [], docket: [], problems: [] }, answers);
    const silent = answers.flatMap(({ problem }) => problem ?? []);
    tell({ kind: 'away', items: docket, silent, now: now() });
  };
  const stop = (): void => {
    off?.();
    off = null;
  };
  const begin = (byKey: boolean): void => {
    stop();
    let first = true;
    none = false;
    off =
      watchHosts?.((answers) => {
        none = answers === null;
        show(answers ?? []);
        if (none && byKey && first) {
          stop();
          tell({ kind: 'notice', message: 'no hosts yet; try: pitwall hosts add me@box' });
        }
        first = false;
      }) ?? null;
  };
  const turn = (): void => {
    // With nothing to be seen the key means: look now.
    if (off === null || none) begin(true);
    else {
      stop();
      show([]);
    }
  };
  if (on) begin(false);
  return { turn, stop };
}
