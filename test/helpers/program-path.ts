import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is, null when it is not installed. */
export function programPath(program: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  return null;
}
