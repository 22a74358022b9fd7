/** The prompt typed in the footer: one line of keys, several by paste or editor, kept until it is sent or cleared. */
import {
  type Addressee,
  addressOf,
  type SidebarCommand,
  type SidebarMessage,
  type SidebarModel,
} from './sidebar-model.ts';

type Message<K extends SidebarMessage['kind']> = Extract<SidebarMessage, { kind: K }>;

interface Prompted {
  readonly model: SidebarModel;
  readonly commands: readonly SidebarCommand[];
}

/** What is typed so far for whom the footer's prompt is for. */
export function draftOf(model: SidebarModel): string {
  return model.to === null ? '' : (model.drafts[addressOf(model.to)] ?? '');
}

/** A key while a prompt is typed. Escape leaves and keeps it, Enter sends it. */
export function prompting(model: SidebarModel, key: Message<'key'>): Prompted {
  const { to } = model;
  if (to === null || key.name === 'escape') return still({ ...model, mode: 'list' });
  const draft = draftOf(model);
  switch (key.name) {
    case 'enter':
      if (draft.trim() === '') return still({ ...model, mode: 'list' });
      return {
        model: { ...model, mode: 'list', failure: null },
        commands: [{ do: 'send', to, text: draft }],
      };
    case 'C-e':
      return { model: { ...model, mode: 'list' }, commands: [{ do: 'compose', to, text: draft }] };
    case 'C-u':
      return still(drafted(model, to, ''));
    case 'C-w':
      return still(drafted(model, to, draft.replace(/\S*\s*$/u, '')));
    case 'C-j':
    case 'linefeed':
      return still(drafted(model, to, `${draft}\n`));
    case 'backspace':
      return still(drafted(model, to, [...draft].slice(0, -1).join('')));
  }
  return still(key.text === null ? model : drafted(model, to, draft + key.text));
}

/** Pasted text is part of the prompt, line feeds and all; anywhere else it is nothing: its letters are no keys. */
export function pasted(model: SidebarModel, text: string): SidebarModel {
  if (model.mode !== 'prompt' || model.to === null) return model;
  return drafted(model, model.to, draftOf(model) + text.replace(/\r\n?/g, '\n'));
}

/** Back from the editor: what was written waits in the footer to be sent. */
export function composed(model: SidebarModel, { to, text }: Message<'composed'>): SidebarModel {
  return drafted({ ...model, mode: 'prompt', to }, to, text.replace(/\n+$/, ''));
}

/** After a prompt was sent or not: only what was delivered or is held for the agent is taken from the drafts. */
export function sent(model: SidebarModel, message: Message<'sent'>): SidebarModel {
  const { to, text, problem, held } = message;
  if (problem !== null) return { ...model, failure: problem };
  const same = model.drafts[addressOf(to)] === text;
  const notice = held === null ? model.notice : `held for ${to.task}/${to.agent}: ${held}`;
  return { ...(same ? drafted(model, to, '') : model), notice };
}

/** After an answer: the agent may be answered again. */
export function answered(model: SidebarModel, { to, problem }: Message<'answered'>): SidebarModel {
  const answering = model.answering.filter((each) => each !== addressOf(to));
  return { ...model, answering, failure: problem ?? model.failure };
}

function drafted(model: SidebarModel, to: Addressee, text: string): SidebarModel {
  const drafts = { ...model.drafts };
  if (text === '') delete drafts[addressOf(to)];
  else drafts[addressOf(to)] = text;
  return { ...model, drafts };
}

function still(model: SidebarModel): Prompted {
  return { model, commands: [] };
}
