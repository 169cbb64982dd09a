// script/server is who restarts the supervisor and the background work.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Stack } from '../e2e/support/stack.js';

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

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function isReady() {
  try {
    return (await stack.api.request('/readyz')).status === 200;
  } catch {
    return false;
  }
}

for (const [name, pidOf] of [
  ['mainline serve', () => stack.servePid],
  ['mainline jobs', () => stack.jobsPid],
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
