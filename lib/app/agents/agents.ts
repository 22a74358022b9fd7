/** Which presets can be started on this machine, and what is missing. */

import type { Preset } from '../../core/agents/preset.ts';
import { isPitwallError, oneLine } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { isInstalled } from './install-agent.ts';
import { findProgram } from './launch-context.ts';

/** A preset as it stands on this machine. */
export interface AgentSight {
  readonly name: string;
  readonly title: string;
  readonly found: boolean;
  /** Whether it runs: it is found and, where it is asked, tells its version. */
  readonly works: boolean;
  readonly path: string | null;
  /** What it says when asked for its version; null when it ships with pitwall, is missing or did not answer in time. */
  readonly version: string | null;
  /** Whether it reports its states itself. */
  readonly hooks: boolean;
  /** Whether a conversation is continued by its id. */
  readonly resume: boolean;
  /** What is missing, in words, or null. */
  readonly missing: string | null;
  /** A command that gets what is missing, or null. */
  readonly install: string | null;
}

const notInstalled = 'its hooks are not installed, so it is read from its output';

/** Milliseconds that a program has to tell its version. */
const patience = 8000;

interface Told {
  readonly version: string | null;
  readonly problem: string | null;
}

/** All presets, shipped and the person's own, with what was found of them. Programs are asked all at once. */
export async function listAgents(context: Context): Promise<readonly AgentSight[]> {
  return Promise.all([...context.presets.values()].map((preset) => sight(context, preset)));
}

async function sight(context: Context, preset: Preset): Promise<AgentSight> {
  const program = await findProgram(context, preset);
  const installed = await isInstalled(context, preset);
  const base = {
    name: preset.name,
    title: preset.title,
    found: program !== null,
    path: program?.path ?? null,
    hooks: preset.hooks === 'events' || installed === true,
    resume: preset.conversation === 'chosen' || preset.conversation === 'reported',
  };
  if (program === null) {
    const { install } = preset.detect;
    const missing = `${preset.detect.program} is not on PATH`;
    return { ...base, works: false, version: null, missing, install };
  }
  const { version, problem } = await tellVersion(context, preset, program.path);
  const told = { ...base, works: problem === null, version };
  if (problem !== null) return { ...told, missing: problem, install: preset.detect.install };
  if (installed !== false) return { ...told, missing: null, install: null };
  return { ...told, missing: notInstalled, install: `pitwall agents install ${preset.name}` };
}

/** The first thing in a program's answer that looks like a version, or null. */
function firstVersion(said: string): string | null {
  return /\d+\.\d+(?:[\w.+-]{0,40}\w)?/.exec(said.slice(0, 2000))?.[0] ?? null;
}

/** Asked with little more than PATH and HOME around it, away from any repository, and without a terminal. */
async function tellVersion(context: Context, preset: Preset, path: string | null): Promise<Told> {
  const { deps } = context;
  if (path === null || preset.detect.versionArgv.length === 0) return { version: null, problem: null };
  const { PATH = '/usr/bin:/bin', LANG = 'C.UTF-8', TMPDIR } = deps.env;
  const env = {
    PATH,
    HOME: deps.home,
    LANG,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    CI: '1',
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
    DISABLE_AUTOUPDATER: '1',
  };
  try {
    const argv = [path, ...preset.detect.versionArgv];
    const asked = argv.join(' ');
    const said = await deps.processes.run(argv, { cwd: '/', env, bare: true, timeout: patience });
    if (said.timedOut)
      return { version: null, problem: `${asked} did not answer within ${patience / 1000} s` };
    if (said.exit === 0) return { version: firstVersion(said.stdout), problem: null };
    const first = oneLine(said.stderr.slice(0, 2000).trim().split('\n')[0] ?? '');
    return { version: null, problem: `${asked} fails: ${first || `exit ${said.exit}`}` };
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return { version: null, problem: error.message };
  }
}
