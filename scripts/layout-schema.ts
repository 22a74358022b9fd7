/** Writes layouts/layout.schema.json from `layoutSchema`; a test says when it must be run: `tsx scripts/layout-schema.ts`. */
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { layoutSchema } from '../lib/core/layout/layout.ts';

/** The text of the file. */
export function layoutSchemaText(): string {
  // Patterns are Unicode patterns in JSON Schema too, so that leaving out the flag changes nothing.
  const schema = toJsonSchema(layoutSchema, { errorMode: 'ignore', target: 'draft-2020-12' });
  const { $schema, ...rest } = schema;
  const text = JSON.stringify({ $schema, title: 'A pitwall layout', ...rest }, null, 2);
  // Short lists on one line, as the formatter wants them.
  const lists = text.replace(
    /\[\s+((?:"[^"]*",?\s+)+)\]/g,
    (_, items: string) =>
      `[${items
        .trim()
        .split(/\s*\n\s*/)
        .join(' ')}]`,
  );
  return `${lists}\n`;
}

const file = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === file)
  writeFileSync(new URL('../layouts/layout.schema.json', import.meta.url), layoutSchemaText());
