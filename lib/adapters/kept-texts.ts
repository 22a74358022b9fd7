/** Small texts of ours beside the projects: what was told, and the like. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../ports.ts';
import { exists, makeFolder, writeWhole } from './write-file.ts';

/** This part of the port. Files 0600, replaced as a whole. */
export function keptTexts(stateDir: string): Pick<Files, 'keep' | 'kept'> {
  return {
    async keep(name, text) {
      makeFolder(stateDir);
      writeWhole(join(stateDir, ownName(name)), text, false);
    },
    async kept(name) {
      const path = join(stateDir, ownName(name));
      return exists(path) ? readFileSync(path, 'utf8') : null;
    },
  };
}

/** Names that no project can have, so that the two never clash. */
function ownName(name: string): string {
  if (/^\.[a-z][a-z.-]*$/.test(name)) return name;
  throw new Error(`${name} is not for what is kept`);
}
