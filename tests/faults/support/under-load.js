// Calls of all stories while something happens to the database, and what became of
// them: callers hear what they would hear otherwise, in time, and nothing that was
// acknowledged is lost.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { assertNone } from './ledger.js';
import { Load } from './load.js';
import { differences, rowsOf } from './model.js';
import { drained, metricsOf } from './spool.js';
import { percentile } from './stats.js';

const CALLS_PER_S = 50;
export const BEFORE_S = 1;
/** A call of a minute takes seconds, so that calls begin and end within an outage. */
const SPEED = 20;
const P99_MS = 1500;
const DRAINED_WITHIN_MS = 30_000;

/**
 * Calls for so many seconds while something happens, and what became of them.
 * @param {import('../../e2e/support/stack.js').Stack} stack
 * @param {number|string} seed
 * @param {number} seconds
 * @param {(load: Load) => Promise<void>} happens resolves when the database is back
 * @param {number} [callsPerS]
 */
export async function underLoad(stack, seed, seconds, happens, callsPerS = CALLS_PER_S) {
  const load = new Load(stack, { seed, speed: SPEED, lanes: 2 });
  const calls = load.run(callsPerS * seconds, callsPerS / SPEED / 2);
  await wait(BEFORE_S * 1000);
  const began = performance.now();
  await happens(load);
  const back = performance.now();
  const [drainedMs] = await Promise.all([drained(stack, DRAINED_WITHIN_MS), calls]);
  await drained(stack);
  await load.close();
  return { stack, load, began, back, drainedMs };
}

export async function assertNothingHappened(t, { stack, load, began, back, drainedMs }) {
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
