/**
 * chokidar's watcher, which lets go of everything once it is closed, and stays closed. chokidar 5 notes a watch of the
 * system only after some waiting: one that was put on a path while the watcher was closed, or for a file it told of
 * twice, is forgotten, and keeps the process alive for ever. And when it finds after its end that a file is gone, it
 * adds its folder's place again, which opens it anew.
 */
import { type ChokidarOptions, FSWatcher } from 'chokidar';

/** A watcher of `path` whose `close` also ends what chokidar forgot, and what it opens later. */
export function watchPath(path: string, options: ChokidarOptions): FSWatcher {
  const watcher = new OwningWatcher(options);
  watcher.add(path);
  return watcher;
}

class OwningWatcher extends FSWatcher {
  readonly #open = new Set<() => void>();

  constructor(options: ChokidarOptions) {
    super(options);
    const handler = this._nodeFsHandler;
    const watchOne = handler._watchWithNodeFs.bind(handler);
    handler._watchWithNodeFs = (path, listener) => this.#own(watchOne(path, listener));
  }

  override add(...given: Parameters<FSWatcher['add']>): FSWatcher {
    return this.closed ? this : super.add(...given);
  }

  override async close(): Promise<void> {
    await super.close();
    for (const end of this.#open) end();
  }

  /** Notes how a watch is ended; chokidar cannot bear that it is ended twice. */
  #own(close: (() => void) | undefined): (() => void) | undefined {
    if (close === undefined) return undefined;
    const end = () => {
      if (this.#open.delete(end)) close();
    };
    this.#open.add(end);
    if (this.closed) end();
    return end;
  }
}
