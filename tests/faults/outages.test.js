// PostgreSQL goes away while calls come in: stopped, frozen, cut off, and restarted
// again and again.  Callers hear what they would hear otherwise, in time, callbacks
// are taken, and what was acknowledged is in the database soon after its return.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freshSeed } from '../simulator/index.js';
import { TcpProxy } from '../simulator/peers/tcp-proxy.js';
import { Stack } from '../e2e/support/stack.js';
import { assertNone } from './support/ledger.js';
import { Load } from './support/load.js';
import { differences, rowsOf } from './support/model.js';
import { Postgres, through } from './support/postgres.js';
import { drained, metricsOf } from './support/spool.js';
import { percentile } from './support/stats.js';
import { Supervised } from './support/supervised.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const AWAY_S = LONG ? 60 : 10;
const RESTARTS = LONG ? 100 : 10;
const CALLS_PER_S = 50;
const BEFORE_S = 1;
const AFTER_S = 2;
/** A call of a minute takes seconds, so that calls begin and end within an outage. */
const SPEED = 20;
const P99_MS = 1500;
const DRAINED_WITHIN_MS = 30_000;
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

/**
 * Calls for so many seconds while something happens, and what became of them.
 * @param {(load: Load) => Promise<void>} happens resolves when the database is back
 */
async function underLoad(t, seconds, happens) {
  const load = new Load(stack, { seed: `${seed} ${t.name}`, speed: SPEED, lanes: 2 });
  const calls = load.run(CALLS_PER_S * seconds, CALLS_PER_S / SPEED / 2);
  await wait(BEFORE_S * 1000);
  const began = performance.now();
  await happens(load);
  const back = performance.now();
  const [drainedMs] = await Promise.all([drained(stack, DRAINED_WITHIN_MS), calls]);
  await drained(stack);
  await load.close();
  return { load, began, back, drainedMs };
}

async function assertNothingHappened(t, { load, began, back, drainedMs }) {
  const { ledger, models } = load;
  const ms = ledger.answers
    .filter(({ at, voice }) => voice && at >= began && at <= back)
    .map((answer) => answer.ms);
  const { lost, unrecorded, double, strange } = await ledger.audit(stack);
  const rows = await rowsOf(stack);
  const wrong = models.flatMap((model) => differences(model, rows.get(model.sid)));
  const p99 = percentile(ms, 99);
  const nginx = ledger.counts.get('nginx 200') ?? 0;
  const metrics = await metricsOf(stack);
  t.diagnostic(`${models.length} calls, ${ledger.acknowledged.length} events acknowledged`);
  t.diagnostic(`answers: ${ledger}`);
  t.diagnostic(
    `${ms.length} voice webhooks while it was away: p50 ${percentile(ms, 50).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${Math.max(...ms).toFixed(0)} ms`,
  );
  t.diagnostic(`acknowledged and lost: ${lost.length}; unrecorded: ${unrecorded.length}`);
  t.diagnostic(`double rows: ${double.length}; rows that differ: ${wrong.length}`);
  t.diagnostic(`the spool was empty ${Math.round(drainedMs)} ms after its return`);
  assertNone('answers that no caller may get', ledger.faults);
  assert.equal(nginx, 0, 'a worker answers each caller, not nginx');
  assert.deepEqual([...ledger.counts.keys()].sort(), ['200', '204']);
  assert.ok(p99 < P99_MS, `p99 ${p99}`);
  assertNone('acknowledged and lost', [...lost, ...unrecorded]);
  assertNone('double rows', double);
  assertNone('events that nobody sent', strange);
  assertNone('rows that differ', wrong);
  assert.ok(drainedMs < DRAINED_WITHIN_MS, `${drainedMs}`);
  assert.equal(metrics.get('mainline_unrecorded_total') ?? 0, 0);
}

const OUTAGES = {
  'stopped at once': { away: () => postgres.stop(), back: () => postgres.start() },
  frozen: { away: () => postgres.freeze(), back: () => postgres.thaw() },
  'cut off': { away: () => proxy.freeze(), back: () => proxy.thaw() },
};

for (const [name, { away, back }] of Object.entries(OUTAGES)) {
  test(`the database is ${name} for ${AWAY_S} s, seed ${seed}`, async (t) => {
    const happened = await underLoad(t, BEFORE_S + AWAY_S + AFTER_S, async () => {
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
  const happened = await underLoad(t, seconds, async () => {
    for (let i = 0; i < RESTARTS; i += 1) {
      await postgres.stop();
      await postgres.start();
      await wait(500);
    }
  });
  await assertNothingHappened(t, happened);
});
