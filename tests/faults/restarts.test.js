// script/server is who restarts its parts: the supervisor, the background work, nginx and the
// simulated Twilio.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT, run, Stack } from '../e2e/support/stack.js';
import { childrenOf, isAlive } from './support/processes.js';

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack?.close());

/** Its settings, once `changed` is true of them. */
async function until(what, changed, withinMs = 15_000) {
  for (const end = Date.now() + withinMs; Date.now() < end; await wait(100)) {
    stack.readSettings();
    if (await changed()) return;
  }
  assert.fail(`not in time: ${what}`);
}

async function isReady() {
  try {
    return (await stack.api.request('/readyz')).status === 200;
  } catch {
    return false;
  }
}

const nginxPid = () => Number(stack.settings.NGINX_PID);
const simulatorPid = () => Number(stack.settings.SIMULATOR_PID);

for (const [name, pidOf] of [
  ['mainline serve', () => stack.servePid],
  ['mainline jobs', () => stack.jobsPid],
  ['nginx', nginxPid],
]) {
  for (const signal of ['SIGKILL', 'SIGABRT']) {
    test(`${name}, ended by ${signal}, is started again`, async () => {
      const before = pidOf();
      assert.ok(isAlive(before));
      process.kill(before, signal);
      await until('a new process', () => pidOf() !== before && isAlive(pidOf()));
      await until('ready', isReady);
    });
  }
}

test('nginx, killed, leaves no worker behind that would hold its ports', async () => {
  const before = nginxPid();
  const workers = childrenOf(before).map(({ pid }) => pid);
  assert.ok(workers.length > 0);
  process.kill(before, 'SIGKILL');
  await until('a new process', () => nginxPid() !== before && isAlive(nginxPid()));
  await until('ready', isReady);
  assert.deepEqual(workers.filter(isAlive), []);
});

test('the simulated Twilio, killed, is back on its port', async () => {
  const { TWILIO_API_URL: url, TWILIO_ACCOUNT_SID: sid } = stack.settings;
  const answers = async () => {
    const asked = await fetch(`${url}/2010-04-01/Accounts/${sid}/Calls.json`).catch(() => null);
    return asked?.status === 401;
  };
  assert.ok(await answers());
  const before = simulatorPid();
  process.kill(before, 'SIGKILL');
  await until('a new process', () => simulatorPid() !== before && isAlive(simulatorPid()));
  await until('the REST API', answers);
  assert.equal(stack.settings.TWILIO_API_URL, url);
  const placed = await run(join(ROOT, 'script/call'), ['--quiet', '--press', '2'], {
    env: stack.env,
  });
  assert.equal(placed.code, 0, placed.err);
});

test('the background work goes on where it was killed', async () => {
  const due = async () =>
    (await stack.sql("SELECT due_at FROM jobs WHERE kind = 'snapshot'"))[0]?.due_at.getTime();
  const before = await due();
  const pid = stack.jobsPid;
  process.kill(pid, 'SIGKILL');
  await until('a later snapshot', async () => (await due()) > before + 4000);
});

test('it is killed ten times in a row, and is back', async () => {
  for (let i = 0; i < 10; i += 1) {
    const before = stack.servePid;
    process.kill(before, 'SIGKILL');
    await until('a new process', () => stack.servePid !== before && isAlive(stack.servePid));
  }
  await until('ready', isReady);
});

test('what ends in good order, as somebody asked, ends the stack', async () => {
  process.kill(stack.jobsPid, 'SIGTERM');
  const late = wait(30_000, 'late', { ref: false });
  assert.equal(await Promise.race([stack.exited, late]), 1);
});
