/** Names of folders in the state folder, and what is said where there is none. */
import { PitwallError } from '../core/errors.ts';

/** The error for a task whose folder is not there. */
export function noTask(task: string): PitwallError {
  return new PitwallError('NoSuchTask', `there is no task ${task}`, 'pitwall list --all');
}

/** Names come from what a person typed and from records: none may lead out of the state folder. */
export function nameOfFolder(name: string, code: 'NoSuchProject' | 'NoSuchTask' | 'NoSuchAgent'): string {
  if (name === '' || name.startsWith('.') || /[/\0]/.test(name))
    throw new PitwallError(code, `“${name}” is no name`, 'pitwall list --all');
  return name;
}
