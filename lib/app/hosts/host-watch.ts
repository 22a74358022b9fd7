/** Other hosts in the sidebar: asked at intervals while somebody sees it, each on its own, and gone to with Enter. */
import { isPitwallError } from '../../core/errors.ts';
import type { FarAnswer } from '../../core/hosts/far-merge.ts';
import { type Host, hostFor, hostsOf } from '../../core/hosts/hosts.ts';
import { type Preferences, parsePreferences } from '../../core/settings/preferences.ts';
import type { Context } from '../context.ts';
import { clientHere } from '../desk/client-here.ts';
import type { WatchHosts } from '../sidebar/hosts-switch.ts';
import type { SidebarDeeds } from '../sidebar/sidebar-commands.ts';
import { openAway } from './away.ts';
import { askHost } from './far.ts';

/**
 * Tells the answers of all hosts whenever one has answered or is there no more. While no client shows the window of the
 * pane `own` none is asked; null is a popup, which is always seen. A host that still owes an answer is not asked again.
 */
export function hostWatch(context: Context, own: string | null): WatchHosts {
  const { deps } = context;
  return (tell) => {
    const answers = new Map<string, FarAnswer>();
    const asked = new Set<string>();
    let hosts: readonly Host[] = [];
    let timer: NodeJS.Timeout | null = null;
    let ended = false;
    let rounds = 0;
    const show = (): void => {
      if (!ended) tell(hosts.length === 0 ? null : hosts.flatMap(({ name }) => answers.get(name) ?? []));
    };
    const ask = async (host: Host): Promise<void> => {
      if (asked.has(host.name)) return;
      asked.add(host.name);
      const answer = await askHost(deps, host).finally(() => asked.delete(host.name));
      answers.set(host.name, answer);
      if (hosts.some(({ name }) => name === host.name)) show();
    };
    const round = async (): Promise<void> => {
      const preferences = await preferencesNow(deps);
      if (ended) return;
      const before = hosts;
      hosts = hostsOf(preferences);
      const gone = before.filter(({ name }) => hosts.every((each) => each.name !== name));
      for (const { name } of gone) answers.delete(name);
      rounds += 1;
      if (gone.length > 0 || (rounds === 1 && hosts.length === 0)) show();
      if (hosts.length > 0 && (await isSeen(context, own))) for (const host of hosts) void ask(host);
      if (!ended) timer = setTimeout(() => void round(), preferences.sidebar.hostsEvery * 1000);
    };
    void round();
    return () => {
      ended = true;
      if (timer !== null) clearTimeout(timer);
    };
  };
}

/** A sidebar runs for days: hosts are added and removed meanwhile. */
async function preferencesNow({ preferences }: Context['deps']): Promise<Preferences> {
  return parsePreferences((await preferences.read()).values).preferences;
}

/** Whether a client shows the window of that pane. A tmux that does not answer shows nothing. */
async function isSeen({ deps }: Context, own: string | null): Promise<boolean> {
  if (own === null) return true;
  try {
    const [window = '', ...clients] = await deps.tmux.run([
      ['display-message', '-p', '-t', own, '#{window_id}'],
      ['list-clients', '-F', '#{client_control_mode} #{window_id}'],
    ]);
    return clients.includes(`0 ${window}`);
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return false;
  }
}

/** Brings the client that looks at this pane to a task on another host. */
export function jumpAway(context: Context, own: string | null): NonNullable<SidebarDeeds['away']> {
  return async (name, project, task) => {
    const preferences = await preferencesNow(context.deps);
    const host = hostFor(preferences, name);
    const client = clientHere(await context.deps.tmux.view(), own);
    await openAway({ ...context, preferences }, { host, project, task }, client);
  };
}
