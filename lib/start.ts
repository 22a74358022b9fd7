/**
 * The program's entry: runs it with the compiled code that V8 kept of the last run of the same command. Compiling is
 * most of what a short command costs. Every chunk but this one carries its content's hash in its name, so code kept for
 * a name is that of its content; V8 itself refuses what another version or other flags made.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

const extensions = createRequire(import.meta.url).extensions;
const folder = cacheFolder();
if (folder !== null) keepCompiled(folder);
// Its own chunk may be another program's too: nothing may happen by loading it.
void import('./main.ts').then(({ start }) => start());

/** `$XDG_CACHE_HOME/pitwall/code/<command>`, or null where nothing is to be kept. */
function cacheFolder(): string | null {
  const { XDG_CACHE_HOME, HOME, NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;
  const parent = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  if (!parent?.startsWith('/') || NODE_DISABLE_COMPILE_CACHE || NODE_V8_COVERAGE) return null;
  return join(parent, 'pitwall', 'code', commandOf(process.argv.slice(2)));
}

/** The command's name, behind a leading `--socket NAME`; `other` where it can be none. */
function commandOf([first = 'open', second, third = 'open']: readonly string[]): string {
  if (first === '--socket') return commandOf([third]);
  if (first.startsWith('--socket=')) return commandOf(second === undefined ? [] : [second]);
  return /^[a-z]{2,16}$/.test(first) ? first : 'other';
}

function keepCompiled(folder: string): void {
  const loaded = new Map<string, Script>();
  let missing = false;
  extensions['.cjs'] = (module, path) => {
    const name = `${basename(path)}-${process.version}-${process.arch}`;
    const cachedData = kept(join(folder, name));
    const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(path, 'utf8')}\n})`;
    const script = new Script(source, {
      filename: path,
      ...(cachedData && { cachedData }),
    });
    missing ||= cachedData === undefined || script.cachedDataRejected === true;
    loaded.set(name, script);
    script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  };
  process.on('exit', () => {
    if (missing) save(folder, loaded);
  });
}

/** The data kept in a file of our own; undefined when there is none that may be used. */
function kept(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      return fstatSync(file).uid === process.getuid?.() ? readFileSync(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    // Not there or not readable: it is compiled anew, which is all that is lost.
    return ofSystem(error, undefined);
  }
}

/** After the run, so that functions compiled on the way are kept too. Files of other builds go. */
function save(folder: string, loaded: ReadonlyMap<string, Script>): void {
  try {
    // folder is PARENT/pitwall/code/COMMAND: where PARENT's own place is gone, a home was taken away meanwhile.
    if (!existsSync(join(folder, '..', '..', '..', '..'))) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) if (!loaded.has(name)) rmSync(join(folder, name));
    for (const [name, script] of loaded) {
      const aside = join(folder, `.${process.pid}`);
      writeFileSync(aside, script.createCachedData(), { mode: 0o600 });
      renameSync(aside, join(folder, name));
    }
  } catch (error) {
    // A home that cannot be written, a full disk, two at once: the next run tries again.
    ofSystem(error, undefined);
  }
}

/** `value` for an error of the system; what else is thrown is a bug and goes on. */
function ofSystem<Value>(error: unknown, value: Value): Value {
  if (error instanceof Error && 'syscall' in error) return value;
  throw error;
}
