/** Writes the JSON schemas of what people write by hand; a test says when it must be run: `tsx scripts/schemas.ts`. */
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { verdictSchema } from '../lib/core/check/verdict-answer.ts';
import { preferencesSchema } from '../lib/core/settings/preferences.ts';
import { projectSettingsSchema } from '../lib/core/settings/project-settings.ts';
import type { SettingsSchema } from '../lib/core/settings/settings.ts';
import { layoutSchemaText } from './layout-schema.ts';

/** Path in the repository to the text that belongs there. */
export function schemaTexts(): Readonly<Record<string, string>> {
  return {
    'docs/schemas/preferences.schema.json': textOf(preferencesSchema, 'The preferences of pitwall'),
    'docs/schemas/project.schema.json': textOf(
      projectSettingsSchema,
      'The settings of a project for pitwall',
    ),
    'docs/schemas/verdict.schema.json': textOf(verdictSchema, 'The answer of a reviewer'),
    'layouts/layout.schema.json': layoutSchemaText(),
  };
}

function textOf(schema: SettingsSchema, title: string): string {
  // Patterns are Unicode patterns in JSON Schema too, so that leaving out the flag changes nothing.
  const { $schema, properties, ...rest } = toJsonSchema(schema, {
    errorMode: 'ignore',
    target: 'draft-2020-12',
    typeMode: 'input',
  });
  const known = { $schema: { type: 'string' }, ...properties };
  const text = JSON.stringify(closed({ $schema, title, ...rest, properties: known }), null, 2);
  // Short lists on one line, as the formatter wants them.
  return `${text.replace(
    /\[\s+((?:"[^"]*",?\s+)+)\]/g,
    (_, items: string) =>
      `[${items
        .trim()
        .split(/\s*\n\s*/)
        .join(' ')}]`,
  )}\n`;
}

/** Unknown keys are problems, so an editor may underline them. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, each]) => [key, closed(each)]));
  return 'properties' in part && 'type' in part && !('additionalProperties' in part)
    ? { ...inner, additionalProperties: false }
    : inner;
}

const file = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === file)
  for (const [path, text] of Object.entries(schemaTexts()))
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
