/** Keeps what agents reported and showed as fixtures: their hooks' payloads, their screens, paths replaced. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage.ts';

export interface Recorder {
  /** Keeps the screen of a task's agent under that name. */
  screen(stage: Stage, task: string, name: string): Promise<void>;
  /** Keeps all events of the hooks of a task's agent, in their order. */
  events(stage: Stage, task: string): void;
}

/** A recorder into `folder`; without one nothing is kept. */
export function recorderOf(folder: string | undefined, agent: string): Recorder {
  const write = (name: string, text: string): void => {
    if (folder === undefined) return;
    mkdirSync(join(folder, agent), { recursive: true });
    writeFileSync(join(folder, agent, name), text);
  };
  return {
    async screen(stage, task, name) {
      if (folder === undefined) return;
      const lines = (await stage.screen(task)).split('\n').map((line) => line.trimEnd());
      write(`${name}.txt`, `${plainPaths(stage, lines.join('\n'))}\n`);
    },
    events(stage, task) {
      const hooks = stage.journal(task).filter((event) => event.type === 'hook' && event.event !== null);
      const lines = hooks.map(({ at, event, payload }) =>
        JSON.stringify({ at: Date.parse(String(at)) / 1000, event, payload }),
      );
      write('events.jsonl', `${plainPaths(stage, lines.join('\n'))}\n`);
    },
  };
}

/** As if it had run in somebody's HOME. */
function plainPaths({ folder }: Stage, text: string): string {
  return text
    .replaceAll(`${folder}/app.worktrees/`, '/home/me/app.worktrees/')
    .replaceAll(`${folder}/home`, '/home/me')
    .replaceAll(folder, '/home/me')
    .replaceAll(folder.replace(/\W/g, '-'), '-home-me');
}
