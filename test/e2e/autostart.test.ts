import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

/** Programs of that name alone on PATH, each logging its arguments and then running `script`. */
function only(box: Sandbox, fakes: Readonly<Record<string, string>>) {
  const bin = join(box.folder, 'fakes');
  mkdirSync(bin, { recursive: true });
  const log = join(box.folder, 'log');
  writeFileSync(log, '');
  for (const [name, script] of Object.entries(fakes)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${log}'\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { PATH: bin, USER: 'me' };
  const run = (...words: string[]) => pitwall(box, box.folder, ['autostart', ...words], { env });
  return { env, run, log: () => readFileSync(log, 'utf8').trim().split('\n') };
}

test('systemd: a unit is written, enabled and taken away; lingering is explained', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const enabled = join(box.folder, 'enabled');
  const fakes = only(box, {
    systemctl: `case "$*" in *is-enabled*) [ -e ${enabled} ];; *enable*) : >${enabled};; *disable*) /bin/rm ${enabled};; esac`,
    loginctl: `[ -e ${box.folder}/linger ] && echo Linger=yes || echo Linger=no`,
  });
  const unit = join(box.env.XDG_CONFIG_HOME ?? '', 'systemd', 'user', 'pitwall-restore.service');
  const dry = await fakes.run('enable', '--dry-run');
  assert.match(dry.stdout, new RegExp(`^# ${unit}\n`));
  assert.match(dry.stdout, /^ExecStart=".*node" ".*\/bin\/pitwall" "restore" "--all" "--socket" "s"$/m);
  assert.match(dry.stdout, /^# then: systemctl --user enable pitwall-restore.service$/m);
  assert.equal(existsSync(unit), false);
  assert.match((await fakes.run()).stdout, /off \(systemd is here/);
  for (const time of ['first', 'again']) {
    const ran = await fakes.run('enable');
    assert.equal(ran.code, 1, `${time}: ${ran.stdout}`);
    assert.match(ran.stdout, /^wrong linger .*\n {6}try: loginctl enable-linger me$/m);
  }
  assert.equal(statSync(unit).mode & 0o777, 0o644);
  assert.equal(`# ${unit}\n${readFileSync(unit, 'utf8')}`.trimEnd(), dry.stdout.split('\n# then')[0]);
  writeFileSync(join(box.folder, 'linger'), '');
  const good = JSON.parse((await fakes.run('status', '--json')).stdout);
  assert.deepEqual([good.ok, good.starter, good.enabled], [true, 'systemd', true]);
  const { stdout } = await pitwall(box, box.folder, ['doctor'], { env: fakes.env });
  assert.match(stdout, /^ok {4}autostart {4}pitwall-restore.service is enabled$/m);
  writeFileSync(unit, 'old');
  const old = await fakes.run('status');
  assert.equal(old.code, 1);
  assert.match(old.stdout, /try: pitwall autostart enable/);
  assert.equal((await fakes.run('disable')).code, 0);
  assert.equal(existsSync(unit), false);
  assert.equal((await fakes.run('disable')).code, 0, 'safe to repeat');
  assert.equal(fakes.log().includes('systemctl --user disable pitwall-restore.service'), true);
});

test('cron: where systemd does not answer one line is added, the rest of the crontab stays', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const table = join(box.folder, 'crontab');
  const fakes = only(box, {
    systemctl: 'echo "Failed to connect to bus" >&2; exit 1',
    crontab: `if [ "$1" = -l ]; then [ -e ${table} ] && /bin/cat ${table} || { echo "no crontab for me" >&2; exit 1; }; else /bin/cp "$1" ${table}; fi`,
  });
  assert.equal((await fakes.run('enable')).code, 0);
  assert.match(readFileSync(table, 'utf8'), /^@reboot env HOME=.* # pitwall autostart\n$/);
  writeFileSync(table, '# mine\n0 4 * * * backup\n');
  for (const _ of [1, 2]) assert.equal((await fakes.run('enable')).code, 0);
  const lines = readFileSync(table, 'utf8').split('\n');
  assert.deepEqual([lines.length, lines[0], lines[1]], [4, '# mine', '0 4 * * * backup']);
  assert.equal(existsSync(join(box.env.XDG_STATE_HOME ?? '', 'pitwall', '.crontab')), false);
  assert.equal((await fakes.run('disable')).code, 0);
  assert.equal(readFileSync(table, 'utf8'), '# mine\n0 4 * * * backup\n');
});

test('launchd: an agent is written, loaded and taken away; with nothing to start us it says so', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const fakes = only(box, { launchctl: '' });
  const plist = join(box.env.HOME ?? '', 'Library', 'LaunchAgents', 'pitwall.restore.plist');
  assert.equal((await fakes.run('enable')).code, 0);
  assert.match(readFileSync(plist, 'utf8'), /<string>--all<\/string>/);
  assert.equal(fakes.log().includes(`launchctl load -w ${plist}`), true);
  assert.equal((await fakes.run('disable')).code, 0);
  assert.equal(existsSync(plist), false);
  const none = await pitwall(box, box.folder, ['autostart', 'enable'], {
    env: { PATH: join(box.folder, 'none') },
  });
  assert.equal(none.code, 1);
  assert.match(none.stderr, /neither systemd for users, launchd nor cron/);
});

test('where nothing starts programs with the system, that is no failure of status and disable', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const fakes = only(box, {});
  for (const words of [[], ['status'], ['disable']]) {
    const ran = await fakes.run(...words);
    assert.deepEqual([ran.code, ran.stderr], [0, ''], words.join(' '));
    assert.match(ran.stdout, /^ok {4}autostart {4}off: nothing here starts programs with the system; .*\n$/);
  }
  const { ok, starter, enabled } = JSON.parse((await fakes.run('status', '--json')).stdout);
  assert.deepEqual([ok, starter, enabled], [true, null, false]);
  const { stdout } = await pitwall(box, box.folder, ['doctor'], { env: fakes.env });
  assert.match(stdout, /^ok {4}autostart {4}off: nothing here/m);
  // What was enabled while there was a systemd may still be: that it is off would be a lie.
  const units = join(box.env.XDG_CONFIG_HOME ?? '', 'systemd', 'user');
  mkdirSync(units, { recursive: true });
  writeFileSync(join(units, 'pitwall-restore.service'), 'x');
  assert.equal((await fakes.run('status')).code, 1);
  assert.equal((await fakes.run('disable')).code, 1);
});
