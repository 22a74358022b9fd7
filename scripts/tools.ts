/** Says in one line each what a script needs and does not find, with the command that installs it. */
import { spawnSync } from 'node:child_process';
import { installCommand } from '../lib/adapters/install-command.ts';

const needed = [
  { program: 'tmux', args: ['-V'], least: [3, 2] },
  { program: 'git', args: ['--version'], least: [2, 38] },
] as const;

/** Ends the process with exit code 1 when tmux or git is missing or too old. */
export function requireTools(): void {
  const wrong: string[] = [];
  for (const { program, args, least } of needed) {
    const result = spawnSync(program, args, { encoding: 'utf8' });
    const found = /(\d+)\.(\d+)/.exec(result.stdout ?? '');
    const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
    if (result.error) wrong.push(`pitwall: ${program} is not installed\ntry: ${installCommand(program)}`);
    else if (found && (major < least[0] || (major === least[0] && minor < least[1])))
      wrong.push(
        `pitwall: ${program} ${found[0]} is too old (${least.join('.')} is needed)\ntry: ${installCommand(program)}`,
      );
  }
  if (wrong.length === 0) return;
  console.error(wrong.join('\n'));
  process.exit(1);
}
