import { attachHere } from '../../app/hosts/attach.ts';
import { PitwallError } from '../../core/errors.ts';
import { hostFor, parsePlace } from '../../core/hosts/hosts.ts';
import { type Call, type Command, flag, text } from '../command.ts';
import { offer } from './open.ts';

/** `pitwall attach`: as `open` for a project that is known, here or on another machine. */
export const command: Command = {
  name: 'attach',
  summary: 'go to the project you were last in, to one by name, or to one on another machine',
  usage: ['attach [[HOST:]PROJECT]', 'attach HOST:'],
  options: {
    task: { type: 'string', value: 'TASK', words: 'to that task of it, or TASK/AGENT' },
    mosh: { type: 'boolean', words: 'to another machine by mosh instead of ssh' },
  },
  examples: [
    'pitwall attach',
    'pitwall attach app',
    'pitwall attach box:app',
    'pitwall attach --mosh me@box:',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const [typed, ...more] = call.positionals;
  if (more.length > 0) throw new PitwallError('Usage', 'attach takes one place', 'pitwall attach --help');
  const { host, project } = typed === undefined ? { host: null, project: null } : parsePlace(typed);
  const context = await call.context();
  const task = text(call, 'task');
  if (host !== null) {
    const { attachThere } = await import('../../app/hosts/away.ts');
    const found = hostFor(context.preferences, host);
    const mosh = found.mosh || flag(call, 'mosh');
    return attachThere(context, { host: { ...found, mosh }, project, task });
  }
  if (flag(call, 'mosh'))
    throw new PitwallError('Usage', '--mosh goes with HOST:PROJECT', 'pitwall attach --help');
  return attachHere(
    context,
    { project, task },
    (name, lost) => offer(call, name, lost),
    (line) => call.say(`pitwall: ${line}`),
  );
}
