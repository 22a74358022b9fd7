import { bring, openProject } from '../../app/desk/open.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption, projectOption, text } from '../command.ts';

/** `pitwall open`, and `pitwall` alone: safe to repeat. */
export const command: Command = {
  name: 'open',
  summary: 'open the project of a folder: its session, what is missing in it, and you there',
  usage: ['[open] [PATH]'],
  options: {
    'no-attach': { type: 'boolean', words: 'do not attach or switch' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall', 'pitwall open ~/src/app', 'pitwall open --no-attach'],
  run,
};

async function run(call: Call): Promise<number> {
  const [path, ...more] = call.positionals;
  if (more.length > 0) throw new PitwallError('Usage', 'open takes one path', 'pitwall open --help');
  const context = await call.context();
  const folder = path === undefined ? null : path.startsWith('/') ? path : `${call.deps.cwd()}/${path}`;
  const attach = !flag(call, 'no-attach') && !call.json;
  const opened = await openProject(
    context,
    {
      path: folder,
      project: text(call, 'project'),
      attach,
      restores: (name, lost) => offer(call, name, lost),
    },
    (line) => call.say(`pitwall: ${line}`),
  );
  if (call.json)
    call.out(
      JSON.stringify({
        version: 1,
        project: opened.project.name,
        root: opened.project.root,
        session: opened.session,
        started: opened.started,
      }),
    );
  if (attach) return bring(context, opened.session);
  if (!call.json) call.out(`${opened.project.name}  ${opened.session}  ${opened.project.root}`);
  return 0;
}

/** Off a terminal what is missing is started without a question: that is what `open` is for. */
export async function offer(call: Call, project: string, lost: readonly string[]): Promise<boolean> {
  if (!call.interactive || call.json) return true;
  const names = lost.length > 5 ? `${lost.slice(0, 5).join(', ')} …` : lost.join(', ');
  const windows = lost.length === 1 ? '1 window is' : `${lost.length} windows are`;
  const typed = await call.ask(`${windows} missing in ${project} (${names}). Bring back now? [Y/n] `);
  return !/^\s*n/i.test(typed);
}
