import {
  type AutostartStatus,
  autostartStatus,
  disableAutostart,
  enableAutostart,
  planAutostart,
} from '../../app/restore/autostart.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption } from '../command.ts';

/** `pitwall autostart`: exit code 1 while something is missing. */
export const command: Command = {
  name: 'autostart',
  summary: 'bring projects back when the system starts (systemd user unit, launchd agent or cron)',
  usage: ['autostart [status]', 'autostart enable [--dry-run]', 'autostart disable'],
  options: {
    'dry-run': { type: 'boolean', words: 'only print what enable would write and run' },
    ...jsonOption,
  },
  examples: ['pitwall autostart enable', 'pitwall autostart enable --dry-run', 'pitwall autostart status'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const [verb = 'status', ...more] = call.positionals;
  if (more.length > 0 || !['enable', 'disable', 'status'].includes(verb))
    throw new PitwallError(
      'Usage',
      `autostart does not know “${call.positionals.join(' ')}”`,
      'pitwall autostart --help',
    );
  if (verb === 'enable' && flag(call, 'dry-run')) {
    const plan = await planAutostart(context);
    if (call.json) call.out(JSON.stringify({ version: 1, dryRun: true, ...plan }));
    else {
      call.out(`# ${plan.file}\n${plan.text}`.trimEnd());
      for (const words of plan.commands) call.out(`# then: ${words.join(' ')}`);
    }
    return 0;
  }
  if (verb === 'enable') return show(call, await enableAutostart(context));
  if (verb === 'disable') return show(call, await disableAutostart(context));
  return show(call, await autostartStatus(context));
}

function show(call: Call, status: AutostartStatus): number {
  const ok = status.parts.every((part) => part.ok);
  if (call.json) call.out(JSON.stringify({ version: 1, ok, ...status }));
  else
    for (const part of status.parts) {
      call.out(`${part.ok ? 'ok   ' : 'wrong'} ${part.about.padEnd(12)} ${part.words}`);
      if (part.mend !== null) call.out(`      try: ${part.mend}`);
    }
  return ok ? 0 : 1;
}
