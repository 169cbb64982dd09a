// How a script is used, told where nothing is installed or built, and nothing done for it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PEOPLE } from './people.js';
import { HELP } from './tool/options.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HELP_FILE = 'tests/simulator/tool/help.txt';

let bare;
before(() => {
  bare = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const path of ['script', HELP_FILE])
    cpSync(join(ROOT, path), join(bare, path), { recursive: true });
});
after(() => rmSync(bare, { recursive: true }));

for (const [script, ...args] of [
  ['call', '--help'],
  ['call', '--press', '1', '-h'],
  ['mainline', '--help'],
  ['mainline', 'notify', '--help'],
  ['server', '--help'],
  ['bootstrap', '--help'],
  ['compose-env', '--help'],
])
  test(`script/${script} ${args.join(' ')}`, () => {
    const before = readdirSync(bare);
    const env = { PATH: '/usr/bin:/bin' };
    const file = join(bare, 'script', script);
    const { status, stdout, stderr } = spawnSync(file, args, { env, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, new RegExp(`^usage: script/${script}\\s`, 'i'));
    assert.deepEqual(readdirSync(bare), before);
  });

test('the help of script/call names everybody who can be called', () => {
  const named = /--person WHO +([^]*?)\n\n/.exec(HELP)[1].split(/[\s,]+/);
  assert.deepEqual(named, PEOPLE);
});
