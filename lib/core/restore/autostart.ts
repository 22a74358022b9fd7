/**
 * The texts that let a system bring projects back at its start: a systemd user unit (systemd.service(5)), a launchd
 * agent (launchd.plist(5)) and a line of a crontab (crontab(5)). Each runs `pitwall restore --all` once and leaves tmux
 * running; nothing of pitwall's own stays. Pure.
 */

/** What is to be run, and with which environment. */
export interface StartupSpec {
  /** argv, its first word an absolute path. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The file name of the systemd unit. */
export const unitName = 'pitwall-restore.service';
/** The label of the launchd agent, and the name of its file without its ending. */
export const agentLabel = 'pitwall.restore';

/** Ends the line in a crontab that is ours. */
const cronMark = '# pitwall autostart';

/**
 * `KillMode=process` and `RemainAfterExit`: tmux, which the command leaves behind, belongs to the unit and not to a
 * login, and is not ended with the command. Exit code 1 says that something is not back, not that the unit failed.
 */
export function systemdUnit({ argv, env }: StartupSpec): string {
  return `${[
    '# Written by pitwall autostart enable.',
    '[Unit]',
    'Description=pitwall: bring back windows and agents',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    'KillMode=process',
    'SuccessExitStatus=1',
    ...Object.entries(env).map(([name, value]) => `Environment=${systemdWord(`${name}=${value}`, false)}`),
    `ExecStart=${argv.map((word) => systemdWord(word, true)).join(' ')}`,
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')}\n`;
}

/** One word in double quotes. `%` starts a specifier everywhere, `$` a variable in command lines only. */
function systemdWord(word: string, command: boolean): string {
  const escaped = word
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replaceAll('%', '%%');
  return `"${command ? escaped.replaceAll('$', '$$$$') : escaped}"`;
}

/** `AbandonProcessGroup`: launchd would end tmux with the command. */
export function launchdAgent({ argv, env }: StartupSpec): string {
  const text = (value: string) => `<string>${xml(value)}</string>`;
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    `  <key>Label</key>${text(agentLabel)}`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...argv.map((word) => `    ${text(word)}`),
    '  </array>',
    '  <key>EnvironmentVariables</key>',
    '  <dict>',
    ...Object.entries(env).map(([name, value]) => `    <key>${xml(name)}</key>${text(value)}`),
    '  </dict>',
    '  <key>RunAtLoad</key><true/>',
    '  <key>AbandonProcessGroup</key><true/>',
    '</dict>',
    '</plist>',
  ].join('\n')}\n`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The line for a crontab. cron ends a command at a bare `%`. */
export function cronLine({ argv, env }: StartupSpec): string {
  const words = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv];
  const quoted = words.map((word) =>
    /^[A-Za-z0-9_/.=:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return `@reboot ${quoted.join(' ').replaceAll('%', '\\%')} >/dev/null 2>&1 ${cronMark}`;
}

/** The crontab with our line as its only one of ours, or with null without; all other lines stay as they are. */
export function withCronLine(crontab: string, line: string | null): string {
  const others = crontab.split('\n').filter((each) => !each.endsWith(cronMark));
  while (others.at(-1) === '') others.pop();
  const lines = line === null ? others : [...others, line];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Our line in a crontab, or null. */
export function cronLineIn(crontab: string): string | null {
  return crontab.split('\n').find((line) => line.endsWith(cronMark)) ?? null;
}

/**
 * argv to put before a tmux that may start a server, so that it does not end with the login it was started from: a scope
 * of the person's own service manager. Empty when this process is in no login's scope, or autostart is not on.
 * `cgroup` is the text of /proc/self/cgroup, '' where there is none.
 */
export function outsideLogin(facts: {
  readonly cgroup: string;
  readonly enabled: boolean;
  readonly manager: boolean;
}): readonly string[] {
  const inLogin = /\/session-[^/\n]+\.scope(\/|$)/m.test(facts.cgroup);
  if (!inLogin || !facts.enabled || !facts.manager) return [];
  return ['systemd-run', '--user', '--scope', '--quiet', '--collect', '--'];
}
