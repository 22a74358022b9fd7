/** Text on its way into tmux: names and formats, its configuration language, shell commands it runs, and pastes. */

/**
 * A name or path as tmux must be given it wherever it expands formats (`new-window -n`, `-c`, `rename-window`,
 * `run-shell`): `#` doubled, so that `#(rm x)` stays text.
 */
export function escapeFormat(text: string): string {
  return text.replaceAll('#', '##');
}

/** A line as `display-message` must be given it: tmux expands formats and strftime's percent signs in it. */
export function messageText(line: string): string {
  return escapeFormat(line).replaceAll('%', '%%');
}

/**
 * One word of tmux's configuration language, for `source-file -` and for command strings inside commands. Always in
 * double quotes, control characters as octal: inside quotes tmux eats the blanks that follow a line feed.
 * Source: tmux(1), "Parsing syntax".
 */
export function quoteWord(word: string): string {
  const escaped = word
    .replace(/[\\"$~]/g, '\\$&')
    .replace(/[\u0001-\u001f\u007f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `"${escaped}"`;
}

/** A tmux command as text of its configuration language; plain words stay bare. */
export function commandText(command: readonly string[]): string {
  return command
    .map((word) => (/^[A-Za-z0-9_@%$.:=-]+$/.test(word) && !/^[%$=]|\$/.test(word) ? word : quoteWord(word)))
    .join(' ');
}

/** Several commands as one group of tmux's configuration language: the first that fails ends the rest. */
export function commandsText(commands: readonly (readonly string[])[]): string {
  return commands.map(commandText).join(' ; ');
}

/** argv as one command line for a POSIX shell (fish and zsh read it alike): each word in single quotes. */
export function shellQuote(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[A-Za-z0-9_/.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/**
 * A prompt as it may be pasted into a terminal program: without bracketed-paste marks (in both their forms, also
 * those that appear when others are taken out), with line feeds for carriage returns (a return would submit), and
 * without other control characters than tab and line feed (they would act as keys).
 */
export function cleanPaste(text: string): string {
  let clean = text;
  for (let before = ''; before !== clean; ) {
    before = clean;
    clean = clean.replace(/(?:\u001b\[|\u009b)20[01]~/g, '');
  }
  return clean.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

// Formats that find panes by what they are for. None holds a character that quoteWord would change.

const isRole = (role: string): string => `#{==:#{@pitwall_role},${role}}`;
/** Whether a pane of that role is the sidebar or a slot: the same as `anySeat` asks. */
export function isSeat({ role }: { readonly role: string | null }): boolean {
  return role === 'sidebar' || role === 'slot';
}

/** Whether the format's pane is the sidebar or a slot. */
export const anySeat = `#{||:${isRole('sidebar')},${isRole('slot')}}`;
const firstId = (list: string): string => `#{s/ .*//:${list}}`;

/** The slot of the format's window, empty when there is none. */
export const slotHere = firstId(`#{P:#{?${isRole('slot')},#{pane_id} ,}}`);

/** The slot or sidebar of the format's window, empty when there is none. */
export const seatHere = firstId(`#{P:#{?${anySeat},#{pane_id} ,}}`);

/** The live sidebar wherever it is, empty when there is none. */
export const sidebarAnywhere = firstId(`#{S:#{W:#{P:#{?${isRole('sidebar')},#{pane_id} ,}}}}`);

/** A window anywhere that has slots or the sidebar and nothing else, empty when there is none. */
export const windowWithoutWork = firstId(`#{S:#{W:#{?#{P:#{?${anySeat},,x}},,#{window_id} }}}`);

/** Where the person works in the format's window: its last pane if that is no seat, else its first that is none. */
const workHere = firstId(
  `#{P:#{?#{&&:#{pane_last},#{?${anySeat},0,1}},#{pane_id} ,}}#{P:#{?${anySeat},,#{pane_id} }}`,
);

/** The format's pane, or for the sidebar and a slot the pane the person works in beside it. */
export const workPane = `#{?${anySeat},${workHere},#{pane_id}}`;
