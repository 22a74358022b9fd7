import { pluginText } from './plugin-text.ts';

/**
 * The text of our plugin for opencode: plain JavaScript that opencode loads. It hands events to the hook one after the
 * other, argv only, and does nothing outside of a task. Sessions of subagents have a parent: their turns are not the
 * agent's, but what they ask is asked of the person. An error that the person caused by Esc is no failure.
 */
export const opencodePlugin = pluginText(`// Written by pitwall for one task: tells it what opencode is doing.
const { spawn } = await import('node:child_process');

const limit = 5000;

function tell(hook, event, state, message, payload) {
  return new Promise((done) => {
    const child = spawn(hook, ['--event', event, state, message], { stdio: ['pipe', 'ignore', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    const end = () => {
      clearTimeout(timer);
      done();
    };
    child.on('error', end);
    child.on('close', end);
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(JSON.stringify(payload));
  });
}

function words(value) {
  return typeof value === 'string' ? value : '';
}

function asked(properties) {
  const first = Array.isArray(properties.questions) ? properties.questions[0] : null;
  if (first) return words(first.question);
  const patterns = Array.isArray(properties.patterns) ? properties.patterns.map(words).join(' ') : '';
  return (words(properties.permission) + ': ' + patterns).trim();
}

function sum(told) {
  const total = { input_tokens: 0, output_tokens: 0, cost: 0 };
  for (const info of told.values()) {
    const { input = 0, output = 0, reasoning = 0, cache = {} } = info.tokens || {};
    total.input_tokens += input + (cache.read || 0) + (cache.write || 0);
    total.output_tokens += output + reasoning;
    total.cost += info.cost || 0;
  }
  return total;
}

// What the model said last and what it has used, by session. What was said before this run is asked for once.
function listening(client, children) {
  const sessions = new Map();
  const of = (id) => {
    if (!sessions.has(id)) sessions.set(id, { told: new Map(), said: '', asked: false });
    return sessions.get(id);
  };
  const message = (info) => {
    if (info && info.role === 'assistant') of(info.sessionID).told.set(info.id, { cost: info.cost, tokens: info.tokens });
  };
  return {
    hear(type, { info, part }) {
      if (type === 'message.updated' && info && !children.has(info.sessionID)) message(info);
      if (type !== 'message.part.updated' || !part || part.type !== 'text' || children.has(part.sessionID)) return;
      const session = of(part.sessionID);
      if (session.told.has(part.messageID)) session.said = words(part.text).slice(0, 4000);
    },
    async end(id) {
      const session = of(id);
      if (!session.asked && client && client.session) {
        session.asked = true;
        const before = await client.session.messages({ path: { id } }).catch(() => ({}));
        for (const each of before.data || []) if (each.info && !session.told.has(each.info.id)) message(each.info);
      }
      const { said } = session;
      session.said = '';
      return { last_assistant_message: said, usage: sum(session.told) };
    },
  };
}

function reading(children) {
  let failed = false;
  return (type, properties) => {
    const info = properties.info;
    if (type === 'session.created') {
      if (info && info.parentID) children.add(info.id);
      return info && info.parentID ? null : ['-', ''];
    }
    if (/^(permission|question)\\.asked$/.test(type)) return ['waiting', asked(properties)];
    if (/^(permission|question)\\.(replied|rejected)$/.test(type)) return ['working', ''];
    if (children.has(properties.sessionID)) return null;
    if (type === 'session.status' && properties.status && properties.status.type === 'busy') {
      failed = false;
      return ['working', ''];
    }
    if (type === 'session.error') {
      const error = properties.error || {};
      if (error.name === 'MessageAbortedError') return ['-', ''];
      failed = true;
      return ['failed', words(error.data && error.data.message) || words(error.name)];
    }
    if (type === 'session.idle' && !failed) return ['done', ''];
    return null;
  };
}

@export const PitwallPlugin = async ({ client }) => {
  const hook = process.env.PITWALL_HOOK;
  if (!hook) return {};
  const children = new Set();
  const read = reading(children);
  const listener = listening(client, children);
  let last = Promise.resolve();
  return {
    event: async ({ event }) => {
      const properties = event.properties || {};
      listener.hear(event.type, properties);
      const told = read(event.type, properties);
      if (told === null) return;
      const { sessionID, ...rest } = properties;
      const session = sessionID || (properties.info && properties.info.id);
      // The conversation is the parent's: that of a subagent is not to be continued in its place.
      const whose = children.has(session) ? { child_session_id: session } : { session_id: session, sessionID: session };
      const end = told[0] === 'done' ? await listener.end(session) : {};
      const payload = { ...rest, ...end, hook_event_name: event.type, ...whose };
      last = last.then(() => tell(hook, event.type, told[0], told[1], payload));
      await last;
    },
  };
};
`);
