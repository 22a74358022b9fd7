/**
 * The person's config.json. Read directly, because every command reads it; written through conf, loaded only then and
 * only under our lock, because conf by itself loses updates. A damaged file is never overwritten.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { isObject } from '../core/fields.ts';
import { setPath, unsetPath } from '../core/settings/settings-path.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { PreferencesStore } from '../ports.ts';
import { createLocks } from './lock.ts';
import { codeOf } from './owner.ts';
import { makeFolder, naming } from './write-file.ts';

type Values = Readonly<Record<string, unknown>>;

/** The values of a file, or why they cannot be used. No file: no values. */
type Content = { readonly values: Values } | { readonly damage: string };

/** Preferences in `configDir`. `socket` is there before everything else: which tmux server is meant. */
export function createPreferences(options: {
  readonly configDir: string;
}): PreferencesStore & { socket(): string | null } {
  const { configDir } = options;
  const path = join(configDir, 'config.json');
  const locks = createLocks(configDir);

  async function change(next: (values: Values) => Values): Promise<void> {
    makeFolder(configDir);
    await locks.locked('config', async () => {
      const content = readContent(path);
      if ('damage' in content)
        throw new PitwallError(
          'FileDamaged',
          `${path} is damaged: ${content.damage}`,
          `$EDITOR ${shellQuote([path])}`,
        );
      await write(configDir, path, next(content.values));
    });
  }

  return {
    path,
    async read() {
      const content = readContent(path);
      if ('values' in content) return { values: content.values, problem: null };
      return {
        values: {},
        problem: `${path} is damaged: ${content.damage}; defaults serve until it is mended`,
      };
    },
    set: (key, value) => change((values) => setPath(values, key, value)),
    unset: (key) => change((values) => unsetPath(values, key)),
    socket() {
      const content = readContent(path);
      const socket = 'values' in content ? content.values.socket : null;
      return typeof socket === 'string' && socket !== '' ? socket : null;
    },
  };
}

function readContent(path: string): Content {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { values: {} };
    if (code === null) throw error;
    return { damage: `it cannot be read (${code})` };
  }
  try {
    const values: unknown = JSON.parse(text);
    return isObject(values) ? { values } : { damage: 'it holds no object' };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { damage: text.trim() === '' ? 'it is empty' : error.message };
  }
}

/** No schema for conf: what is written has been checked, and what is odd in the file already stays as it is. */
async function write(configDir: string, path: string, values: Values): Promise<void> {
  const { default: Conf } = await import('conf');
  naming(path, () => {
    const conf = new Conf<Record<string, unknown>>({
      cwd: configDir,
      configName: 'config',
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      serialize: (content) => `${JSON.stringify(content, null, 2)}\n`,
    });
    conf.store = { ...values };
  });
}
