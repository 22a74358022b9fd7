/**
 * The closed union of what can go wrong for a person. Each error names the thing in its message and, where there
 * is one, carries a command as its hint. Anything that is not a PitwallError is a bug.
 */
export type ErrorCode =
  | 'Usage'
  | 'ToolMissing'
  | 'ToolTooOld'
  | 'ServerGone'
  | 'CannotConnect'
  | 'TargetGone'
  | 'NotARepository'
  | 'EmptyRepository'
  | 'BareRepository'
  | 'BaseUnknown'
  | 'BranchInUse'
  | 'BranchUnknown'
  | 'NameTaken'
  | 'NoSuchProject'
  | 'NoSuchTask'
  | 'NoSuchAgent'
  | 'NoSuchLayout'
  | 'NoSuchHost'
  | 'LayoutInvalid'
  | 'SettingsInvalid'
  | 'AgentMissing'
  | 'DirtyWorktree'
  | 'UnmergedWork'
  | 'WorktreeBusy'
  | 'Protected'
  | 'NotDelivered'
  | 'NothingWaits'
  | 'NoClient'
  | 'Locked'
  | 'NotTrusted'
  | 'FileDamaged'
  | 'FileUnusable'
  | 'DiskFull'
  | 'CommandFailed'
  | 'Interrupted';

/** Extra facts of an error for programs: argv, exit and stderr of a failed command, the names in the way. */
export type ErrorDetail = Readonly<Record<string, string | number | null | readonly string[]>>;

/** One refusal or failure. `message` is one line that names the thing; `hint` is a command to try, or null. */
export class PitwallError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, hint: string | null = null, detail: ErrorDetail = {}) {
    super(oneLine(message));
    this.name = 'PitwallError';
    this.code = code;
    this.hint = hint === null ? null : oneLine(hint);
    this.detail = detail;
  }
}

/** Whether `error` is a PitwallError, of one of `codes` when any are given. */
export function isPitwallError(error: unknown, ...codes: readonly ErrorCode[]): error is PitwallError {
  return error instanceof PitwallError && (codes.length === 0 || codes.includes(error.code));
}

/** The error of a program that ended badly; stderr is cut to its last 2,000 characters. */
export function commandFailed(argv: readonly string[], exit: number | null, stderr: string): PitwallError {
  const tail = stderr.slice(-2000).trim();
  const said = tail.split('\n').at(-1) ?? '';
  const ended = exit === null ? 'was ended by a signal' : `exited with ${exit}`;
  return new PitwallError('CommandFailed', `${argv.slice(0, 3).join(' ')} ${ended}: ${said}`, null, {
    argv,
    exit,
    stderr: tail,
  });
}

/** Text from outside on one line, without control characters: what a terminal must never be handed raw. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
