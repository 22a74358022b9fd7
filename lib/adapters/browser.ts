/** Opens web addresses as the person has it set up: `$BROWSER`, else the system's own way. Addresses are arguments. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { webAddress } from '../core/review/links.ts';
import type { Browser } from '../ports.ts';

/** Milliseconds in which a program that cannot open anything has failed; one that runs on has opened it. */
const patience = 1500;
/** Milliseconds that this machine is given to answer itself. */
const answerWithin = 500;

/** The browser port. What opens an address is not waited for. */
export function createBrowser(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}): Browser {
  const { env, platform = process.platform } = options;
  return {
    async open(url) {
      const address = webAddress(url);
      if (address === null) return false;
      for (const argv of browsers(env, platform))
        if (await started(withAddress(argv, address), env)) return true;
      return false;
    },
    async listens(port) {
      const [four, six] = await Promise.all([answers(port, '127.0.0.1'), answers(port, '::1')]);
      return four || six;
    },
  };
}

/**
 * What to try, in order. `$BROWSER` is a list with colons, of commands that may hold `%s` for the address
 * (http://www.catb.org/~esr/BROWSER/). Over ssh a browser would open where the person is not.
 */
function browsers(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): readonly (readonly string[])[] {
  const own = (env.BROWSER ?? '').split(':').map((each) => each.split(/\s+/).filter((word) => word !== ''));
  const chosen = own.filter((argv) => argv.length > 0);
  if (chosen.length > 0) return chosen;
  if (env.SSH_CONNECTION || env.SSH_TTY) return [];
  if (platform === 'darwin') return [['open']];
  if (env.WSL_DISTRO_NAME) return [['wslview'], ['xdg-open']];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? [['xdg-open']] : [];
}

function withAddress(argv: readonly string[], address: string): readonly string[] {
  const placed = argv.map((word) => word.replaceAll('%s', () => address));
  return argv.some((word) => word.includes('%s')) ? placed : [...argv, address];
}

/** Whether the program went on, or ended well. It outlives us. */
function started(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...env }, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => resolve(true), patience);
    const end = (opened: boolean) => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.on('error', () => end(false));
    child.on('exit', (code) => end(code === 0));
    child.unref();
  });
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(answerWithin, () => end(false));
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}
