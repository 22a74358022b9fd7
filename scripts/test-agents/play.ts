/**
 * What the stand-in for a model answers. A prompt says itself how its turn goes, by a word in it:
 *
 *     play:touch=FILE   calls the tool that runs commands: `touch FILE`
 *     play:where=FILE   the same with `pwd > FILE`
 *     play:question     calls the tool that asks the person something
 *     play:long         goes on writing until it is interrupted
 *     play:error        is refused
 *     play:text         is answered in words
 *
 * A prompt without one is a turn of its own only where none came before. What follows the result of a tool is words.
 */

/** One message of a conversation, whatever its API calls it. */
export interface Message {
  readonly from: 'person' | 'model' | 'tool';
  readonly text: string;
}

/** A request to the model, its API apart. */
export interface Asked {
  readonly messages: readonly Message[];
  /** Names of the tools it may call; none for what agents ask beside the conversation (titles, summaries). */
  readonly tools: readonly string[];
  readonly stream: boolean;
}

export type Reply =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'call'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'long' }
  | { readonly kind: 'error'; readonly message: string };

/** The words of the question, of its answers and of the refusal, as the course looks for them. */
export const played = {
  question: 'Which colour shall it be?',
  answers: ['Green', 'Blue'],
  refusal: 'the stand-in refuses this prompt',
  over: 'The turn is over.',
} as const;

const directive = /play:(touch|where|question|long|error|text)(?:=([\w.-]+))?/g;

/** The reply to a request: by the last word of the person's that says how the turn goes. */
export function replyTo({ messages, tools }: Asked): Reply {
  const said: Reply = { kind: 'words', text: played.over };
  const at = messages.findLastIndex(({ from, text }) => from === 'person' && text.search(directive) >= 0);
  const [, play, file = 'played.txt'] = [...(messages[at]?.text.matchAll(directive) ?? [])].at(-1) ?? [];
  if (tools.length === 0 || play === undefined || play === 'text') return said;
  if (play === 'error') return { kind: 'error', message: played.refusal };
  if (messages.slice(at + 1).some(({ from }) => from === 'tool')) return said;
  if (play === 'long') return { kind: 'long' };
  const reply = play === 'question' ? asking(tools) : running(tools, `${commands[play]} ${file}`);
  return reply ?? { kind: 'words', text: `No tool for ${play} among: ${tools.join(', ')}` };
}

const commands: Readonly<Record<string, string>> = { touch: 'touch', where: 'pwd >' };

/** Tools that run a command, and what they are given. */
const runners: Readonly<Record<string, (command: string) => Readonly<Record<string, unknown>>>> = {
  Bash: (command) => ({ command, description: 'Play a part' }),
  exec_command: (cmd) => ({ cmd, sandbox_permissions: 'require_escalated', justification: 'Play a part' }),
  shell_command: (command) => ({
    command,
    sandbox_permissions: 'require_escalated',
    justification: 'Play a part',
  }),
  shell: (command) => ({ command: ['sh', '-c', command] }),
  run_shell_command: (command) => ({ command, description: 'Play a part', is_background: false }),
  bash: (command) => ({ command, description: 'Play a part' }),
};

function running(tools: readonly string[], command: string): Reply | null {
  const tool = tools.find((each) => Object.hasOwn(runners, each));
  const input = tool === undefined ? undefined : runners[tool]?.(command);
  return tool === undefined || input === undefined ? null : { kind: 'call', tool, input };
}

const options = played.answers.map((label) => ({ label, description: `It will be ${label}` }));
const shared = { question: played.question, header: 'Colour', options };

/** Tools that ask the person. */
const askers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AskUserQuestion: { questions: [{ ...shared, multiSelect: false }] },
  ask_user_question: { questions: [{ ...shared, multiSelect: false }] },
  ask_user: { questions: [{ ...shared, type: 'choice', multiSelect: false }] },
  question: { questions: [shared] },
  request_user_input: { questions: [{ ...shared, id: 'colour' }] },
};

/** Copilot's `ask_user`, which has a form of its own under gemini's name. */
const form = {
  message: played.question,
  requestedSchema: {
    type: 'object',
    properties: { colour: { type: 'string', title: 'Colour', enum: played.answers } },
    required: ['colour'],
  },
};

function asking(tools: readonly string[]): Reply | null {
  // Qwen Code has more tools than it names at first.
  const named = tools.includes('tool_search') ? [...tools, 'ask_user_question'] : tools;
  const tool = named.find((each) => Object.hasOwn(askers, each));
  const copilots = tool === 'ask_user' && tools.includes('bash');
  const input = tool === undefined ? undefined : copilots ? form : askers[tool];
  return tool === undefined || input === undefined ? null : { kind: 'call', tool, input };
}
