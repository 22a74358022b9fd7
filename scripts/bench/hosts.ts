/** The figure of other hosts: one list over two of them against one bare ssh to one of them. */
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { endKept, makeKey, sshdProgram, startSshd, writeSsh } from '../sshd.ts';
import type { Figure } from './figure.ts';
import { ratio, timed } from './figure.ts';
import { openStage, type Stage } from './stage.ts';

const names = ['box', 'attic'] as const;

export const hosts: Figure = {
  name: 'hosts',
  words: 'list --all over two hosts, connections kept / one ssh host true',
  stage: 'launches',
  async measure(stage, quick) {
    if (sshdProgram === null)
      return { value: 0, unit: '×', bound: 1.5, note: 'not measured: there is no sshd here' };
    const key = join(stage.folder, 'key');
    const bin = join(stage.folder, 'bin');
    const run = join(stage.folder, 'run');
    for (const folder of [bin, run]) mkdirSync(folder, { mode: 0o700 });
    makeKey(key);
    const far: { readonly stage: Stage; readonly stop: () => Promise<void> }[] = [];
    const clean = () => {
      endKept(run);
      for (const each of far) each.stage.clean();
    };
    process.on('exit', clean);
    const ports: Record<string, number> = {};
    for (const name of names) {
      const there = openStage({ sidebar: false });
      const [, pitwall] = there.pitwall;
      const { port, stop } = await startSshd({ folder: there.folder, key, env: there.env, pitwall });
      far.push({ stage: there, stop });
      ports[name] = port;
      await there.work(5);
      stage.run('hosts', 'add', name);
    }
    writeSsh({ folder: stage.folder, bin, key, ports });
    const env = { ...stage.env, PATH: [bin, stage.env.PATH].join(delimiter), XDG_RUNTIME_DIR: run };
    const result = await ratio(
      1.5,
      quick ? 9 : 25,
      () => timed([...stage.pitwall, 'list', '--all', '--json'], stage.root, env),
      () => timed([join(bin, 'ssh'), 'box', 'true'], stage.root, env),
    );
    for (const name of names) stage.run('hosts', 'remove', name);
    for (const { stop } of far) await stop();
    process.off('exit', clean);
    clean();
    return result;
  },
};
