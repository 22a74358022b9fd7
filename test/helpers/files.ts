/** A state folder with tasks in it. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import type { Files } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { folderOf } from './workers.ts';

/** A state folder of a test’s own with a project and such tasks. */
export async function prepared(
  t: TestContext,
  ...tasks: string[]
): Promise<{ files: Files; stateDir: string }> {
  const stateDir = join(folderOf(t), 'state');
  const files = createFiles({ stateDir });
  await files.saveProject(projectRecord());
  for (const task of tasks) await files.createTask(taskRecord(task));
  return { files, stateDir };
}

/** The tasks of the first project, as they are loaded. */
export const tasksOf = async (files: Files) => (await files.load()).projects[0]?.tasks ?? [];
