/**
 * Plays real agents through, each in a real pane, started by `pitwall new` with a HOME of its own and a stand-in for
 * the model on loopback: `npm run test:agents`, or `npm run test:agents -- claude codex` for some. What cannot be had
 * is said not to have run. Options: `--folder PATH` keeps the agents there, `--fresh` gets their newest versions,
 * `--step WORD` takes only the launch and the steps whose names contain it, `--record PATH` keeps screens and events as
 * fixtures, `--verbose` tells what the model is asked.
 */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Player, players } from './test-agents/agents.ts';
import { launched, newcomers, type Run, type Step, steps } from './test-agents/course.ts';
import { type Installed, install, keptFolder } from './test-agents/install.ts';
import { recorderOf } from './test-agents/record.ts';
import { openStage, type Stage } from './test-agents/stage.ts';
import { startStandIn } from './test-agents/stand-in.ts';
import { requireTools } from './tools.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    step: { type: 'string' },
    record: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !players.some((player) => player.name === name));
if (unknown.length > 0) {
  console.error(
    `no such agent: ${unknown.join(' ')} (there are ${players.map(({ name }) => name).join(' ')})`,
  );
  process.exit(2);
}
requireTools();
if (!existsSync('dist/pitwall.cjs')) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });

/** What is still open, for an end by a signal. */
const stages = new Set<Stage>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void closeAll().finally(() => process.exit(130)));

let failures = 0;
const absent: string[] = [];
const chosen = players.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
for (const player of chosen) await play(player);
console.log(`\n${failures === 0 ? 'all that ran went well' : `${failures} went wrong`}`);
for (const line of absent) console.log(`not run: ${line}`);
process.exit(failures === 0 ? 0 : 1);

async function play(player: Player): Promise<void> {
  const installed = await got(player);
  if (installed === null) return;
  console.log(`\n${player.name} ${installed.version}`);
  if (wanted(newcomers) && !excused(player, newcomers))
    await onStage(player, installed, false, async (run) => void (await taken(run, newcomers)));
  await onStage(player, installed, true, wholeCourse);
}

async function got(player: Player): Promise<Installed | null> {
  try {
    return await install(player, values.folder ?? keptFolder(), values.fresh);
  } catch (error) {
    absent.push(`${player.name}: ${firstLine(error)}`);
    return null;
  }
}

/** Step after step; after one that failed the next begins with a task of its own. */
async function wholeCourse(first: Run): Promise<void> {
  let run = first;
  let ready = await taken(run, launched);
  for (const step of steps) {
    if (!wanted(step) && step.name !== 'allowed') continue;
    if (excused(run.player, step)) continue;
    if (!ready) {
      run = { ...run, task: `${first.task}-${step.name.toLowerCase().replace(/\W+/g, '-')}` };
      ready = (await quietly(run, launched)) && (step.name === 'allowed' || (await quietly(run, steps[0])));
    }
    if (ready) ready = await taken(run, step);
    else {
      failures += 1;
      console.log(`  not ok  ${step.name}: it could not be brought to begin it`);
    }
  }
}

/** Whether an agent cannot take a step; the reason is told at the end. */
function excused(player: Player, step: Step): boolean {
  const reason = player.without?.[step.name];
  if (reason !== undefined) absent.push(`${player.name}, ${step.name}: ${reason}`);
  return reason !== undefined;
}

async function taken(run: Run, step: Step): Promise<boolean> {
  const began = Date.now();
  try {
    await step.take(run);
    console.log(`  ok      ${step.name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    failures += 1;
    console.log(`  not ok  ${step.name}: ${firstLine(error)}`);
    console.log(await evidence(run));
    return false;
  }
}

async function quietly(run: Run, step: Step | undefined): Promise<boolean> {
  try {
    await step?.take(run);
    return true;
  } catch (error) {
    console.log(`          ${step?.name}: ${firstLine(error)}`);
    return false;
  }
}

/** The signals, the end of the journal, and the screen. */
async function evidence({ stage, task }: Run): Promise<string> {
  try {
    const why = await stage.pitwall(['show', task, '--why']);
    const log = await stage.pitwall(['log', task]);
    const screen = (await stage.screen(task)).split('\n').filter((line) => line.trim() !== '');
    const lines = [
      why.stdout.trimEnd(),
      ...log.stdout.trimEnd().split('\n').slice(-12),
      ...screen.slice(-24),
    ];
    return lines.join('\n').replace(/^/gm, '          ');
  } catch (error) {
    return `          nothing to show: ${firstLine(error)}`;
  }
}

async function onStage(
  player: Player,
  { programs }: Installed,
  prepared: boolean,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  const standIn = await startStandIn((line) =>
    values.verbose ? console.log(`          ${line}`) : undefined,
  );
  const stage = await openStage(player, { programs, url: standIn.url, prepared });
  stages.add(stage);
  try {
    const recorder = recorderOf(values.record, player.name);
    let count = 0;
    const reached = async (state: string): Promise<void> => {
      count += 1;
      const name = `${prepared ? '' : 'first-'}${String(count).padStart(2, '0')}-${state}`;
      await recorder.screen(stage, 'one', name);
    };
    await work({ player, stage, standIn, task: 'one', reached });
    if (prepared) recorder.events(stage, 'one');
  } finally {
    await closeAll();
    await standIn.close();
  }
}

async function closeAll(): Promise<void> {
  for (const stage of stages) {
    stages.delete(stage);
    try {
      await stage.clean();
    } catch (error) {
      failures += 1;
      console.log(`  not ok  all of it ends: ${firstLine(error)}`);
    }
  }
}

function wanted({ name }: Step): boolean {
  return values.step === undefined || name.includes(values.step);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error))
    .split('\n')
    .slice(0, 3)
    .join(' ')
    .slice(0, 600);
}
