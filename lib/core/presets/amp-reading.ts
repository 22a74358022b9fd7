/** How amp is read, after its documentation: by the events of its plugin when that is installed, else by its output. */
import { commonQuestion } from '../agents/preset.ts';
import type { Reading } from '../agents/reading.ts';
import { beganAnew, eventReader, modelFailed, textOf, works } from '../agents/reading-payload.ts';

/** Without its plugin: at work until it prints nothing for 3 s. */
export const ampReading: Reading = {
  quietMs: 3000,
  asks: commonQuestion,
  readEvent: eventReader({
    'session.start': beganAnew,
    'agent.start': works,
    'agent.end': (payload) =>
      textOf(payload, 'status') === 'error'
        ? modelFailed(payload, 'message', 'error')
        : { state: 'done', message: textOf(payload, 'message') },
  }),
};
