/** The keys, as data: what tmux is bound to, what the sidebar understands, and what help and docs print. */
import { commandText, escapeFormat, workPane } from './tmux-text.ts';

type TmuxCommand = readonly string[];

/** One key, as tmux writes it. */
export interface KeyRow {
  /** The name under which `keys` in the preferences changes it. */
  readonly id: string;
  readonly key: string;
  readonly words: string;
  /** Where it works: in tmux after the prefix and pitwall's key, in the sidebar, or in a review. */
  readonly scope: 'tmux' | 'sidebar' | 'review';
}

/** Every key there is. `1-9` stands for nine keys. */
export const keyTable: readonly KeyRow[] = [
  { id: 'next', key: 'n', words: 'go to the next item of the docket', scope: 'tmux' },
  { id: 'previous', key: 'p', words: 'go to the previous item', scope: 'tmux' },
  { id: 'back', key: 'b', words: 'go back to where you came from', scope: 'tmux' },
  { id: 'item', key: '1-9', words: 'go to that item of the docket', scope: 'tmux' },
  {
    id: 'sidebar',
    key: 's',
    words: 'switch the sidebar on or off; on a narrow terminal the docket in a popup',
    scope: 'tmux',
  },
  { id: 'popup', key: 'd', words: 'the docket in a popup', scope: 'tmux' },
  { id: 'new', key: 'c', words: 'a new task', scope: 'tmux' },
  { id: 'review', key: 'v', words: 'review the next change', scope: 'tmux' },
  { id: 'keys', key: '?', words: 'show these keys', scope: 'tmux' },
  { id: 'down', key: 'j', words: 'down (also the arrow)', scope: 'sidebar' },
  { id: 'up', key: 'k', words: 'up (also the arrow)', scope: 'sidebar' },
  { id: 'first', key: 'g', words: 'to the first row', scope: 'sidebar' },
  { id: 'last', key: 'G', words: 'to the last row', scope: 'sidebar' },
  { id: 'go', key: 'enter', words: 'go there', scope: 'sidebar' },
  { id: 'number', key: '1-9', words: 'go to that item', scope: 'sidebar' },
  { id: 'allow', key: 'a', words: 'allow what it asks, once', scope: 'sidebar' },
  { id: 'deny', key: 'd', words: 'deny what it asks', scope: 'sidebar' },
  { id: 'prompt', key: 'space', words: 'type a prompt for it', scope: 'sidebar' },
  { id: 'compose', key: 'e', words: 'write one in $EDITOR', scope: 'sidebar' },
  { id: 'look', key: 'p', words: 'look at its screen', scope: 'sidebar' },
  { id: 'review', key: 'v', words: 'review its change', scope: 'sidebar' },
  { id: 'mend', key: 'm', words: 'have its agent mend what kept it from landing', scope: 'sidebar' },
  { id: 'filter', key: '/', words: 'show only what matches', scope: 'sidebar' },
  { id: 'task', key: 'n', words: 'a new task', scope: 'sidebar' },
  { id: 'hosts', key: 'h', words: 'what waits on your other hosts, or not', scope: 'sidebar' },
  { id: 'help', key: '?', words: 'show or hide the keys', scope: 'sidebar' },
  { id: 'close', key: 'q', words: 'leave help or filter', scope: 'sidebar' },
  { id: 'down', key: 'j', words: 'down a line', scope: 'review' },
  { id: 'up', key: 'k', words: 'up a line', scope: 'review' },
  { id: 'nexthunk', key: 'J', words: 'to the next hunk', scope: 'review' },
  { id: 'previoushunk', key: 'K', words: 'to the previous hunk', scope: 'review' },
  { id: 'nextfile', key: 'n', words: 'to the next file', scope: 'review' },
  { id: 'previousfile', key: 'p', words: 'to the previous file', scope: 'review' },
  { id: 'pane', key: 'tab', words: 'files or diff, on a narrow terminal', scope: 'review' },
  { id: 'first', key: 'g', words: 'to the first line', scope: 'review' },
  { id: 'last', key: 'G', words: 'to the last line', scope: 'review' },
  { id: 'seen', key: 'space', words: 'the file is seen; to the next unseen', scope: 'review' },
  { id: 'comment', key: 'c', words: 'comment on the line, or change the comment', scope: 'review' },
  { id: 'compose', key: 'C', words: 'comment in $EDITOR', scope: 'review' },
  { id: 'range', key: 'v', words: 'begin a range of lines to comment on', scope: 'review' },
  { id: 'approve', key: 'a', words: 'approve', scope: 'review' },
  { id: 'return', key: 'r', words: 'return it with all comments', scope: 'review' },
  { id: 'land', key: 'l', words: 'approve it and land it; asks first', scope: 'review' },
  { id: 'drop', key: 'x', words: 'drop it; asks first', scope: 'review' },
  { id: 'view', key: 'w', words: 'the whole change, or since your last look', scope: 'review' },
  { id: 'whole', key: 'f', words: 'the whole file, or only what changed', scope: 'review' },
  { id: 'fold', key: 'z', words: 'fold or unfold the hunk', scope: 'review' },
  { id: 'foldall', key: 'Z', words: 'fold or unfold all hunks of the file', scope: 'review' },
  { id: 'about', key: 't', words: 'its prompt, report, verdict, overlaps and checks', scope: 'review' },
  { id: 'search', key: '/', words: 'search lines and names; Enter alone: the next hit', scope: 'review' },
  { id: 'edit', key: 'e', words: 'open $EDITOR at the line', scope: 'review' },
  { id: 'difftool', key: 'd', words: 'the file in your difftool', scope: 'review' },
  { id: 'open', key: 'o', words: 'its running app or a link of its report in a browser', scope: 'review' },
  { id: 'pager', key: 'P', words: 'the whole change in your pager', scope: 'review' },
  { id: 'reload', key: 'R', words: 'read the change anew', scope: 'review' },
  { id: 'help', key: '?', words: 'show or hide the keys', scope: 'review' },
  { id: 'close', key: 'q', words: 'leave; nothing noted is lost', scope: 'review' },
];

/** The keys of our table in tmux by id, as preferred. `null`: it has none. */
export interface ChosenKeys {
  readonly keys: ReadonlyMap<string, string | null>;
  /** One line for each preferred key that something else has already, with what helps; its default counts. */
  readonly problems: readonly string[];
}

/** What `keys` in the preferences makes of the table: no key is ever two things. */
export function chooseKeys(preferred: Readonly<Record<string, string | undefined>>): ChosenKeys {
  const rows = keyTable.filter((row) => row.scope === 'tmux' && row.id !== 'item');
  const holders = new Map(Array.from({ length: 9 }, (_, index) => [String(index + 1), 'the docket’s items']));
  const keys = new Map<string, string | null>();
  const problems: string[] = [];
  const take = (id: string, key: string) => {
    if (!holders.has(key)) holders.set(key, `keys.${id}`);
    keys.set(id, holders.get(key) === `keys.${id}` ? key : null);
  };
  for (const { id, key } of rows) if (preferred[id] === undefined) take(id, key);
  for (const { id, key } of rows) {
    const wanted = preferred[id];
    if (wanted === undefined) continue;
    take(id, wanted);
    if (keys.get(id) !== null) continue;
    const holder = holders.get(wanted);
    take(id, key);
    const instead = keys.get(id) === null ? 'it has no key' : `${key} counts`;
    problems.push(
      `keys.${id}: ${wanted} is the key of ${holder} already, ${instead}; try: pitwall config set keys.${id} KEY`,
    );
  }
  return { keys, problems };
}

/** Name of pitwall's key table in tmux. */
export const tableName = 'pitwall';

/** The server's option that tells which keys of our table we have bound, with blanks between. */
export const boundOption = '@pitwall_keys';

/** Shell commands, quoted, that keys start. The other keys start nothing. */
export interface KeyCommands {
  readonly sidebar: string;
  readonly popup: string;
  readonly new: string;
  readonly review: string;
  readonly keys: string;
}

/** The list of docket panes with the ends marked: ` %5 %9 `, so that `%5` is never found in `%15`. */
const docket = ' #{@pitwall_docket}';
// Only by taking away: a group that matched nothing makes tmux 3.3a put its number there.
const firstOf = (list: string) => `#{s/ .*//:#{s/^ +//:${list}}}`;
const lastOf = (list: string) => `#{s/^.* //:#{s/ +$//:${list}}}`;
const isItem = `#{m:* #{pane_id} *,${docket}}`;
const after = `#{s/^.* #{pane_id} / /:${docket}}`;
const before = `#{s/ #{pane_id} .*$/ /:${docket}}`;
const orWhole = (rest: string) => `#{?#{m:*%*,${rest}},${rest},${docket}}`;

/** Formats that give a pane's id, or nothing when nothing waits. */
export const targets = {
  next: `#{?${isItem},${firstOf(orWhole(after))},${firstOf(docket)}}`,
  previous: `#{?${isItem},${lastOf(orWhole(before))},${firstOf(docket)}}`,
  back: '#{@pitwall_back}',
} as const;

/** The format of the number-th docket pane, from 1; nothing when there are fewer. */
export function itemTarget(number: number): string {
  const skip = '[^ ]+ '.repeat(number - 1);
  return `#{?#{m/r:^ ${skip}[^ ],${docket}},#{s/^ ${skip}([^ ]+).*/\\1/:${docket}},}`;
}

/**
 * Binds pitwall's own table. Jumps are tmux alone: no process is started. What was bound by earlier preferences (`bound`,
 * as the option `@pitwall_keys` tells) goes; other keys that the person put into our table stay.
 */
export function keyBindings(options: {
  readonly keys: ChosenKeys['keys'];
  readonly bound: readonly string[];
  readonly commands: KeyCommands;
  /** Cells of a client below which the sidebar's key opens the docket in a popup instead; default 0. */
  readonly minColumns?: number;
}): readonly TmuxCommand[] {
  const { commands, keys } = options;
  const chosen = [...keys.values()].filter((key) => key !== null);
  const bind = (id: string, note: string, ...command: string[]): readonly TmuxCommand[] => {
    const key = keys.get(id) ?? null;
    return key === null ? [] : [['bind-key', '-T', tableName, '-N', `pitwall: ${note}`, key, ...command]];
  };
  return [
    ...options.bound
      .filter((key) => !chosen.includes(key))
      .map((key): TmuxCommand => ['unbind-key', '-q', '-T', tableName, key]),
    ['set-option', '-s', boundOption, chosen.join(' ')],
    ...bind('next', 'next item', ...jumpTo(targets.next, 'nothing waits')),
    ...bind('previous', 'previous item', ...jumpTo(targets.previous, 'nothing waits')),
    ...bind('back', 'back', ...jumpTo(targets.back, 'nowhere to go back to')),
    ...Array.from(
      { length: 9 },
      (_, index): TmuxCommand => [
        'bind-key',
        '-T',
        tableName,
        String(index + 1),
        ...jumpTo(itemTarget(index + 1), `no item ${index + 1} on the docket`),
      ],
    ),
    ...bind(
      'sidebar',
      'sidebar',
      ...['if-shell', '-F', `#{e|<:#{client_width},${options.minColumns ?? 0}}`],
      popupOf(commands.popup, '100%', '100%'),
      commandText(['run-shell', '-b', escapeFormat(`${commands.sidebar} >/dev/null 2>&1`)]),
    ),
    ...bind('popup', 'docket', ...popup(commands.popup)),
    ...bind('new', 'new task', ...popup(commands.new)),
    ...bind('review', 'review', ...popup(commands.review, ['95%', '95%'])),
    ...bind('keys', 'keys', ...popup(commands.keys)),
  ];
}

/** A popup over the client that pressed: all of a narrow one, on a wide one as wide as its lines ever are. */
function popup(command: string, wide: readonly [string, string] = ['102', '80%']): readonly string[] {
  return [
    ...['if-shell', '-F', '#{e|<:#{client_width},110}'],
    popupOf(command, '100%', '100%'),
    popupOf(command, ...wide),
  ];
}

function popupOf(command: string, width: string, height: string): string {
  return commandText([
    ...['display-popup', '-E', '-d', '#{pane_current_path}', '-w', width, '-h', height],
    ...popupShell(command),
  ]);
}

/** A popup's program: `sh` runs it, whatever the person's default-shell is. Formats are not expanded in it. */
export function popupShell(command: string): readonly string[] {
  return ['--', 'sh', '-c', command];
}

/** The one key under the prefix that opens the table. */
export function prefixBinding(prefixKey: string): TmuxCommand {
  return ['bind-key', '-T', 'prefix', '-N', 'pitwall', prefixKey, 'switch-client', '-T', tableName];
}

/** Who holds `key` in the prefix table, as `list-keys` prints it; null when it is free or ours. */
export function takenKey(listed: readonly string[], key: string): string | null {
  return boundKeys(listed).find((each) => each.key === key && each.command !== openTable)?.command ?? null;
}

/** Takes our table off every key of the prefix table but `kept`: keys that were ours by earlier preferences. */
export function unbindOthers(listed: readonly string[], kept: string): readonly TmuxCommand[] {
  return boundKeys(listed)
    .filter((each) => each.command === openTable && each.key !== kept)
    .map((each) => ['unbind-key', '-q', '-T', 'prefix', each.key]);
}

const openTable = `switch-client -T ${tableName}`;

/** Keys of the prefix table as `list-keys -T prefix` prints them; a leading backslash quotes the key. */
function boundKeys(listed: readonly string[]): readonly { readonly key: string; readonly command: string }[] {
  return listed.flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const at = words.indexOf('prefix');
    const key = words[at + 1]?.replace(/^\\/, '');
    return at < 0 || key === undefined ? [] : [{ key, command: words.slice(at + 2).join(' ') }];
  });
}

/**
 * Expands the targets into options first, then moves the client that pressed and remembers where it was: `run-shell -C`
 * expands all of its text before any of it runs, and reads it as commands, so only ids of ours go in. `if-shell -t`
 * with a pane that went away falls back to another pane: then the docket loses the id, and that is told.
 */
function jumpTo(target: string, nothing: string): readonly string[] {
  const remember =
    'if-shell -F "##{!=:#{@pitwall_from},#{@pitwall_to}}" "set-option -s @pitwall_back #{@pitwall_from}"';
  const go = `${remember} ; switch-client -Z -c "#{client_name}" -t "#{@pitwall_to}"`;
  const forget = ['docket', 'back']
    .map((name) => `set-option -sF @pitwall_${name} "##{s/#{@pitwall_to} ?//:@pitwall_${name}}"`)
    .join(' ; ');
  const next = 'set-option -sF @pitwall_next "##{s/ .*//:@pitwall_docket}"';
  const gone = `${forget} ; ${next} ; display-message "that pane is gone"`;
  const jump = `if-shell -F -t '#{@pitwall_to}' '##{==:##{pane_id},#{@pitwall_to}}' '${go}' '${gone}'`;
  return [
    ...['set-option', '-sF', '@pitwall_to', target, ';'],
    ...['set-option', '-sF', '@pitwall_from', workPane, ';'],
    ...[
      'if-shell',
      '-F',
      '#{@pitwall_to}',
      commandText(['run-shell', '-C', jump]),
      `display-message '${nothing}'`,
    ],
  ];
}
