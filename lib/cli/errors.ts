/** How an error is shown: one line and a hint, or JSON; and which exit code it has. */
import { isPitwallError, type PitwallError } from '../core/errors.ts';

/** 2 for Usage, 130 for Interrupted as shells have it, 1 for all else. */
export function exitCode(error: PitwallError): number {
  if (error.code === 'Usage') return 2;
  return error.code === 'Interrupted' ? 130 : 1;
}

/** The text for stderr. */
export function errorText(error: PitwallError, json: boolean): string {
  const { code, message, hint, detail } = error;
  if (json) return JSON.stringify({ error: { code, message, hint, detail } });
  return hint === null ? `pitwall: ${message}` : `pitwall: ${message}\ntry: ${hint}`;
}

/** A usage error of node's parseArgs in our words, or null when `error` is none. */
export function usageMessage(error: unknown): string | null {
  if (isPitwallError(error) || !(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_PARSE_ARGS') ? (error.message.split('. ')[0] ?? error.message) : null;
}
