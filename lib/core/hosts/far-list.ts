/**
 * What another machine's `pitwall list --json` printed, as a snapshot of ours. That machine is not trusted: what does not
 * fit is left out or refuses the whole, text is one line of bounded length without control characters, and no id of its
 * tmux or of a process gets in, since here it would name something else.
 */
import * as v from 'valibot';
import { oneLine } from '../errors.ts';
import { jsonOf } from '../fields.ts';
import {
  type Agent,
  agentStates,
  type DocketItem,
  docketKinds,
  type Project,
  type Snapshot,
  type Task,
} from '../model.ts';
import { name } from '../settings/setting-values.ts';
import { plain } from '../text.ts';

/** Most things of a kind that are read; the rest is left out. */
const most = 2000;

const sentence = (longest: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => oneLine(plain(text.slice(0, longest)))),
  );
const orNull = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null);
const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
const priority = v.pipe(v.number(), v.integer(), v.minValue(-1e6), v.maxValue(1e6));
const nothing = v.pipe(
  v.unknown(),
  v.transform((): null => null),
);

/** A list, those of its entries that fit: a newer pitwall may know kinds that we do not. */
const each = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform((all) =>
      all.slice(0, most).flatMap((one): readonly v.InferOutput<S>[] => {
        const parsed = v.safeParse(schema, one);
        return parsed.success ? [parsed.output] : [];
      }),
    ),
  );

const agent = v.object({
  name,
  preset: sentence(100),
  role: sentence(100),
  pane: nothing,
  pid: nothing,
  state: v.fallback(v.picklist(agentStates), 'unknown'),
  since: instant,
  conversationId: orNull(sentence(200)),
  message: orNull(sentence(2000)),
  why: v.optional(sentence(200), ''),
}) satisfies v.GenericSchema<unknown, Agent>;

const task = v.object({
  name,
  project: name,
  branch: sentence(500),
  base: sentence(500),
  worktree: sentence(4096),
  window: nothing,
  layout: sentence(100),
  priority,
  group: orNull(sentence(200)),
  state: v.fallback(v.picklist(agentStates), 'unknown'),
  queued: v.optional(v.boolean(), false),
  agents: each(agent),
  diff: orNull(v.object({ files: count, insertions: count, deletions: count })),
  checks: v.fallback(v.picklist(['none', 'running', 'passed', 'failed']), 'none'),
  approved: v.optional(v.boolean(), false),
  ports: each(count),
  problem: orNull(sentence(2000)),
  overlaps: v.pipe(
    v.unknown(),
    v.transform((): [] => []),
  ),
  created: instant,
}) satisfies v.GenericSchema<unknown, Task>;

const project = v.object({ name, root: sentence(4096), session: nothing, tasks: each(task) });

const item = v.object({
  project: name,
  task: name,
  agent: orNull(name),
  kind: v.picklist(docketKinds),
  severity: v.fallback(v.picklist(['low', 'normal', 'high']), 'normal'),
  summary: sentence(2000),
  action: orNull(sentence(500)),
  since: instant,
  priority: v.optional(priority, 0),
  pane: nothing,
}) satisfies v.GenericSchema<unknown, DocketItem>;

const answer = v.object({
  version: v.literal(1),
  projects: each(project),
  docket: each(item),
  problems: v.optional(each(sentence(500)), []),
});

/** What `host` printed as its list; null when it is none. */
export function parseFarList(host: string, text: string): Snapshot | null {
  const parsed = v.safeParse(answer, jsonOf(text));
  if (!parsed.success) return null;
  const { projects, docket, problems } = parsed.output;
  return {
    projects: projects.map((each): Project => ({ host, ...each })),
    docket: docket.map((each): DocketItem => ({ host, ...each })),
    problems: problems.map((problem) => `${host}: ${problem}`),
  };
}

const failure = v.object({
  error: v.object({ message: sentence(500), hint: orNull(sentence(300)) }),
});

/** The error that pitwall there printed with `--json`; null when it is none. */
export function parseFarError(
  text: string,
): { readonly message: string; readonly hint: string | null } | null {
  const line = text.split('\n').findLast((each) => each.startsWith('{"error"')) ?? '';
  const parsed = v.safeParse(failure, jsonOf(line));
  return parsed.success ? parsed.output.error : null;
}
