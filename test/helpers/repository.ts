/** Git on a repository of its own. */
import assert from 'node:assert/strict';
import { createGit } from '../../lib/adapters/git.ts';
import { PitwallError } from '../../lib/core/errors.ts';
import { sandbox } from './sandbox.ts';

/** A sandbox with a repository on `main`, and the port under test. */
export async function desk(t: { after: (work: () => Promise<void>) => void }) {
  const box = await sandbox();
  t.after(() => box.dispose());
  return { box, root: await box.repository(), git: createGit({ env: box.env }) };
}

/** Whether an error is a PitwallError of that code, message and hint. */
export const refusal =
  (code: string, words = /./, hint = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof PitwallError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.match(error.hint ?? 'none', hint);
    return true;
  };
