/** Figures of programs that are started: list, hook, new. No sidebar is open, so that nothing else runs beside them. */
import type { Figure } from './figure.ts';
import { ratio, timed } from './figure.ts';
import { nameOf, pause, type Stage } from './stage.ts';

const bareNode = [process.execPath, '-e', '0'] as const;

/** The command that scripts call most. */
export const list: Figure = {
  name: 'list',
  words: 'list --json, 10 tasks / bare node',
  stage: 'launches',
  measure(stage, quick) {
    const { root, env, pitwall } = stage;
    return ratio(
      1.8,
      quick ? 9 : 25,
      () => timed([...pitwall, 'list', '--json'], root, env),
      () => timed(bareNode, root, env),
    );
  },
};

/** What an agent waits for at every event. */
export const hook: Figure = {
  name: 'hook',
  words: 'pitwall-hook working / bare node',
  stage: 'launches',
  measure(stage, quick) {
    const env = paneEnvironment(stage, nameOf(1));
    return ratio(
      0.15,
      quick ? 9 : 41,
      () => timed([stage.hook, 'working'], stage.root, env),
      () => timed(bareNode, stage.root, env),
    );
  },
};

/** The same when the state is another each time, so that tmux has to be told. */
export const hookChange: Figure = {
  name: 'hook-change',
  words: 'pitwall-hook, another state than before / bare node',
  stage: 'launches',
  measure(stage, quick) {
    const env = paneEnvironment(stage, nameOf(1));
    let calls = 0;
    return ratio(
      0.15,
      quick ? 9 : 41,
      () => {
        calls += 1;
        return timed([stage.hook, calls % 2 === 0 ? 'waiting' : 'working', 'a question'], stage.root, env);
      },
      async () => {
        // What the call before set in motion in the background is not to count for either.
        await pause(50);
        return timed(bareNode, stage.root, env);
      },
    );
  },
};

/** A new task against what git, tmux and Node themselves take. */
export const newTask: Figure = {
  name: 'new',
  words: 'new --no-attach / worktree + window + 2 bare nodes',
  stage: 'launches',
  async measure(stage, quick) {
    const { root, folder, env, pitwall } = stage;
    let number = 0;
    const ours = async () => {
      const name = `new-${number}`;
      const argv = [...pitwall, 'new', '--no-attach', '--agent', 'silent', '--name', name, 'do it'];
      // The task stays: a file system whose files were just deleted by the hundred is slow to make new ones, for both.
      const ms = timed(argv, root, env);
      // tmux's hook looks after the docket a moment later: not beside what is measured next.
      await pause(1200);
      return ms;
    };
    const bare = async () => {
      number += 1;
      const path = `${folder}/bare-${number}`;
      const ms =
        timed(['git', 'worktree', 'add', '-q', '-b', `bare-${number}`, path, 'main'], root, env) +
        timed(['tmux', '-L', 'bench', 'new-window', '-d', '-c', path, 'exec cat'], root, env) +
        timed(bareNode, root, env) +
        timed(bareNode, root, env);
      await pause(400);
      return ms;
    };
    return ratio(1, quick ? 9 : 11, ours, bare);
  },
};

/** The environment of the task's first pane, as launch.ts makes it. */
function paneEnvironment(stage: Stage, name: string): NodeJS.ProcessEnv {
  const task = stage.list().projects[0]?.tasks.find((each) => each.name === name);
  const [agent] = task?.agents ?? [];
  if (!task || !agent) throw new Error(`there is no task ${name}`);
  return {
    ...stage.env,
    TMUX: stage.tmux('display-message', '-p', '-t', agent.pane, '#{socket_path},#{pid},0'),
    TMUX_PANE: agent.pane,
    PITWALL_TASK: name,
    PITWALL_PROJECT: 'app',
    PITWALL_AGENT: agent.name,
    PITWALL_TASK_DIR: stage.taskFolder(name),
  };
}
