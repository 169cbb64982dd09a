// PostgreSQL goes away while calls come in: stopped, frozen, cut off, and restarted
// again and again.  Callers hear what they would hear otherwise, in time, callbacks
// are taken, and what was acknowledged is in the database soon after its return.

import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freshSeed } from '../simulator/index.js';
import { TcpProxy } from '../simulator/peers/tcp-proxy.js';
import { Stack } from '../e2e/support/stack.js';
import { Postgres, through } from './support/postgres.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';
import { assertNothingHappened, BEFORE_S, underLoad } from './support/under-load.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const AWAY_S = LONG ? 60 : 10;
const RESTARTS = LONG ? 100 : 10;
const AFTER_S = 2;
const seed = process.env.SEED ?? freshSeed();

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {Postgres} */
let postgres;
/** @type {TcpProxy} */
let proxy;
before(async () => {
  stack = await Stack.start();
  postgres = new Postgres(stack);
  proxy = await TcpProxy.start({ path: postgres.socket });
  supervised = await Supervised.takeOver(stack, {
    DATABASE_URL: through(stack.settings.DATABASE_URL, proxy.port),
  });
});
beforeEach(() => stack.sql('TRUNCATE events, events_aside, calls'));
afterEach(() => drained(stack)); // an outage's rest is not the next one's
after(async () => {
  await supervised?.handBack();
  await stack.close();
  await proxy?.close();
});

const OUTAGES = {
  'stopped at once': { away: () => postgres.stop(), back: () => postgres.start() },
  frozen: { away: () => postgres.freeze(), back: () => postgres.thaw() },
  'cut off': { away: () => proxy.freeze(), back: () => proxy.thaw() },
};

for (const [name, { away, back }] of Object.entries(OUTAGES)) {
  test(`the database is ${name} for ${AWAY_S} s, seed ${seed}`, async (t) => {
    const seconds = BEFORE_S + AWAY_S + AFTER_S;
    const happened = await underLoad(stack, `${seed} ${t.name}`, seconds, async () => {
      await away();
      try {
        await wait(AWAY_S * 1000);
      } finally {
        await back();
      }
    });
    await assertNothingHappened(t, happened);
  });
}

test(`the database is restarted ${RESTARTS} times, seed ${seed}`, async (t) => {
  const seconds = BEFORE_S + RESTARTS + AFTER_S;
  const happened = await underLoad(stack, `${seed} ${t.name}`, seconds, async () => {
    for (let i = 0; i < RESTARTS; i += 1) {
      await postgres.stop();
      await postgres.start();
      await wait(500);
    }
  });
  await assertNothingHappened(t, happened);
});
