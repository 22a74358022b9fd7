/** The demo agent as a reviewer: reads the change in its prompt and leaves an answer, or misbehaves as it is told to. */
import { writeFile } from 'node:fs/promises';
import { runChild } from './children.ts';
import { readReviewWords, scriptedAnswer } from './reviewer.ts';
import { ask, type Outcome, step, type TurnWorld, turnOf, wait } from './turn.ts';
import { appendInside } from './worktree.ts';

/** Runs one turn as a reviewer, as `takeTurn` does. */
export async function takeReading(world: TurnWorld, prompt: string): Promise<void> {
  await turnOf(world, prompt, () => read(world, prompt));
}

async function read(world: TurnWorld, prompt: string): Promise<Outcome> {
  const words = readReviewWords(prompt);
  await step(world, 'reviewing (scripted): reading the change');
  if (words.has('ask')) await ask(world, 1);
  if (words.has('edit'))
    for (const path of ['README.md', 'made-by-reviewer/note.md'])
      await step(
        world,
        `editing ${path} (${await appendInside(world.root, { path, text: 'by the reviewer\n' })})`,
      );
  if (words.has('commit'))
    await runChild(['git', 'commit', '--allow-empty', '-q', '-m', 'by the reviewer'], {
      capture: false,
      timeout: 10_000,
    });
  if (words.has('hang')) {
    world.line('hanging, as the prompt asked');
    while (!world.stopped()) await wait(1000);
  }
  const run = Number(/(\d+)\.json$/.exec(world.verdictPath ?? '')?.[1] ?? 1);
  const answer = scriptedAnswer(prompt, run);
  const text = words.has('nonsense') ? 'Looks good to me!' : JSON.stringify(answer, null, 2);
  if (world.verdictPath !== null && !words.has('silent')) {
    await step(world, 'writing the answer');
    await writeFile(world.verdictPath, `${text}\n`, { mode: 0o600 });
  }
  return { outcome: 'done', message: answer.summary };
}
