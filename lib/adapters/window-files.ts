/** Records of how windows stand, as bin/pitwall-record writes them too. */
import { dirname, join, relative, sep } from 'node:path';
import type { Files } from '../ports.ts';
import { readPlain } from './read-file.ts';
import { exists, writeWhole } from './write-file.ts';

/** Bytes of a record that are read. */
const mostOfWindow = 1 << 20;

/** This part of the port. */
export function windowFiles(
  stateDir: string,
  projectFolder: (project: string) => string,
  taskFolder: Files['taskFolder'],
): Pick<Files, 'readWindow' | 'writeWindow'> {
  return {
    async readWindow(project, task) {
      const path =
        task === null
          ? join(projectFolder(project), 'project.window')
          : join(taskFolder(project, task), 'window');
      return readPlain(path, mostOfWindow)?.text ?? null;
    },
    async writeWindow(path, text) {
      const inside = relative(stateDir, path).split(sep);
      const file = inside.at(-1) ?? '';
      if (inside[0] === '..' || inside.length !== (file === 'window' ? 3 : 2)) return;
      if (readPlain(path, mostOfWindow)?.text === text || !exists(dirname(path))) return;
      writeWhole(path, text, false);
    },
  };
}
