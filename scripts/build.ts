/** Bundles lib/ into dist/: one small entry a program, each command's code and libraries in chunks loaded when used. */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { pitwall: 'lib/main.ts', 'demo-agent': 'lib/demo/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  // jsonc-parser's main entry cannot be bundled.
  mainFields: ['module', 'main'],
  platform: 'node',
  target: 'node20.19',
  // blessed reads its own terminfo files at run time, so it stays a package of its own.
  external: ['blessed'],
  chunkNames: 'chunks/[name]-[hash]',
  banner: {
    js: "import{createRequire as pitwallRequire}from'node:module';const require=pitwallRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
