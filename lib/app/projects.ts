/** Finding and making projects and tasks by what a person typed. */
import { PitwallError } from '../core/errors.ts';
import type { Project, ProjectRecord, Snapshot, Task } from '../core/model.ts';
import { nearNames, parseReference, projectName, uniqueName } from '../core/names.ts';
import { type ProjectSettings, parseProjectSettings } from '../core/settings/project-settings.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { StoredProject } from '../ports.ts';
import type { Context } from './context.ts';

/** The project of the repository that holds `path`, made known when it is not yet. NotARepository, BareRepository. */
export async function ensureProject(
  context: Context,
  path: string,
  keep: 'save' | 'look' = 'save',
): Promise<ProjectRecord> {
  const { deps } = context;
  const { projects } = await deps.files.load();
  // The usual case, without starting git: the folder itself is the main worktree of a known project.
  const here = projects.find((project) => project.record.root === path);
  if (here && (await deps.git.fingerprint(path)) !== null) return here.record;
  const root = await deps.git.root(path);
  const known = projects.find((project) => project.record.root === root);
  if (known) return known.record;
  return deps.files.locked('projects', async () => {
    const { projects } = await deps.files.load();
    const meanwhile = projects.find((project) => project.record.root === root);
    if (meanwhile) return meanwhile.record;
    const folder = root.split('/').at(-1) ?? '';
    const name = uniqueName(projectName(folder), (each) =>
      projects.some((project) => project.record.name === each),
    );
    const created = new Date(deps.clock.now()).toISOString();
    const record: ProjectRecord = { version: 1, name, root, created };
    if (keep === 'save') await deps.files.saveProject(record);
    return record;
  });
}

/** The project a command is about: by `--project`, else by the folder it is given in. NoSuchProject, NotARepository. */
export async function currentProject(
  context: Context,
  named: string | null,
  keep: 'save' | 'look' = 'save',
): Promise<ProjectRecord> {
  if (named === null) return ensureProject(context, context.deps.cwd(), keep);
  const { projects } = await context.deps.files.load();
  const found = projects.find((project) => project.record.name === projectName(named));
  if (found) return found.record;
  throw noSuchProject(
    named,
    projects.map((project) => project.record.name),
  );
}

/** The settings its team committed; `problems` name what is wrong in them. */
export async function projectSettings(
  context: Context,
  root: string,
): Promise<{ readonly settings: ProjectSettings; readonly problems: readonly string[] }> {
  const path = `${root}/.pitwall/config.json`;
  const text = await context.deps.folder.read(path);
  if (text === null) return parseProjectSettings({});
  try {
    const { settings, problems } = parseProjectSettings(JSON.parse(text));
    return { settings, problems: problems.map((problem) => `${path}: ${problem}`) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PitwallError(
      'SettingsInvalid',
      `${path} is not JSON: ${error.message}`,
      `$EDITOR ${shellQuote([path])}`,
    );
  }
}

/** What a typed name means, as the snapshot has it. */
export interface FoundTask {
  readonly project: Project;
  readonly task: Task;
  /** The agent that was named, else null. */
  readonly agent: string | null;
}

/**
 * The task `typed` names, in the project it names, else in `here` (the project of the folder, if any), else the only
 * one of that name anywhere. NoSuchTask, NoSuchAgent, NoSuchProject.
 */
export function findTask(snapshot: Snapshot, typed: string, here: string | null): FoundTask {
  const reference = parseReference(typed);
  const wanted = reference.project ?? null;
  const names = snapshot.projects.map((project) => project.name);
  if (wanted !== null && !names.includes(wanted)) throw noSuchProject(wanted, names);
  const nearest = snapshot.projects.filter((project) => project.name === (wanted ?? here));
  const scopes = wanted === null ? [nearest, snapshot.projects] : [nearest];
  for (const reading of reference.readings)
    for (const scope of scopes) {
      const found = scope.flatMap((project) =>
        project.tasks.filter((task) => task.name === reading.task).map((task) => ({ project, task })),
      );
      const only = found[0];
      if (!only) continue;
      if (found.length > 1)
        throw ambiguous(
          reading.task,
          found.map((each) => each.project.name),
        );
      if (reading.agent !== null && !only.task.agents.some((agent) => agent.name === reading.agent))
        throw noSuchAgent(only.task, reading.agent);
      return { ...only, agent: reading.agent };
    }
  throw noSuchTask(snapshot, typed);
}

/** The stored side of a task, with its journal. */
export function storedTask(projects: readonly StoredProject[], project: string, task: string) {
  const stored = projects
    .find((each) => each.record.name === project)
    ?.tasks.find((each) => each.name === task);
  if (stored?.record) return { ...stored, record: stored.record };
  throw new PitwallError('NoSuchTask', `${project}:${task} has no readable record`, 'pitwall doctor');
}

function ambiguous(task: string, projects: readonly string[]): PitwallError {
  const hint = `pitwall show ${projects[0]}:${task}`;
  return new PitwallError('Usage', `${task} is in several projects (${projects.join(', ')})`, hint, {
    projects,
  });
}

function noSuchProject(name: string, known: readonly string[]): PitwallError {
  const near = nearNames(name, known);
  const meant = near.length > 0 ? ` (${near.join(', ')}?)` : '';
  return new PitwallError('NoSuchProject', `there is no project ${name}${meant}`, 'pitwall list --all');
}

function noSuchTask(snapshot: Snapshot, typed: string): PitwallError {
  const known = snapshot.projects.flatMap((project) => project.tasks.map((task) => task.name));
  const near = nearNames(typed, known);
  const meant = near.length > 0 ? ` (${near.join(', ')}?)` : '';
  return new PitwallError('NoSuchTask', `there is no task ${typed}${meant}`, 'pitwall list --all');
}

function noSuchAgent(task: Task, agent: string): PitwallError {
  const known = task.agents.map((each) => each.name).join(', ');
  return new PitwallError(
    'NoSuchAgent',
    `${task.name} has no agent ${agent} (${known})`,
    `pitwall show ${task.name}`,
  );
}
