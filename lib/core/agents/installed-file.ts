/** Files of ours in the person's HOME. */
import { PitwallError } from '../errors.ts';
import type { InstalledFile } from './preset.ts';

/**
 * A file all of which is ours, known by a `mark` that every version of its text holds. FileDamaged when another file
 * stands in its place: that one is the person's.
 */
export function ownFile(path: string, text: string, mark: string): InstalledFile {
  if (!text.includes(mark)) throw new Error(`${path} has no mark`);
  const check = (found: string): void => {
    if (!found.includes(mark))
      throw new PitwallError('FileDamaged', `${path} is not pitwall’s: it stays as it is`, `ls -l ${path}`);
  };
  return {
    path,
    kind: 'own',
    added: (found) => {
      if (found !== null) check(found);
      return text;
    },
    removed: (found) => {
      check(found);
      return null;
    },
  };
}

/** A value as the text of a file that people read too. */
export function jsonFile(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
