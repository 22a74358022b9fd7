/** A stand-in for the model's API on loopback: four APIs, one play (play.ts), nothing leaves the machine. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Api, isJson, type Json } from './api.ts';
import { completions } from './api-completions.ts';
import { gemini } from './api-gemini.ts';
import { messages } from './api-messages.ts';
import { responses } from './api-responses.ts';
import { type Asked, replyTo } from './play.ts';

const apis: readonly Api[] = [messages, responses, completions, gemini];

/** Milliseconds between two words of a turn that never ends by itself, and how long it goes on at most. */
const pace = 400;
const longest = 120_000;

export interface StandIn {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** All that was asked of the model so far, oldest first. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Starts it on a free port; `say` is told each request in one line. */
export async function startStandIn(say: (line: string) => void): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    response.on('error', (error) => say(`a client left: ${error.message}`));
    void handle(request, response, asked, say).catch((error: unknown) => {
      say(`the stand-in failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  asked: Asked[],
  say: (line: string) => void,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
  const body = readJson(await textOf(request));
  const api = request.method === 'POST' ? apis.find((each) => each.matches(path)) : undefined;
  if (api === undefined) {
    say(`${request.method} ${path}`);
    const known = otherwise(path);
    return answer(response, known === null ? 404 : 200, known ?? { error: { message: `no ${path} here` } });
  }
  const read = api.read(body, path);
  asked.push(read);
  const reply = replyTo(read);
  say(`${api.name}: ${read.messages.length} messages, ${read.tools.length} tools: ${JSON.stringify(reply)}`);
  if (reply.kind === 'error') return answer(response, 400, api.refused(reply.message));
  if (reply.kind === 'long') return goOn(api, response);
  if (!read.stream) return answer(response, 200, api.whole(reply));
  begin(response);
  response.end(api.streamed(reply).join(''));
}

/** Lists of models and counts of tokens: enough that an agent goes on. Null for what the stand-in does not have. */
function otherwise(path: string): Json | null {
  if (/\/models$/.test(path))
    return { object: 'list', data: [{ id: 'stand-in', object: 'model', type: 'model', display_name: 'S' }] };
  return /count_?tokens$/i.test(path) ? { input_tokens: 120, totalTokens: 120 } : null;
}

/** Writes word after word until the agent hangs up. */
async function goOn(api: Api, response: ServerResponse): Promise<void> {
  begin(response);
  response.write(api.opened().join(''));
  const end = Date.now() + longest;
  while (!response.destroyed && Date.now() < end) {
    response.write(api.more('still at it … ').join(''));
    await new Promise((done) => setTimeout(done, pace));
  }
  response.end();
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
}

function answer(response: ServerResponse, status: number, value: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function readJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
