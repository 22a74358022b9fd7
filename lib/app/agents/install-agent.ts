/** `pitwall agents install` and `uninstall`: our files in the person's HOME, for agents that take hooks only there. */

import type { InstalledFile, Preset } from '../../core/agents/preset.ts';
import { findPreset } from '../../core/agents/presets.ts';
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import type { Context } from '../context.ts';

/** What is to become of one file. `after` is null when it goes; `before` is null when there is none. */
export interface FileChange {
  readonly path: string;
  readonly kind: InstalledFile['kind'];
  readonly before: string | null;
  readonly after: string | null;
}

/** What `install` would write; nothing when all is in place. Usage for agents that need no files, FileDamaged. */
export async function planInstall(context: Context, name: string): Promise<readonly FileChange[]> {
  return plan(context, name, async (file, before) => file.added(before));
}

/**
 * What `uninstall` would take away: our entries only. Where nothing else changed since, the person's own text comes
 * back byte for byte.
 */
export async function planUninstall(context: Context, name: string): Promise<readonly FileChange[]> {
  return plan(context, name, async (file, before) => {
    if (before === null) return null;
    const kept = await context.deps.homeFiles.read(backupOf(file.path));
    if (file.kind === 'shared' && kept !== null && file.added(kept) === before) return kept;
    return file.removed(before);
  });
}

/** Carries a plan out. A file that changed meanwhile stays as it is: FileDamaged. Safe to repeat. */
export async function applyChanges(context: Context, changes: readonly FileChange[]): Promise<void> {
  const { files, homeFiles } = context.deps;
  await files.locked('agents', async () => {
    for (const { path, kind, before, after } of changes) {
      const backup = kind === 'shared' ? backupOf(path) : null;
      if (after === null) await homeFiles.remove([path]);
      else await homeFiles.write(path, before, after, backup);
      const restored = backup !== null && after !== null && (await homeFiles.read(backup)) === after;
      if (restored) await homeFiles.remove([backup]);
    }
  });
}

/** Whether the files are in place and current; null for agents that need none. */
export async function isInstalled(context: Context, preset: Preset): Promise<boolean | null> {
  if (preset.installs === undefined) return null;
  try {
    return (await planInstall(context, preset.name)).length === 0;
  } catch (error) {
    if (!isPitwallError(error, 'FileDamaged')) throw error;
    return false;
  }
}

async function plan(
  context: Context,
  name: string,
  become: (file: InstalledFile, before: string | null) => Promise<string | null>,
): Promise<readonly FileChange[]> {
  const { deps } = context;
  const preset = findPreset(context.presets, name);
  if (preset.installs === undefined)
    throw new PitwallError('Usage', `${name} needs no files of pitwall’s`, 'pitwall agents');
  const changes: FileChange[] = [];
  for (const file of preset.installs({ home: deps.home, env: deps.env })) {
    const before = await deps.homeFiles.read(file.path);
    const after = await become(file, before);
    if (after !== before) changes.push({ path: file.path, kind: file.kind, before, after });
  }
  return changes;
}

function backupOf(path: string): string {
  return `${path}.before-pitwall`;
}
