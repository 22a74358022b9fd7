/** Small files of git's own folder: `MERGE_HEAD`, `rebase-merge/onto`. */
import { readFileSync } from 'node:fs';

/** The first line, or null when there is no such file. */
export function line(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] ?? '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
