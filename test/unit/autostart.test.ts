import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cronLine,
  cronLineIn,
  launchdAgent,
  outsideLogin,
  systemdUnit,
  withCronLine,
} from '../../lib/core/restore/autostart.ts';

const spec = {
  argv: ['/usr/bin/node', '/home/me/my $tools/50%/pit"wall', 'restore', '--all'],
  env: { PATH: '/usr/bin:/bin', XDG_STATE_HOME: '/home/me/a b\\c 100% <&>' },
};

test('the systemd unit runs once, leaves tmux alone, and quotes what systemd would read', () => {
  const unit = systemdUnit(spec);
  for (const line of ['Type=oneshot', 'RemainAfterExit=yes', 'KillMode=process', 'WantedBy=default.target'])
    assert.equal(unit.split('\n').includes(line), true, line);
  assert.match(unit, /^Environment="XDG_STATE_HOME=\/home\/me\/a b\\\\c 100%% <&>"$/m);
  assert.match(
    unit,
    /^ExecStart="\/usr\/bin\/node" "\/home\/me\/my \$\$tools\/50%%\/pit\\"wall" "restore" "--all"$/m,
  );
  assert.equal(
    systemdUnit({ ...spec, env: { A: 'b\nExecStart=/bin/false' } }).match(/^ExecStart=/gm)?.length,
    1,
  );
});

test('the launchd agent runs at load and abandons its group; its text is XML', () => {
  const agent = launchdAgent(spec);
  assert.match(agent, /<key>RunAtLoad<\/key><true\/>/);
  assert.match(agent, /<key>AbandonProcessGroup<\/key><true\/>/);
  assert.match(agent, /<string>\/home\/me\/my \$tools\/50%\/pit"wall<\/string>/);
  assert.match(agent, /<string>\/home\/me\/a b\\c 100% &lt;&amp;&gt;<\/string>/);
});

test('a crontab gets one line of ours, and keeps the others byte for byte', () => {
  const line = cronLine(spec);
  assert.match(line, /^@reboot env PATH=\/usr\/bin:\/bin 'XDG_STATE_HOME=.*100\\% <&>' .* restore --all >/);
  const theirs = '# mine\nMAILTO=me\n\n0 4 * * * backup # pitwall too\n';
  const once = withCronLine(theirs, line);
  assert.equal(once, `${theirs}${line}\n`);
  assert.equal(withCronLine(once, line), once);
  assert.equal(cronLineIn(once), line);
  assert.equal(withCronLine(once, null), theirs);
  assert.equal(withCronLine(withCronLine('', line), null), '');
  assert.equal(cronLineIn(theirs), null);
});

test('a server is started outside of a login only from inside of one, with a manager, once autostart is on', () => {
  const login = '0::/user.slice/user-1000.slice/session-3.scope\n';
  const facts = { cgroup: login, enabled: true, manager: true };
  assert.deepEqual(outsideLogin(facts).slice(0, 3), ['systemd-run', '--user', '--scope']);
  for (const other of [{ cgroup: '' }, { enabled: false }, { manager: false }])
    assert.deepEqual(outsideLogin({ ...facts, ...other }), []);
  const unit = '0::/user.slice/user-1000.slice/user@1000.service/app.slice/pitwall-restore.service\n';
  assert.deepEqual(outsideLogin({ ...facts, cgroup: unit }), []);
});
