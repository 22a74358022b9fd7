/** Packs the project, installs the tarball into an empty prefix and runs it there, as a person would after npm i -g. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './remove-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'pitwall-smoke-'));
const env = {
  ...process.env,
  HOME: folder,
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_CACHE_HOME: join(folder, 'cache'),
  TMUX_TMPDIR: folder,
  PITWALL_SOCKET: 's',
};
const run = (program: string, args: readonly string[], cwd = folder) =>
  execFileSync(program, args, {
    cwd,
    env: { ...env, TMUX: '' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
try {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], process.cwd());
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  const prefix = join(folder, 'prefix');
  mkdirSync(prefix);
  run('npm', [
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    '--prefix',
    prefix,
    '--global',
    join(folder, tarball),
  ]);
  const pitwall = join(prefix, 'bin', 'pitwall');
  console.log(`pitwall ${run(pitwall, ['--version']).trim()}`);
  run(pitwall, ['--help']);
  const root = join(folder, 'app');
  mkdirSync(root);
  run('git', ['init', '-q', '-b', 'main'], root);
  run(
    'git',
    [
      '-c',
      'user.name=Smoke',
      '-c',
      'user.email=smoke@example.invalid',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'start',
    ],
    root,
  );
  run(pitwall, ['open', '--no-attach'], root);
  run(pitwall, ['new', '--agent', 'demo', '--no-attach', 'say hello [no-question]'], root);
  const { projects } = JSON.parse(run(pitwall, ['list', '--json'], root));
  if (projects[0]?.tasks[0]?.agents[0]?.preset !== 'demo')
    throw new Error(`list shows no task: ${JSON.stringify(projects)}`);
  run(pitwall, ['remove', '--force', projects[0].tasks[0].name], root);
  console.log('smoke: the packed pitwall opens a project, makes a task and removes it');
} finally {
  try {
    run('tmux', ['-L', 's', 'kill-server']);
  } catch (error) {
    console.error(`tmux was not running at the end: ${String(error).split('\n')[0]}`);
  }
  removeFolder(folder);
}
