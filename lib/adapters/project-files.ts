/** Files of a whole project beside its record: what was compared, and what the person accepted. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseWorks } from '../core/overlap/overlap-kept.ts';
import { commandsKey, parseTrust, type RepositoryCommand } from '../core/settings/trust.ts';
import type { Files } from '../ports.ts';
import { readPlain } from './read-file.ts';
import { makeFolder, writeWhole } from './write-file.ts';

type Part = Pick<Files, 'loadWorks' | 'saveOverlaps' | 'readTrust' | 'saveTrust'>;

/** This part of the port. `now` in ms since the epoch. */
export function projectFiles(folderOf: (project: string) => string, now: () => number): Part {
  const compared = (project: string) => join(folderOf(project), '.overlap');
  const trusted = (project: string) => join(folderOf(project), 'trust.json');
  return {
    async loadWorks(project) {
      const kept = readPlain(join(compared(project), 'works.json'), 64 << 20);
      return kept === null ? null : parseWorks(kept.text);
    },
    async saveOverlaps(project, kept, pairs) {
      makeFolder(compared(project));
      writeWhole(join(compared(project), 'works.json'), JSON.stringify(kept), false);
      writeWhole(join(folderOf(project), 'overlap.json'), JSON.stringify({ version: 1, pairs }), false);
    },
    async readTrust(project) {
      const kept = readPlain(trusted(project), 16 << 20);
      const trust = kept === null ? null : parseTrust(kept.text);
      return trust !== null && trust.hash === (await hashOf(trust.commands)) ? trust : null;
    },
    async saveTrust(project, commands) {
      if (commands === null) return rmSync(trusted(project), { force: true });
      const accepted = new Date(now()).toISOString();
      const kept = { version: 1, hash: await hashOf(commands), accepted, commands };
      makeFolder(folderOf(project));
      writeWhole(trusted(project), `${JSON.stringify(kept, null, 2)}\n`, true);
    },
  };
}

/** Loads its library when it is called: most commands never do. */
async function hashOf(commands: readonly RepositoryCommand[]): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(commandsKey(commands)).digest('hex');
}
