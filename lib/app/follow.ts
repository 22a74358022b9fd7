/** Runs `onChange` after each change of the state folder, one at a time, until the process is interrupted. */
import type { Context } from './context.ts';

/** A change during a run leads to one more run. Never resolves by itself; a failing run ends it with that error. */
export async function follow(context: Context, onChange: () => Promise<void>): Promise<never> {
  const watcher = await context.deps.watcher();
  return new Promise<never>((_, reject) => {
    let running = false;
    let again = false;
    const run = async (): Promise<void> => {
      if (running) {
        again = true;
        return;
      }
      running = true;
      try {
        do {
          again = false;
          await onChange();
        } while (again);
      } catch (error) {
        await watcher.stop();
        reject(error);
      } finally {
        running = false;
      }
    };
    watcher.start(() => void run()).catch(reject);
  });
}
