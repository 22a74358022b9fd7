/** Commands given wrongly: what is missing is named, and the hint is not the command that was just given. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pitwall } from '../helpers/program.ts';
import { sandbox } from '../helpers/sandbox.ts';

const wrong: readonly (readonly [string, string])[] = [
  [
    'hosts add',
    'hosts add needs a destination: a name of your ssh configuration, or me@box\ntry: pitwall hosts --help',
  ],
  ['hosts add a b c', 'hosts add takes a name and a destination, no more\ntry: pitwall hosts --help'],
  ['hosts remove', 'hosts remove needs a host\ntry: pitwall hosts --help'],
  ['hosts list x', 'hosts list takes no names\ntry: pitwall hosts --help'],
  ['hosts ad x', 'hosts does not know “ad x”\ntry: pitwall hosts --help'],
  ['config set', 'config set needs a key and a value\ntry: pitwall config --help'],
  ['config set agent', 'config set needs a value for agent\ntry: pitwall config --help'],
  ['config set agent a b', 'config set takes one value: quote one with blanks\ntry: pitwall config --help'],
  ['config unset', 'config unset needs a key\ntry: pitwall config --help'],
  ['config sat agent', 'config does not know “sat agent”\ntry: pitwall config --help'],
  ['layouts check', 'layouts check needs a file\ntry: pitwall layouts --help'],
  ['layouts check a b', 'layouts check takes one file\ntry: pitwall layouts --help'],
  ['layouts chek', 'layouts does not know “chek”\ntry: pitwall layouts --help'],
  ['--nosuch', "Unknown option '--nosuch'\ntry: pitwall --help"],
  ['--nosuch list', "Unknown option '--nosuch'\ntry: pitwall --help"],
  ['--socket s list --nosuch', "Unknown option '--nosuch'\ntry: pitwall list --help"],
  ['ls --nosuch', "Unknown option '--nosuch'\ntry: pitwall ls --help"],
];

test('what is wrong in a command is named, with a hint that leads on', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  for (const [typed, said] of wrong) {
    const ran = await pitwall(box, root, typed.split(' '));
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [2, '', `pitwall: ${said}\n`], typed);
  }
  assert.match((await pitwall(box, root, ['ls', '--help'])).stdout, /^pitwall list:/);
});
