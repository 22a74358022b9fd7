import { addHost, checkHost, removeHosts } from '../../app/hosts/hosts.ts';
import { PitwallError } from '../../core/errors.ts';
import { hostsOf, namedHosts } from '../../core/hosts/hosts.ts';
import { type Call, type Command, flag, jsonOption, list, number } from '../command.ts';

/** `pitwall hosts`: kept in the preferences; exit code 1 when a machine that is checked lacks something. */
export const command: Command = {
  name: 'hosts',
  summary: 'your other machines: for list --all, attach and the sidebar',
  usage: ['hosts [list]', 'hosts add [NAME] DESTINATION', 'hosts remove HOST…', 'hosts check [HOST…]'],
  options: {
    mosh: { type: 'boolean', words: 'add: attach goes by mosh' },
    command: {
      type: 'string',
      multiple: true,
      value: 'WORD',
      words: 'add: pitwall there, as a path; again for further words',
    },
    timeout: { type: 'string', value: 'S', words: 'add: seconds within which it must answer (5)' },
    ...jsonOption,
  },
  examples: [
    'pitwall hosts add me@box.example.org',
    'pitwall hosts add attic build-2 --mosh',
    'pitwall hosts check box',
    'pitwall hosts remove box',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const [verb = 'list', ...names] = call.positionals;
  if (verb === 'list' && names.length === 0) return show(call);
  if (verb === 'add' && names.length > 0 && names.length <= 2) return add(call, names);
  if (verb === 'remove' && names.length > 0) {
    await removeHosts(await call.context(), names);
    return 0;
  }
  if (verb === 'check') return check(call, names);
  throw new PitwallError('Usage', misuse(verb, call.positionals), 'pitwall hosts --help');
}

function misuse(verb: string, words: readonly string[]): string {
  if (verb === 'list') return 'hosts list takes no names';
  if (verb === 'add' && words.length === 1)
    return 'hosts add needs a destination: a name of your ssh configuration, or me@box';
  if (verb === 'add') return 'hosts add takes a name and a destination, no more';
  if (verb === 'remove') return 'hosts remove needs a host';
  return `hosts does not know “${words.join(' ')}”`;
}

async function show(call: Call): Promise<number> {
  const hosts = hostsOf((await call.context()).preferences);
  if (call.json) {
    const shown = hosts.map(({ timeout, ...host }) => ({ ...host, timeout: timeout / 1000 }));
    call.out(JSON.stringify({ version: 1, hosts: shown }));
    return 0;
  }
  if (hosts.length === 0) call.say('no hosts yet; try: pitwall hosts add me@box.example.org');
  const widest = Math.max(0, ...hosts.map(({ name }) => name.length));
  for (const { name, destination, mosh } of hosts)
    call.out(`${name.padEnd(widest)}  ${destination}${mosh ? '  mosh' : ''}`);
  return 0;
}

async function add(call: Call, words: readonly string[]): Promise<number> {
  const [first = '', second] = words;
  const command = list(call, 'command');
  const name = await addHost(await call.context(), {
    name: second === undefined ? null : first,
    destination: second ?? first,
    mosh: flag(call, 'mosh'),
    command: command.length === 0 ? null : command,
    timeout: number(call, 'timeout', 1, 60),
  });
  if (call.json) call.out(JSON.stringify({ version: 1, name }));
  else call.say(`${name} is kept; try: pitwall hosts check ${name}`);
  return 0;
}

async function check(call: Call, names: readonly string[]): Promise<number> {
  const context = await call.context();
  const hosts = namedHosts(context.preferences, names);
  if (hosts.length === 0) call.say('no hosts yet; try: pitwall hosts add me@box.example.org');
  const checked = await Promise.all(
    hosts.map(async (host) => ({ name: host.name, findings: await checkHost(context, host) })),
  );
  const good = checked.every(({ findings }) => findings.every(({ ok }) => ok));
  if (call.json) call.out(JSON.stringify({ version: 1, ok: good, hosts: checked }));
  else
    for (const { name, findings } of checked)
      for (const { ok, about, words, mend } of findings) {
        call.out(`${ok ? 'ok   ' : 'wrong'} ${name.padEnd(10)} ${about.padEnd(12)} ${words}`);
        if (mend !== null && !ok) call.out(`      try: ${mend}`);
      }
  return good ? 0 : 1;
}
