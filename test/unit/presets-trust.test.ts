import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codex, trustsFolder as codexTrusts } from '../../lib/core/presets/codex.ts';
import { gemini, trustsFolder as geminiTrusts } from '../../lib/core/presets/gemini.ts';
import { launchContext } from '../fixtures/launches.ts';

test('codex: a folder is trusted when its own table says so', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['', false],
    ['[projects."/repos/app"]\ntrust_level = "trusted"\n', true],
    ["[projects.'/repos/app']\n# mine\ntrust_level='trusted'\n", true],
    ['[projects."/repos/app"]\ntrust_level = "untrusted"\n', false],
    ['[projects."/repos/app"]\n[other]\ntrust_level = "trusted"\n', false],
    ['[projects."/repos/app2"]\ntrust_level = "trusted"\n', false],
    ['[projects."/repos"]\ntrust_level = "trusted"\n', false],
    ['# [projects."/repos/app"]\ntrust_level = "trusted"\n', false],
  ];
  for (const [config, trusted] of cases) assert.equal(codexTrusts(config, '/repos/app'), trusted, config);
});

test('codex: trust is passed on, never made up', () => {
  const words = (text: string) =>
    codex.launch(launchContext({ texts: new Map([['/home/me/.codex/config.toml', text]]) })).argv;
  const passed = 'projects={"/repos/app"={trust_level="trusted"}}';
  assert.ok(words('[projects."/repos/app"]\ntrust_level = "trusted"').includes(passed));
  assert.equal(
    words('').some((word) => word.startsWith('projects=')),
    false,
  );
  assert.deepEqual(codex.reads?.({ home: '/h', env: { CODEX_HOME: '/c' } }), ['/c/config.toml']);
});

test('gemini: the rule of the deepest folder counts', () => {
  const cases: readonly (readonly [unknown, boolean])[] = [
    [{}, false],
    [[], false],
    [{ '/repos/app': 'TRUST_FOLDER' }, true],
    [{ '/repos': 'TRUST_FOLDER' }, true],
    [{ '/': 'TRUST_FOLDER' }, true],
    [{ '/repos/ap': 'TRUST_FOLDER' }, false],
    [{ '/repos/other': 'TRUST_PARENT' }, true],
    [{ '/repos': 'TRUST_FOLDER', '/repos/app/': 'DO_NOT_TRUST' }, false],
    [{ '/repos': 'DO_NOT_TRUST', '/repos/app': 'TRUST_FOLDER' }, true],
    [{ '/repos/app': 1 }, false],
  ];
  for (const [rules, trusted] of cases)
    assert.equal(geminiTrusts(JSON.stringify(rules), '/repos/app'), trusted, JSON.stringify(rules));
  assert.equal(geminiTrusts('{"/repos/app":', '/repos/app'), false);
  const env = (text: string) =>
    gemini.launch(launchContext({ texts: new Map([['/home/me/.gemini/trustedFolders.json', text]]) })).env;
  assert.deepEqual(env('{"/repos/app":"TRUST_FOLDER"}'), { GEMINI_CLI_TRUST_WORKSPACE: 'true' });
  assert.deepEqual(env('{}'), {});
});
