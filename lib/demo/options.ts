/** The command line of the demo agent. */
import { PitwallError } from '../core/errors.ts';

/** What the command line says; defaults filled in. */
export interface DemoOptions {
  /** Id of a conversation to begin, or null. */
  readonly conversation: string | null;
  /** Id of a conversation to go on with, or null. */
  readonly resume: string | null;
  /** File of a conversation to begin with a copy of, or null. */
  readonly fork: string | null;
  /** Time between two visible steps, in ms. */
  readonly pace: number;
  readonly prompt: string | null;
  readonly help: boolean;
}

/** The text of --help. */
export const usage = `usage: demo-agent [--conversation UUID [--fork FILE] | --resume UUID] [--pace MS] [--] [PROMPT]

A scripted stand-in for a coding agent: it follows a fixed script and uses no model.

  --conversation UUID  begin a conversation with this id
  --fork FILE          begin it with a copy of the conversation in this file
  --resume UUID        go on with a conversation
  --pace MS            time between two visible steps (PITWALL_DEMO_PACE; 700)

example: demo-agent -- "add a search box to src/index.ts"
`;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads argv without node and script; throws Usage. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DemoOptions {
  const values = new Map<string, string>();
  const words: string[] = [];
  let help = false;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    const [, name = '', value] = /^(--(?:conversation|fork|resume|pace))(?:=(.*))?$/s.exec(word) ?? [];
    if (word === '--help' || word === '-h') help = true;
    else if (name !== '') {
      const given = value ?? argv[++at];
      if (given === undefined) throw new PitwallError('Usage', `${name} needs a value`);
      values.set(name, given);
    } else if (word.startsWith('-') && word !== '-')
      throw new PitwallError('Usage', `there is no option ${word.slice(0, 40)}`);
    else words.push(word);
  }
  if (words.length > 1) throw new PitwallError('Usage', 'one prompt is taken: put it in quotes');
  const conversation = readId(values.get('--conversation'), '--conversation');
  const resume = readId(values.get('--resume'), '--resume');
  if (conversation !== null && resume !== null)
    throw new PitwallError(
      'Usage',
      '--conversation begins one and --resume goes on with one: give one of them',
    );
  const fork = values.get('--fork') ?? null;
  if (fork !== null && resume !== null)
    throw new PitwallError('Usage', '--fork begins a conversation and --resume goes on with one');
  const prompt = words[0] === undefined || words[0].trim() === '' ? null : words[0];
  return {
    conversation,
    resume,
    fork,
    pace: readPace(values.get('--pace') ?? env.PITWALL_DEMO_PACE),
    prompt,
    help,
  };
}

function readId(value: string | undefined, name: string): string | null {
  if (value === undefined) return null;
  const id = value.toLowerCase();
  if (!uuid.test(id)) throw new PitwallError('Usage', `${name} takes a UUID, not ${value.slice(0, 40)}`);
  return id;
}

function readPace(value: string | undefined): number {
  if (value === undefined || value === '') return 700;
  if (!/^\d{1,5}$/.test(value))
    throw new PitwallError('Usage', `the pace is a number of ms, not ${value.slice(0, 40)}`);
  return Number(value);
}
