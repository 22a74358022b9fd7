/** Agents that are scripts, in a HOME and on a PATH of their own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

/** A folder with what pitwall and the fakes need and no coding agent, whatever this machine has. */
export function bareFolder(box: Sandbox): string {
  const folder = join(box.folder, 'programs');
  mkdirSync(folder);
  const needed = 'sh env tmux git node awk cat head tr rm mkdir date dd sed grep ps sleep mv tail';
  for (const program of needed.split(' ')) {
    const path = execFileSync('sh', ['-c', 'command -v "$0" || :', program], { encoding: 'utf8' }).trim();
    if (path.startsWith('/')) symlinkSync(path, join(folder, program));
  }
  return folder;
}

/** A program of POSIX sh; answers its path. */
export function script(folder: string, name: string, lines: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  return join(folder, name);
}

/** A path in the sandbox’s HOME. */
export const home = (box: Sandbox, ...path: string[]) => join(box.env.HOME ?? '', ...path);
