/** The git port: worktrees, branches, changes and facts of one repository. No autostash; commits and pushes only for `land`. */
import { PitwallError } from '../core/errors.ts';
import type { Git } from '../ports.ts';
import { besidePart } from './git-beside.ts';
import { carryPart } from './git-carry.ts';
import { diffPart } from './git-diff.ts';
import { factsPart } from './git-facts.ts';
import { includePart } from './git-include.ts';
import { landPart } from './git-land.ts';
import { leftLocks } from './git-lock.ts';
import { overlapPart } from './git-overlap.ts';
import { putBackPart } from './git-put-back.ts';
import { repositoryPart } from './git-repository.ts';
import { requestPart } from './git-request.ts';
import { reviewPart } from './git-review.ts';
import { roundsPart } from './git-rounds.ts';
import { gitRunner, must } from './git-run.ts';
import { submodulePart } from './git-submodules.ts';
import { worktreePart } from './git-worktrees.ts';
import { installCommand } from './install-command.ts';

/** The git port with the person’s environment. ToolMissing at the first call when there is no git. */
export function createGit(options: { readonly env: Readonly<Record<string, string | undefined>> }): Git {
  const run = gitRunner(options.env);
  return {
    ...repositoryPart(run),
    ...worktreePart(run),
    ...submodulePart(run, options.env),
    ...diffPart(run, options.env),
    ...factsPart(run, options.env),
    ...includePart(run),
    ...roundsPart(run, options.env),
    ...putBackPart(run, options.env),
    ...besidePart(run),
    ...overlapPart(run, options.env),
    ...carryPart(run),
    ...requestPart(run),
    ...reviewPart(run, options.env),
    ...landPart(run, options.env),
    leftLocks: async (root, tasks, before) => leftLocks(root, tasks, before),
    async version() {
      const said = (await must(run, '/', ['--version'])).trim().replace(/^git version /, '');
      const [major = 0, minor = 0] = said.split('.').map(Number);
      if (major > 2 || (major === 2 && minor >= 38)) return said;
      throw new PitwallError(
        'ToolTooOld',
        `git ${said} is too old: 2.38 or newer is needed`,
        installCommand('git'),
      );
    },
  };
}
