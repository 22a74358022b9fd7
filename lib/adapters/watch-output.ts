/**
 * Watches the output logs of one task. A program that prints without pause would wake us for every block it writes,
 * so a folder is watched only while all of its agents are quiet. The first change is reported and the watch closed;
 * from then on a timer looks at the files' times, until an interval passes in which nothing was written.
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { watchPath } from './chokidar-watch.ts';
import { codeOf } from './owner.ts';
import { signature } from './read-file.ts';
import { agentOfLog } from './stored.ts';

/** The output logs of one task, watched from the moment it is made until `stop`. */
export interface OutputWatch {
  stop(): Promise<void>;
}

/**
 * Reports each agent at its first output, then at most once in `quietMs` while it prints, and once more when it has
 * been quiet for that long. A folder that goes away is quiet.
 */
export function watchOutput(folder: string, quietMs: number, onOutput: (agent: string) => void): OutputWatch {
  let seen = look(folder);
  let busy: ReadonlySet<string> = new Set();
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closing: Promise<void> = Promise.resolve();

  /** Agents whose files are not as they were at the last look. */
  function changed(): ReadonlySet<string> {
    const now = look(folder);
    const agents = new Set(
      [...now].filter(([agent, files]) => seen.get(agent) !== files).map(([agent]) => agent),
    );
    seen = now;
    return agents;
  }

  function listen(): void {
    timer = null;
    // For a folder that is gone chokidar would watch the folders above it.
    if (!existsSync(folder)) return;
    watcher = watchPath(folder, {
      depth: 0,
      ignoreInitial: true,
      atomic: false,
      followSymlinks: false,
      persistent: true,
    });
    // What was written before the watch stood is told by the look at `ready`.
    watcher.on('all', noticed).on('ready', noticed).on('error', noticed);
  }

  function noticed(): void {
    if (watcher === null) return;
    const agents = changed();
    if (agents.size === 0) return;
    closing = watcher.close();
    watcher = null;
    busy = agents;
    timer = setTimeout(tick, quietMs);
    for (const agent of agents) onOutput(agent);
  }

  function tick(): void {
    const agents = changed();
    const reported = new Set([...agents, ...busy]);
    busy = agents;
    if (agents.size > 0) timer = setTimeout(tick, quietMs);
    else listen();
    for (const agent of reported) onOutput(agent);
  }

  listen();
  return {
    async stop() {
      if (timer !== null) clearTimeout(timer);
      const open = watcher;
      watcher = null;
      await Promise.all([closing, open?.close()]);
    },
  };
}

/** What each agent's log files look like from outside. */
function look(folder: string): ReadonlyMap<string, string> {
  const agents = new Map<string, string>();
  for (const name of namesIn(folder)) {
    const agent = agentOfLog(name);
    const stats = agent === null ? undefined : lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (agent !== null && stats?.isFile())
      agents.set(agent, `${agents.get(agent) ?? ''} ${name} ${signature(stats)}`);
  }
  return agents;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
