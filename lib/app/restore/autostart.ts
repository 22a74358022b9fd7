/** `pitwall autostart`: lets the system bring every project back when it starts. Safe to repeat. */

import { commandFailed, isPitwallError, PitwallError } from '../../core/errors.ts';
import {
  agentLabel,
  cronLine,
  cronLineIn,
  launchdAgent,
  type StartupSpec,
  systemdUnit,
  unitName,
  withCronLine,
} from '../../core/restore/autostart.ts';
import type { Context } from '../context.ts';

/** What starts us. */
export type Starter = 'systemd' | 'launchd' | 'cron';

/** One thing that the start at boot needs. */
export interface AutostartPart {
  readonly about: string;
  readonly ok: boolean;
  readonly words: string;
  /** The command that mends it, or null. */
  readonly mend: string | null;
}

/** How the system starts us, and what of it is in place. */
export interface AutostartStatus {
  /** Null: nothing here starts programs with the system. */
  readonly starter: Starter | null;
  readonly enabled: boolean;
  readonly parts: readonly AutostartPart[];
}

/** What `enable` does, for `--dry-run`: files with their text and commands. */
export interface AutostartPlan {
  readonly starter: Starter;
  readonly file: string;
  readonly text: string;
  readonly commands: readonly (readonly string[])[];
}

const systemctl = (...words: readonly string[]): readonly string[] => ['systemctl', '--user', ...words];

/** What starts programs on this system; ToolMissing when there is nothing we know. */
export async function findStarter({ deps }: Context): Promise<Starter> {
  const { processes } = deps;
  if ((await processes.which('launchctl')) !== null) return 'launchd';
  if ((await processes.which('systemctl')) !== null) {
    const asked = await run(deps, systemctl('show-environment'));
    if (asked.exit === 0) return 'systemd';
  }
  if ((await processes.which('crontab')) !== null) return 'cron';
  throw new PitwallError(
    'ToolMissing',
    'neither systemd for users, launchd nor cron is here to start pitwall',
    'pitwall restore --all, after each start',
  );
}

/** The same; null when there is nothing we know, and nothing of ours is left from a time when there was: else ToolMissing. */
async function starterIfAny(context: Context): Promise<Starter | null> {
  try {
    return await findStarter(context);
  } catch (error) {
    if (!isPitwallError(error, 'ToolMissing')) throw error;
    for (const starter of ['systemd', 'launchd'] as const)
      if ((await context.deps.startup.read(fileOf(context, starter))) !== null) throw error;
    return null;
  }
}

/** What enabling would write and run. */
export async function planAutostart(context: Context): Promise<AutostartPlan> {
  const starter = await findStarter(context);
  const spec = specOf(context);
  const file = fileOf(context, starter);
  if (starter === 'systemd') {
    const commands = [systemctl('daemon-reload'), systemctl('enable', unitName)];
    return { starter, file, text: systemdUnit(spec), commands };
  }
  if (starter === 'launchd')
    return { starter, file, text: launchdAgent(spec), commands: [['launchctl', 'load', '-w', file]] };
  const text = withCronLine(await crontab(context), cronLine(spec));
  return { starter, file, text, commands: [['crontab', file]] };
}

/** Writes and switches on; what stands already is left as it is. */
export async function enableAutostart(context: Context): Promise<AutostartStatus> {
  const { startup } = context.deps;
  const plan = await planAutostart(context);
  if (plan.starter === 'launchd' && (await startup.read(plan.file)) !== null)
    await run(context.deps, ['launchctl', 'unload', plan.file]);
  await startup.write(plan.file, plan.text, plan.starter === 'cron' ? 0o600 : 0o644);
  for (const command of plan.commands) await must(context, command);
  if (plan.starter === 'cron') await startup.remove(plan.file);
  return autostartStatus(context);
}

/** Switches off and takes away what is ours, nothing else. */
export async function disableAutostart(context: Context): Promise<AutostartStatus> {
  const { startup } = context.deps;
  const starter = await starterIfAny(context);
  if (starter === null) return off(null);
  const file = fileOf(context, starter);
  if (starter === 'cron') {
    const now = await crontab(context);
    if (cronLineIn(now) !== null) {
      await startup.write(file, withCronLine(now, null), 0o600);
      await must(context, ['crontab', file]);
      await startup.remove(file);
    }
  } else if ((await startup.read(file)) !== null) {
    if (starter === 'systemd') await must(context, systemctl('disable', unitName));
    else await run(context.deps, ['launchctl', 'unload', '-w', file]);
    await startup.remove(file);
    if (starter === 'systemd') await must(context, systemctl('daemon-reload'));
  }
  return autostartStatus(context);
}

/** Whether it is on, and whether it will do what it is meant to. */
export async function autostartStatus(context: Context): Promise<AutostartStatus> {
  const starter = await starterIfAny(context);
  if (starter === null) return off(null);
  const file = fileOf(context, starter);
  const again = 'pitwall autostart enable';
  if (starter === 'cron') {
    const line = cronLineIn(await crontab(context));
    if (line === null) return off(starter);
    const same = line === cronLine(specOf(context));
    return { starter, enabled: true, parts: [told('crontab', same, 'a line in your crontab', again)] };
  }
  const text = await context.deps.startup.read(file);
  if (text === null) return off(starter);
  const wanted = starter === 'systemd' ? systemdUnit(specOf(context)) : launchdAgent(specOf(context));
  const parts = [told('file', text === wanted, file, again)];
  if (starter === 'launchd') {
    const { exit } = await run(context.deps, ['launchctl', 'list', agentLabel]);
    parts.push(
      exit === 0
        ? {
            about: 'launchd',
            ok: true,
            words: `${agentLabel} is loaded; it runs when you log in`,
            mend: null,
          }
        : { about: 'launchd', ok: false, words: `${agentLabel} is not loaded`, mend: again },
    );
    return { starter, enabled: true, parts };
  }
  const { exit } = await run(context.deps, systemctl('is-enabled', unitName));
  parts.push(
    exit === 0
      ? { about: 'unit', ok: true, words: `${unitName} is enabled`, mend: null }
      : { about: 'unit', ok: false, words: `${unitName} is not enabled`, mend: again },
    await linger(context),
  );
  return { starter, enabled: true, parts };
}

function off(starter: Starter | null): AutostartStatus {
  const words =
    starter === null
      ? 'off: nothing here starts programs with the system; pitwall restore --all brings projects back'
      : `off (${starter} is here; pitwall autostart enable brings projects back when the system starts)`;
  return { starter, enabled: false, parts: [{ about: 'autostart', ok: true, words, mend: null }] };
}

function told(about: string, same: boolean, what: string, mend: string): AutostartPart {
  if (same) return { about, ok: true, words: what, mend: null };
  return { about, ok: false, words: `${what}, written for another pitwall or another folder`, mend };
}

/** Without lingering systemd starts a person's units at their first login, and ends them after their last. */
async function linger({ deps }: Context): Promise<AutostartPart> {
  const user = deps.env.USER || deps.env.LOGNAME || '';
  const asked = await run(deps, [
    'loginctl',
    'show-user',
    ...(user === '' ? [] : [user]),
    '--property=Linger',
  ]);
  if (asked.stdout.trim() === 'Linger=yes')
    return {
      about: 'linger',
      ok: true,
      words: 'your units start with the system and outlive a logout',
      mend: null,
    };
  const words = 'your units start at your first login, not with the system, and end after your last logout';
  return {
    about: 'linger',
    ok: false,
    words,
    mend: `loginctl enable-linger${user === '' ? '' : ` ${user}`}`,
  };
}

/** This pitwall, with what tells it where its files and its tmux are. Nothing secret: others may read units. */
function specOf({ deps }: Context): StartupSpec {
  const names = ['HOME', 'PATH', 'SHELL', 'LANG', 'TMUX_TMPDIR', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME'];
  const ours = ['PITWALL_STATE_DIR', 'PITWALL_CONFIG_DIR'];
  const env: Record<string, string> = {};
  for (const name of [...names, ...ours]) {
    const value = deps.env[name];
    if (value) env[name] = value;
  }
  const socket = deps.tmux.socket === null ? [] : ['--socket', deps.tmux.socket];
  return { argv: [deps.shipped.node, deps.shipped.pitwall, 'restore', '--all', ...socket], env };
}

function fileOf({ deps }: Context, starter: Starter): string {
  const home = deps.env.HOME ?? '';
  if (starter === 'launchd') return `${home}/Library/LaunchAgents/${agentLabel}.plist`;
  if (starter === 'cron') return `${deps.files.stateDir}/.crontab`;
  return `${deps.env.XDG_CONFIG_HOME || `${home}/.config`}/systemd/user/${unitName}`;
}

/** The person's crontab; none is empty. */
async function crontab({ deps }: Context): Promise<string> {
  const listed = await run(deps, ['crontab', '-l']);
  if (listed.exit === 0) return listed.stdout === '' ? '' : `${listed.stdout.replace(/\n$/, '')}\n`;
  if (/no crontab/i.test(listed.stderr)) return '';
  throw commandFailed(['crontab', '-l'], listed.exit, listed.stderr);
}

function run(deps: Context['deps'], argv: readonly string[]) {
  return deps.processes.run(argv, { cwd: '/', timeout: 10_000 });
}

async function must({ deps }: Context, argv: readonly string[]): Promise<void> {
  const { exit, stderr } = await run(deps, argv);
  if (exit !== 0) throw commandFailed(argv, exit, stderr);
}
