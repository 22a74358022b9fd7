import { examine } from '../../app/doctor.ts';
import { observe } from '../../app/observe.ts';
import { findTask } from '../../app/projects.ts';
import { explain } from '../../core/state/explain.ts';
import { whyJson, whyText } from '../../core/state/why.ts';
import { type Call, type Command, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall doctor`: exit code 1 when anything is wrong; changes nothing. */
export const command: Command = {
  name: 'doctor',
  summary:
    'what is wrong with tmux, git, agents, preferences and state, and the command that mends it; of a task: what decided its state',
  usage: ['doctor', 'doctor TASK[/AGENT]'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall doctor', 'pitwall doctor fix-login', 'pitwall doctor --json'],
  run,
};

async function run(call: Call): Promise<number> {
  if (call.positionals.length > 0) return why(call);
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

/** Which signal decided the state of each agent of a task. */
async function why(call: Call): Promise<number> {
  const { snapshot, facts } = await observe(await call.context(), { diffs: 'kept' });
  const { task, agent } = findTask(snapshot, onlyTask(call, 'doctor'), await hereProject(call));
  const agents = explain(facts, task.project, task.name).filter(
    ({ record }) => agent === null || record.name === agent,
  );
  if (call.json)
    call.out(
      JSON.stringify({ version: 1, project: task.project, task: task.name, why: agents.map(whyJson) }),
    );
  else call.out(agents.map(whyText).join('\n\n'));
  return 0;
}
