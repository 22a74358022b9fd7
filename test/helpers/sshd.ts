/** Other machines: a real sshd each, on loopback, with keys of its own; every one is a sandbox with its own HOME. */
import { mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { endKept, makeKey, sshdProgram, startSshd, writeSsh } from '../../scripts/sshd.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

/** What a test is given as `skip`: false, or why it cannot run here. */
export const withoutSshd = sshdProgram === null ? 'there is no sshd here (Debian: openssh-server)' : false;

export interface Machine extends Sandbox {
  /** Stops what listens, as a machine that is off; what is connected stays. */
  stop(): Promise<void>;
}

/**
 * A sandbox whose ssh knows machines of these names from its own configuration, and nothing else. With `pitwall: false`
 * they have none on their PATH. All of it is taken away when the test ends.
 */
export async function machines(
  t: TestContext,
  names: readonly string[],
  options: { readonly pitwall?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{
  readonly near: Sandbox;
  readonly far: readonly Machine[];
  /** Ends the connections that ssh keeps, as a minute does. */
  forget(): void;
}> {
  const near = await sandbox();
  const key = join(near.folder, 'key');
  const bin = join(near.folder, 'bin');
  const run = join(near.folder, 'run');
  for (const folder of [bin, run]) mkdirSync(folder, { mode: 0o700 });
  Object.assign(near.env, { PATH: [bin, near.env.PATH].join(delimiter), XDG_RUNTIME_DIR: run });
  const forget = () => endKept(run);
  t.after(forget);
  makeKey(key);
  const far: Machine[] = [];
  const ports: Record<string, number> = {};
  for (const name of names) {
    const box = await sandbox();
    const env = { ...box.env, PITWALL_DEMO_PACE: '10', ...options.env };
    const pitwall = options.pitwall === false ? null : resolve('bin/pitwall');
    const sshd = await startSshd({ folder: box.folder, key, env, pitwall });
    t.after(async () => {
      await sshd.stop();
      await box.dispose();
    });
    far.push({ ...box, stop: sshd.stop });
    ports[name] = sshd.port;
  }
  t.after(() => near.dispose());
  writeSsh({ folder: near.folder, bin, key, ports });
  return { near, far, forget };
}
