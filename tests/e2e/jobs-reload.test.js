// HUP has `mainline jobs` read its settings again; what it has locked stays its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from './support/door.js';
import { BINARY, Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start({}, { jobs: false });
});
after(() => stack.close());

test('a folder that has changed waits for a restart, and no database is refused', async (t) => {
  const { MAINLINE_USER: user } = stack.settings;
  const { DATABASE_URL: database, MAINLINE_DATA: data, ...env } = stack.commandEnv(
    user && { MAINLINE_USER: user },
  );
  const file = join(stack.data, 'jobs.ini');
  const other = join(stack.data, 'other');
  const set = (folder, url) =>
    writeFileSync(file, `MAINLINE_DATA = ${folder}\nDATABASE_URL = ${url}\n`, { mode: 0o644 });
  set(data, database);
  const jobs = spawn(BINARY, ['jobs'], {
    env: { ...env, MAINLINE_CONFIG: file },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => jobs.kill());
  let said = '';
  jobs.stderr.on('data', (chunk) => (said += chunk));
  await until(async () => said.includes('jobs workers'));
  set(data, '');
  jobs.kill('SIGHUP');
  await until(async () => /DATABASE_URL.*the old configuration stays in use/.test(said));
  set(other, database);
  jobs.kill('SIGHUP');
  await until(async () => /MAINLINE_DATA has changed; that takes effect at a restart/.test(said));
  const snapshot = join(data, 'flows.json');
  rmSync(snapshot, { force: true });
  await until(async () => existsSync(snapshot), 15_000);
  assert.equal(existsSync(other), false);
});
