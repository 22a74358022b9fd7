/** Files that the system's own start reads: units, launch agents, crontabs. Written whole, never through a link. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { outsideLogin, unitName } from '../core/restore/autostart.ts';
import type { StartupFiles } from '../ports.ts';
import { codeOf } from './owner.ts';
import { naming } from './write-file.ts';

/** The port of start-up files. A file is there in the old text or the new, never in parts; errors name the path. */
export function createStartupFiles(): StartupFiles {
  return {
    async read(path) {
      return readText(path);
    },
    async write(path, text, mode) {
      const aside = join(dirname(path), `.pitwall-${process.pid}.new`);
      naming(path, () => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        try {
          const file = openSync(aside, 'wx', mode);
          try {
            writeSync(file, text);
            fchmodSync(file, mode);
          } finally {
            closeSync(file);
          }
          renameSync(aside, path);
        } finally {
          rmSync(aside, { force: true });
        }
      });
    },
    async remove(path) {
      rmSync(path, { force: true });
    },
  };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** argv to put before a tmux that may start a server; see `outsideLogin`. */
export function serverStarter(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { XDG_CONFIG_HOME, HOME, XDG_RUNTIME_DIR } = env;
  const unit = join(XDG_CONFIG_HOME || join(HOME ?? '/', '.config'), 'systemd', 'user', unitName);
  const enabled = existsSync(unit);
  return outsideLogin({
    enabled,
    cgroup: enabled ? (readText('/proc/self/cgroup') ?? '') : '',
    manager: XDG_RUNTIME_DIR !== undefined && existsSync(join(XDG_RUNTIME_DIR, 'systemd', 'private')),
  });
}
