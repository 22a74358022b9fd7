/** What the person noted in a review, in the task's folder. */
import { join } from 'node:path';
import type { Files } from '../ports.ts';
import { readPlain } from './read-file.ts';
import { writeWhole } from './write-file.ts';

/** Bytes. */
const largest = 16 << 20;

/** This part of the port; `inTask` runs its work in the task's folder or fails with NoSuchTask. */
export function reviewFile(
  inTask: (project: string, task: string, name: string, work: (path: string) => void) => string,
  taskFolder: (project: string, task: string) => string,
): Pick<Files, 'readReview' | 'saveReview'> {
  return {
    async readReview(project, task) {
      return readPlain(join(taskFolder(project, task), 'review.json'), largest)?.text ?? null;
    },
    async saveReview(project, task, text) {
      inTask(project, task, 'review.json', (path) => writeWhole(path, text, true));
    },
  };
}
