/** How a program that is missing or too old is had on this system. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const installers = [
  ['apt-get', 'sudo apt-get install'],
  ['dnf', 'sudo dnf install'],
  ['pacman', 'sudo pacman -S'],
  ['zypper', 'sudo zypper install'],
  ['apk', 'sudo apk add'],
] as const;

/** The command that installs the package `program`, by the package manager that is on PATH. */
export function installCommand(program: string, path = process.env.PATH ?? ''): string {
  if (process.platform === 'darwin') return `brew install ${program}`;
  const [, install] = installers.find(([name]) => isOnPath(name, path)) ?? installers[0];
  return `${install} ${program}`;
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return false;
      throw error;
    }
  });
}
