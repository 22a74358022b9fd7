/** How a watch of chokidar is ended. */
import type { FSWatcher } from 'chokidar';

/**
 * Closes a watcher once it has done what it is at. chokidar tells of a new file before it notes the watch it has put on
 * it: closed from within that word, it would never let go of it, and the watch would keep the process alive.
 */
export function closeSoon(watcher: FSWatcher): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve(watcher.close())));
}
