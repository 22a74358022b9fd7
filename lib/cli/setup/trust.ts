import { settleLater } from '../../app/desk/server.ts';
import { currentProject } from '../../app/projects.ts';
import { readTrust, refuseInTask, type TrustState } from '../../app/trust.ts';
import { PitwallError } from '../../core/errors.ts';
import { type TrustLine, trustLines, visible } from '../../core/settings/trust.ts';
import { type Call, type Command, flag, jsonOption, projectOption, text } from '../command.ts';

/** `pitwall trust`: shows what would run before it asks; off a terminal it wants --yes. */
export const command: Command = {
  name: 'trust',
  summary: 'accept the commands that a repository’s settings want to run',
  usage: ['trust [PROJECT] [--yes]', 'trust [PROJECT] --list', 'trust [PROJECT] --revoke'],
  options: {
    list: { type: 'boolean', words: 'only show them, and whether they are accepted' },
    revoke: { type: 'boolean', words: 'take the acceptance back' },
    yes: { type: 'boolean', short: 'y', words: 'accept them without being asked' },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall trust',
    'pitwall trust app --list',
    'pitwall trust app --yes',
    'pitwall trust --revoke',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const [named, ...more] = call.positionals;
  const wanted = ['list', 'revoke', 'yes'].filter((name) => flag(call, name));
  if (more.length > 0 || wanted.length > 1)
    throw new PitwallError(
      'Usage',
      more.length > 0 ? 'trust takes one project' : `--${wanted.join(' and --')} exclude each other`,
      'pitwall trust --help',
    );
  const context = await call.context();
  const [choice] = wanted;
  if (choice !== 'list') await refuseInTask(context);
  const looks = choice === 'list' || choice === 'revoke';
  const project = await currentProject(context, named ?? text(call, 'project'), looks ? 'look' : 'save');
  const state = await readTrust(context, project);
  for (const problem of state.problems) call.say(`pitwall: ${problem}`);
  const { files } = context.deps;
  if (choice === 'revoke') {
    await files.saveTrust(project.name, null);
    return tell(call, project.name, { ...state, trust: null, accepted: state.commands.length === 0 });
  }
  if (choice === 'list' || state.accepted) return tell(call, project.name, state);
  const lines = trustLines(state.commands, state.trust);
  if (choice !== 'yes') {
    if (!call.json) call.out(listing(project.name, lines, state));
    if (!call.interactive) throw unasked(project.name, lines);
    const answer = await call.ask(`Let tasks of ${project.name} run ${these(state)}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) {
      call.say('nothing is accepted');
      return 1;
    }
  }
  await files.saveTrust(project.name, state.commands);
  const trust = await files.readTrust(project.name);
  // Changes that wait unchecked are checked now.
  if ((await context.deps.tmux.view()).options.settle !== undefined) await settleLater(context);
  return tell(call, project.name, { ...state, trust, accepted: true });
}

function unasked(project: string, lines: readonly TrustLine[]): PitwallError {
  return new PitwallError(
    'NotTrusted',
    `the commands of ${project} are not accepted, and there is no terminal to ask on`,
    `pitwall trust ${project} --yes`,
    { commands: lines.filter((line) => line.change === 'new').map((line) => line.run) },
  );
}

function tell(call: Call, project: string, state: TrustState): number {
  const { commands, trust, accepted } = state;
  if (call.json)
    call.out(
      JSON.stringify({
        version: 1,
        project,
        accepted,
        since: accepted ? (trust?.accepted ?? null) : null,
        commands,
      }),
    );
  else call.out(listing(project, trustLines(commands, trust), state));
  return 0;
}

/** Every command whole; `+` is new since the acceptance, `-` is gone. */
function listing(
  project: string,
  lines: readonly TrustLine[],
  { commands, trust, accepted }: TrustState,
): string {
  if (commands.length === 0 && trust === null) return `the settings of ${project} run no commands`;
  const widest = Math.max(0, ...lines.map((line) => visible(line.what).length));
  const drawn = lines.map(({ change, what, run }) => {
    const mark = trust === null || change === 'same' ? ' ' : change === 'new' ? '+' : '-';
    return `${mark} ${visible(what).padEnd(widest)}  ${visible(run)}`;
  });
  const verdict = accepted
    ? `accepted${trust === null ? '' : ` ${trust.accepted}`}`
    : trust === null
      ? 'not accepted'
      : 'changed since they were accepted';
  return [`${project}: ${verdict}`, ...drawn].join('\n');
}

function these({ commands }: TrustState): string {
  return commands.length === 1 ? 'this command' : `these ${commands.length} commands`;
}
