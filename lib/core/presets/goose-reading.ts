/** How goose is read, after its documentation: hooks of Claude Code's shape and names. */

import type { Reading } from '../agents/reading.ts';
import { beganAnew, ended, eventReader, modelFailed, textOf, works } from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';
import { askedOf } from './claude-reading.ts';

/** Its hooks first; dialogs from its screen. */
export const gooseReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent: eventReader({
    SessionStart: beganAnew,
    UserPromptSubmit: works,
    PreToolUse: works,
    PostToolUse: works,
    PostToolUseFailure: works,
    PermissionRequest: (payload) => ({ state: 'waiting', message: askedOf(payload) }),
    Stop: (payload) => ({ state: 'done', message: textOf(payload, 'last_assistant_message', 'message') }),
    StopFailure: (payload) => modelFailed(payload, 'last_assistant_message', 'error'),
    SessionEnd: ended,
  }),
  readScreen: screenReader([
    {
      state: 'waiting',
      pattern: /(?:Goose would like to call|Do you allow)[^\n]{0,200}/i,
      within: 14,
    },
    {
      state: 'waiting',
      pattern: /Which model provider should we use|How would you like to set up your provider/i,
      words: 'blocked at start-up: it is not set up',
    },
  ]),
};
