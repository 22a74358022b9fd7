import { examine } from '../app/doctor.ts';
import { type Call, type Command, jsonOption, noArguments } from './command.ts';

/** `pitwall doctor`: exit code 1 when anything is wrong; changes nothing. */
export const command: Command = {
  name: 'doctor',
  summary: 'what is wrong with tmux, git, agents, preferences and state, and the command that mends it',
  usage: ['doctor'],
  completes: 'none',
  options: { ...jsonOption },
  examples: ['pitwall doctor', 'pitwall doctor --json'],
  run,
};

async function run(call: Call): Promise<number> {
  noArguments(call, 'doctor');
  const findings = await examine(await call.context());
  const wrong = findings.filter((finding) => !finding.ok);
  if (call.json) call.out(JSON.stringify({ version: 1, ok: wrong.length === 0, findings }));
  else {
    for (const finding of findings) {
      call.out(`${finding.ok ? 'ok   ' : 'wrong'} ${finding.about.padEnd(12)} ${finding.words}`);
      if (finding.mend !== null) call.out(`      try: ${finding.mend}`);
    }
  }
  return wrong.length === 0 ? 0 : 1;
}
