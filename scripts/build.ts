/** Bundles lib/ into dist/: one small entry a program, each command's code and libraries in chunks loaded when used. */
import { rolldown } from 'rolldown';

const bundle = await rolldown({
  input: { pitwall: 'lib/start.ts', 'demo-agent': 'lib/demo/main.ts' },
  // blessed reads its own terminfo files at run time, so it stays a package of its own.
  external: [/^blessed/],
  platform: 'node',
  // jsonc-parser's main entry cannot be bundled.
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node20.19' },
});
await bundle.write({
  dir: 'dist',
  cleanDir: true,
  // Node starts a CommonJS program some 4 ms sooner than the same as modules, and each further chunk costs it less.
  format: 'cjs',
  // Code that V8 kept of an earlier run cannot import; it can require.
  dynamicImportInCjs: false,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
  minify: true,
  comments: { legal: true },
  codeSplitting: {
    // What nearly every command reads stands in one file: forty small ones cost more to find than to run.
    groups: [
      { name: 'reading', test: /\/lib\/(main|cli\/desk\/list|app\/context)\.ts$/, priority: 2 },
      // What other hosts are asked with, for the same reason.
      {
        name: 'far',
        test: /\/lib\/(cli\/desk\/list-hosts|app\/hosts\/hosts\/far|core\/far-\w+|core\/hosts\/hosts|adapters\/ssh)\.ts$/,
        priority: 1,
      },
      { name: 'making', test: /\/lib\/(cli\/task\/new|adapters\/git)\.ts$/, priority: 1 },
    ],
  },
});
await bundle.close();
