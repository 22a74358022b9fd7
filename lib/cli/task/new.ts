import { bring } from '../../app/desk/open.ts';
import { newTask } from '../../app/new/new.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption, list, number, projectOption, text } from '../command.ts';

/** `pitwall new`: all of it or nothing: what fails takes back what it made. */
export const command: Command = {
  name: 'new',
  summary: 'a new task: worktree, branch, window, agents at work',
  usage: ['new [PROMPT|-]'],
  options: {
    name: {
      type: 'string',
      short: 'n',
      value: 'N',
      words: 'its name (default: from the words of the prompt)',
    },
    branch: {
      type: 'string',
      short: 'b',
      value: 'B',
      words: 'an existing local or remote branch, or a new one',
    },
    pr: { type: 'string', value: 'N', words: 'go on with pull request N (read through gh)' },
    base: {
      type: 'string',
      value: 'REF',
      words: "what a new branch starts from (default: origin's HEAD, else HEAD)",
    },
    agent: {
      type: 'string',
      short: 'a',
      multiple: true,
      value: 'PRESET',
      words: 'again for several agents in the one worktree',
    },
    model: { type: 'string', short: 'm', value: 'M', words: 'the model, for agents that let you choose' },
    'agent-args': {
      type: 'string',
      multiple: true,
      value: 'ARG',
      words: 'a further argument for the agents, again for more (--agent-args=--verbose)',
    },
    layout: { type: 'string', short: 'l', value: 'LAYOUT', words: 'the window’s layout (pitwall layouts)' },
    'prompt-file': { type: 'string', value: 'FILE', words: 'read the prompt from a file' },
    accept: {
      type: 'string',
      multiple: true,
      value: 'TEXT',
      words: 'what must hold when it is done, for agent and reviewer; again for more',
    },
    after: {
      type: 'string',
      value: 'TASK',
      words: 'make it now, start its agents once that task has landed or is gone',
    },
    reviewer: {
      type: 'string',
      value: 'PRESET',
      words: 'reads the change before you do (none: nobody; default: as the project has it)',
    },
    priority: {
      type: 'string',
      short: 'p',
      value: 'N',
      words: 'higher comes first on the docket (default 0)',
    },
    'no-attach': { type: 'boolean', words: 'stay here' },
    'dry-run': { type: 'boolean', words: 'only say what would be done' },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall new "fix the login redirect"',
    'pitwall new --agent demo --agent demo --layout pair "add search"',
    'pitwall new --agent claude --model opus --agent-args=--verbose "add search"',
    'pitwall new --pr 12 "answer the remarks of the review"',
    'pitwall new --reviewer claude --accept "the tests cover it" "add search"',
    'git log -1 | pitwall new --name explain -',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const prompt = await readPrompt(call);
  if (prompt !== null && prompt.trim() === '')
    throw new PitwallError('Usage', 'the prompt is empty', 'pitwall new "what to do"');
  const branch = text(call, 'branch');
  const request = number(call, 'pr', 1, 2 ** 31);
  if (prompt === null && branch === null && request === null && text(call, 'name') === null)
    throw new PitwallError('Usage', 'a task needs a prompt, a name or a branch', 'pitwall new "what to do"');
  const dryRun = flag(call, 'dry-run');
  const options = {
    project: text(call, 'project'),
    prompt,
    name: text(call, 'name'),
    branch,
    request,
    base: text(call, 'base'),
    agents: list(call, 'agent'),
    agentArgs: list(call, 'agent-args'),
    model: text(call, 'model'),
    layout: text(call, 'layout'),
    acceptance: list(call, 'accept'),
    reviewer: text(call, 'reviewer'),
    after: text(call, 'after'),
    priority: number(call, 'priority', -999, 999) ?? 0,
    dryRun,
  };
  const made = await newTask(
    context,
    options,
    (line) => call.say(`pitwall: ${line}`),
    (task) => offered(call, task),
  );
  for (const notice of made.notices) call.say(`pitwall: ${notice}`);
  const { record, window } = made;
  if (call.json)
    call.out(JSON.stringify({ version: 1, dryRun, task: { ...record, window }, steps: made.steps }));
  else if (dryRun) call.out(made.steps.join('\n'));
  else call.out(`${record.name}  ${record.branch}  ${record.worktree}`);
  if (dryRun || flag(call, 'no-attach') || call.json || window === null || !call.interactive) return 0;
  return bring(context, window);
}

/** Off a terminal nothing is asked: the option is named. */
async function offered(call: Call, task: string): Promise<boolean> {
  if (call.interactive && !call.json)
    return /^y(es)?$/i.test((await call.ask(`begin once ${task} has landed or is gone? [y/N] `)).trim());
  call.say(`try: pitwall new --after ${task} …`);
  return false;
}

async function readPrompt(call: Call): Promise<string | null> {
  const file = text(call, 'prompt-file');
  const words = call.positionals;
  if (file !== null && words.length > 0)
    throw new PitwallError('Usage', 'a prompt and --prompt-file exclude each other');
  if (file !== null) {
    const read = await call.deps.folder.read(file.startsWith('/') ? file : `${call.deps.cwd()}/${file}`);
    if (read === null) throw new PitwallError('Usage', `there is no file ${file}`);
    return read;
  }
  if (words.length === 1 && words[0] === '-') return call.stdin();
  if (words.length > 0) return words.join(' ');
  if (!call.interactive || ['branch', 'name', 'pr'].some((each) => text(call, each) !== null)) return null;
  const typed = await call.ask('What is to be done? (Esc leaves) ');
  return typed.trim() === '' ? null : typed;
}
