/** How amp is read: it tells nothing that is documented well enough, so by its output alone. */
import { commonQuestion } from '../preset.ts';
import type { Reading } from '../reading.ts';

export const ampReading: Reading = { quietMs: 3000, asks: commonQuestion };
