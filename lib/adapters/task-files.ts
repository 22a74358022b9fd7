/** Files of a task beside its record and journal: its kept diff, outputs, texts and what its agents need. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiffStat } from '../core/model.ts';
import type { Files } from '../ports.ts';
import { codeOf } from './owner.ts';
import { nameOfFolder, noTask } from './state-names.ts';
import { exists, makeFolder, writeWhole } from './write-file.ts';

type Part = Pick<Files, 'forgetTold' | 'saveDiff' | 'writeOutput' | 'writeText' | 'writeForAgent'>;

/** This part of the port. `inTask` runs its work on a path in a task's folder and answers the path. */
export function taskFiles(
  taskFolder: Files['taskFolder'],
  inTask: (project: string, task: string, name: string, work: (path: string) => void) => string,
): Part {
  return {
    async forgetTold(project: string, task: string, agent: string) {
      try {
        rmSync(join(taskFolder(project, task), `.told-${nameOfFolder(agent, 'NoSuchTask')}`), {
          force: true,
        });
      } catch (error) {
        // What the hook told counts for seconds only, even where it cannot be taken away.
        if (codeOf(error) === null) throw error;
      }
    },
    async saveDiff(project: string, task: string, key: string, stat: DiffStat) {
      inTask(project, task, 'diff.json', (path) =>
        writeWhole(path, `${JSON.stringify({ key, stat }, null, 2)}\n`, false),
      );
    },
    async writeOutput(project, task, name, text) {
      return inTask(project, task, join('output', nameOfFolder(name, 'NoSuchTask')), (path) =>
        writeWhole(path, text, false),
      );
    },
    async writeText(project: string, task: string, name: string, text: string) {
      if (nameOfFolder(name, 'NoSuchTask').endsWith('.json') || name === 'journal.jsonl')
        throw new Error(`${name} is not for texts`);
      return inTask(project, task, name, (path) => writeWhole(path, text, true));
    },
    async writeForAgent(project, task, agent, path, text) {
      const parts = ['agents', agent, ...path.split('/')].map((part) => nameOfFolder(part, 'NoSuchAgent'));
      return inTask(project, task, join(...parts), (whole) => {
        // Only below a task's folder that is there: a late writer must not make it anew.
        if (!exists(taskFolder(project, task))) throw noTask(`${project}:${task}`);
        makeFolder(dirname(whole));
        writeWhole(whole, text, false);
      });
    },
  };
}
