import { listLayouts } from '../../app/layouts.ts';
import { PitwallError } from '../../core/errors.ts';
import { drawing } from '../../core/layout/drawing.ts';
import { place } from '../../core/layout/geometry.ts';
import { checkLayout } from '../../core/layout/layout-check.ts';
import { type Call, type Command, jsonOption, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall layouts`: exit code 1 when a file is wrong, each mistake with its line. */
export const command: Command = {
  name: 'layouts',
  summary: 'the layouts there are, drawn; check one of your own',
  usage: ['layouts', 'layouts check FILE'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall layouts', 'pitwall layouts check ~/.config/pitwall/layouts/mine.json'],
  run,
};

async function run(call: Call): Promise<number> {
  const [verb, file, ...more] = call.positionals;
  if (verb === 'check' && file !== undefined && more.length === 0) return check(call, file);
  if (verb !== undefined) {
    const one = `layouts check ${file === undefined ? 'needs a file' : 'takes one file'}`;
    const wrong = verb === 'check' ? one : `layouts does not know “${call.positionals.join(' ')}”`;
    throw new PitwallError('Usage', wrong, 'pitwall layouts --help');
  }
  const here = await hereProject(call);
  const { projects } = await call.deps.files.load();
  const root = projects.find((project) => project.record.name === here)?.record.root ?? null;
  const entries = await listLayouts(await call.context(), root);
  if (call.json) call.out(JSON.stringify({ version: 1, layouts: entries }));
  else
    for (const { name, source, layout, problems, hidden } of entries) {
      call.out(
        `${name} (${source}${hidden ? ', hidden by another' : ''})${layout === null ? '' : `: ${layout.title}`}`,
      );
      for (const { line, reason } of problems) call.say(`pitwall: layout ${name}, line ${line}: ${reason}`);
      if (layout !== null && !hidden)
        call.out(
          `${drawing(place(layout, { columns: 120, rows: 32 }, null), { size: { columns: 58, rows: 9 } }).join('\n')}\n`,
        );
    }
  return entries.some((entry) => entry.problems.length > 0) ? 1 : 0;
}

async function check(call: Call, file: string): Promise<number> {
  const text = await call.deps.folder.read(file.startsWith('/') ? file : `${call.deps.cwd()}/${file}`);
  if (text === null) throw new PitwallError('Usage', `there is no file ${file}`, 'pitwall layouts');
  const checked = checkLayout(text);
  const problems = 'problems' in checked ? checked.problems : [];
  if (call.json) call.out(JSON.stringify({ version: 1, ok: problems.length === 0, problems }));
  else if (problems.length === 0) call.out(`${file} is a good layout`);
  else
    for (const { line, column, path, reason } of problems)
      call.out(`${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${reason}`);
  return problems.length === 0 ? 0 : 1;
}
