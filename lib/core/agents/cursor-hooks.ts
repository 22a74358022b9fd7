/** Our entries in Cursor's hooks.json, where the person's stand too: `{"version":1,"hooks":{"stop":[{"command"}]}}`. */
import { PitwallError } from '../errors.ts';
import { isObject } from '../fields.ts';
import { jsonFile } from './installed-file.ts';
import { type HookedEvent, hookCommand, isHookCommand, readJson } from './launch-words.ts';
import type { InstalledFile } from './preset.ts';

type HooksFile = Readonly<Record<string, unknown>> & { readonly hooks?: Readonly<Record<string, unknown>> };

/** Adds and removes one entry for each event; all else stays as it is. FileDamaged for what is not such a file. */
export function cursorHooks(path: string, events: readonly HookedEvent[]): InstalledFile {
  return {
    path,
    kind: 'shared',
    added: (found) => {
      const file: HooksFile = found === null ? { version: 1 } : withoutOurs(path, found);
      if (found !== null && isComplete(found, events)) return found;
      const hooks: Record<string, unknown> = { ...file.hooks };
      for (const { event, state } of events)
        hooks[event] = [...list(path, hooks[event]), { command: hookCommand(event, state), timeout: 5 }];
      return jsonFile({ ...file, hooks });
    },
    removed: (found) => {
      const file = withoutOurs(path, found);
      const kept =
        Object.keys(file.hooks ?? {}).length > 0 ||
        Object.keys(file).some((key) => !/^(version|hooks)$/.test(key));
      return kept ? jsonFile(file) : null;
    },
  };
}

/** An event of which nothing but ours was left goes too. */
function withoutOurs(path: string, text: string): HooksFile {
  const file = readJson(text);
  if (!isObject(file)) throw damaged(path, 'it is not a JSON object');
  const { hooks } = file;
  if (hooks === undefined) return { ...file };
  if (!isObject(hooks)) throw damaged(path, 'its “hooks” is not an object');
  const left: Record<string, unknown> = {};
  for (const [event, entries] of Object.entries(hooks)) {
    const before = list(path, entries);
    const theirs = before.filter((entry) => !isOurs(entry));
    if (theirs.length > 0 || before.length === 0) left[event] = theirs;
  }
  return { ...file, hooks: left };
}

/** Whether each event has its present entry already, wherever it stands: then nothing is to be changed. */
function isComplete(text: string, events: readonly HookedEvent[]): boolean {
  const file = readJson(text);
  const hooks = isObject(file) && isObject(file.hooks) ? file.hooks : {};
  return events.every(({ event, state }) => {
    const entries = hooks[event];
    const command = hookCommand(event, state);
    return Array.isArray(entries) && entries.some((entry) => isObject(entry) && entry.command === command);
  });
}

function isOurs(entry: unknown): boolean {
  return isObject(entry) && typeof entry.command === 'string' && isHookCommand(entry.command);
}

function list(path: string, entries: unknown): readonly unknown[] {
  if (entries === undefined) return [];
  if (Array.isArray(entries)) return entries;
  throw damaged(path, 'an event in it holds no list');
}

function damaged(path: string, why: string): PitwallError {
  return new PitwallError('FileDamaged', `${path} stays as it is: ${why}`, `$EDITOR ${path}`);
}
