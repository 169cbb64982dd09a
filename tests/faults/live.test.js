// Who tells open pages is killed, frozen and cut off from its database: a page that goes
// by the word and the file shows in the end what the record says, and soon.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Stack } from '../e2e/support/stack.js';
import { inbound, post } from '../e2e/support/webhook.js';
import { Page } from './support/page.js';
import { Postgres } from './support/postgres.js';
import { childrenOf, isAlive, kill, until } from './support/processes.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';

const KILLS = 8;
/** Twice what it takes, and more: how soon is for script/bench to say. */
const SOON_MS = 4000;
const HUNG_MS = 5000; // when the supervisor gives up on it
const BLIND_MS = 5000; // without an answer of the database, which is said then
const SLACK_MS = 500;
const FLOOD_MS = 5000; // it looks seldom while too much has changed

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {Postgres} */
let postgres;
before(async () => {
  stack = await Stack.start({}, { jobs: false });
  postgres = new Postgres(stack);
  supervised = await Supervised.takeOver(stack);
});
beforeEach(() => stack.sql('TRUNCATE events, events_aside, calls'));
after(async () => {
  await supervised?.handBack();
  await stack.close();
});

const live = () =>
  childrenOf(supervised.supervisor).find(({ name }) => name === 'ml-live')?.pid ?? null;

/** Calls that come in and end, one after the other, until it is stopped. */
class Callers {
  #running = true;
  #done;
  n = 0;

  constructor() {
    this.#done = this.#go();
  }

  async #go() {
    const line = encodeURIComponent(stack.line);
    while (this.#running) {
      const ringing = inbound(stack);
      const over = { ...ringing, CallStatus: 'completed', CallDuration: '3' };
      await post(stack, `/twilio/voice?line=${line}`, ringing);
      await wait(20);
      await post(stack, `/twilio/status?line=${line}`, over);
      this.n += 1;
    }
  }

  async stop() {
    this.#running = false;
    await this.#done;
  }
}

async function record() {
  const { calls } = await stack.api.get('/api/calls?limit=200');
  return new Map(calls.map((call) => [call.sid, call]));
}

/** The page's newest calls are those of the record. */
async function isUpToDate(page) {
  const rows = await record();
  for (const [sid, row] of rows) {
    const shown = page.calls.get(sid);
    if (shown?.outcome !== row.outcome || shown?.updated_at !== row.updated_at) return false;
  }
  return true;
}

/** @param {(page: Page) => Promise<void>} happens */
async function watched(t, happens) {
  await until(async () => (await stack.api.request('/api/live')).status === 200, 'it is told of');
  const page = await new Page(stack).open();
  const callers = new Callers();
  let ms;
  try {
    await happens(page);
    await callers.stop();
    await drained(stack);
    ms = await until(() => isUpToDate(page), 'the page is up to date', SOON_MS);
  } finally {
    await callers.stop();
    await page.close();
  }
  t.diagnostic(
    `${callers.n} calls, ${page.merges} merged, ${page.refreshes} times read anew, up to date after ${Math.round(ms)} ms`,
  );
  assert.ok(callers.n > 20, `${callers.n}`);
  return page;
}

test('left alone, a page goes by the file', async (t) => {
  const page = await watched(t, () => wait(3000));
  assert.equal(page.refreshes, 1, 'when it was opened');
  assert.ok(page.merges > 5, `${page.merges}`);
});

test(`killed ${KILLS} times under load`, async (t) => {
  const page = await watched(t, async () => {
    for (let i = 0; i < KILLS; i += 1) {
      await until(() => live() !== null, 'it is started again');
      await wait(300 + i * 40);
      const pid = live();
      if (pid !== null) kill(pid, 'SIGKILL');
      await until(() => pid === null || !isAlive(pid), 'it is gone');
    }
    await until(() => live() !== null, 'it is started again');
    await wait(1000);
  });
  assert.ok(page.refreshes > 1, 'who knows an old word reads anew');
});

test('frozen, it is replaced', async (t) => {
  await watched(t, async () => {
    const pid = live();
    kill(pid, 'SIGSTOP');
    const ms = await until(() => live() !== pid, 'another one', HUNG_MS * 2);
    t.diagnostic(`another after ${Math.round(ms)} ms`);
    await wait(1000);
  });
});

test('the database crashes, and forgets which calls have changed', async (t) => {
  const page = await watched(t, async () => {
    await wait(500);
    const pid = live();
    await postgres.stop();
    await wait(1500);
    await postgres.start();
    await wait(4000);
    assert.equal(live(), pid, 'it is the same process');
  });
  assert.ok(page.refreshes > 1, 'all of it may have changed');
});

test('the database is away for long: pages are told that nobody knows', async (t) => {
  const told = async () => (await stack.api.request('/api/changes', { token: null })).status;
  const page = await watched(t, async () => {
    await wait(500);
    await postgres.stop();
    const ms = await until(async () => (await told()) === 503, 'the word is gone', BLIND_MS * 2);
    t.diagnostic(`said after ${Math.round(ms)} ms`);
    assert.ok(ms > BLIND_MS - SLACK_MS, `a short gap is none: ${ms}`);
    await postgres.start();
    await until(async () => (await told()) === 200, 'it is told again', BLIND_MS);
    await wait(FLOOD_MS); // of what the spool had kept
  });
  assert.ok(page.refreshes > 1, 'what happened meanwhile is read');
});

test('the database stands still for a while', async (t) => {
  await watched(t, async () => {
    const pid = live();
    await wait(500);
    postgres.freeze();
    await wait(3000);
    await postgres.thaw();
    await wait(4000);
    assert.equal(live(), pid, 'it is the same process');
  });
});

test('a reload and a restart are survived', async (t) => {
  await watched(t, async () => {
    await wait(500);
    kill(supervised.supervisor, 'SIGHUP');
    await wait(1500);
    await supervised.restart();
    await until(() => live() !== null, 'it is there');
    await wait(1500);
  });
});

test('it ends with its supervisor', async () => {
  const pid = live();
  kill(supervised.supervisor, 'SIGKILL');
  await until(() => !isAlive(pid), 'it has ended', 3000);
  await supervised.isReady();
});
