/** How Cursor's CLI is read, after its documentation: hooks without an event for approvals, so those are on the screen. */

import type { EventReading, Reading } from '../agents/reading.ts';
import {
  began,
  ended,
  eventReader,
  modelFailed,
  type Payload,
  textOf,
  works,
} from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';

/** `status` is `completed`, `aborted` or `error`. */
function stopped(payload: Payload): Partial<EventReading> {
  const status = textOf(payload, 'status');
  if (status === 'error') return modelFailed(payload, 'error_message', 'error');
  return status === 'aborted' ? { state: 'done', message: 'you interrupted it' } : { state: 'done' };
}

/** No event tells that it asks: that is only on its screen. */
export const cursorReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent: eventReader({
    sessionStart: began,
    beforeSubmitPrompt: works,
    preToolUse: works,
    postToolUse: works,
    postToolUseFailure: works,
    beforeShellExecution: works,
    afterShellExecution: works,
    afterFileEdit: works,
    // What it said last: told before the turn's end, which says nothing.
    afterAgentResponse: (payload) => ({ message: textOf(payload, 'text') }),
    stop: stopped,
    sessionEnd: ended,
  }),
  readScreen: screenReader([
    {
      state: 'waiting',
      pattern: /Workspace Trust Required|Do you trust the (?:contents|authors|files)/i,
      words: 'blocked at start-up: whether to trust this folder',
    },
    {
      state: 'waiting',
      pattern: /Press any key to (?:sign|log) in|Please sign in/i,
      words: 'blocked at start-up: it is not logged in',
    },
    {
      state: 'waiting',
      pattern: /(?:Run this command|Allow this|Waiting for approval)[^\n]{0,200}/,
      within: 14,
    },
    { state: 'working', pattern: /ctrl\+c to stop|esc to (?:stop|interrupt)/i, within: 8 },
  ]),
};
