// Thousands of calls while a process of ours is killed every 200 ms: nothing that was
// acknowledged is lost, nothing is there twice, and each call is told as it was.
//
// Calls that nginx answered in the place of a worker go where no story leads; of those
// the status, the length, the recording and what kind of end it was must be right.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshSeed } from '../simulator/index.js';
import { randomOf } from '../e2e/support/orders.js';
import { Stack } from '../e2e/support/stack.js';
import { Killer } from './support/killer.js';
import { assertNone } from './support/ledger.js';
import { Load } from './support/load.js';
import { differences, rowsOf } from './support/model.js';
import { Notices } from './support/notices.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const CALLS = Number(process.env.CALLS ?? (LONG ? 10_000 : 1000));
const LANES = 6;
const PER_S = 1;
const COPIES = 3;
const SHUFFLE_S = 30;
const first = process.env.SEED ?? freshSeed();
const seeds = LONG && !process.env.SEED ? [0, 1, 2, 3, 4].map((i) => first + i) : [first];

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {Notices} */
let notices;
before(async () => {
  stack = await Stack.start();
  notices = await Notices.open(stack);
  supervised = await Supervised.takeOver(stack, notices?.env);
});
after(async () => {
  await supervised?.handBack();
  await stack.close();
  await notices?.close();
});

for (const seed of seeds) {
  test(`${CALLS} calls while processes are killed, seed ${seed}`, async (t) => {
    await stack.sql('TRUNCATE events, events_aside, calls, jobs');
    notices.begin();
    const began = performance.now();
    const load = new Load(stack, { seed, lanes: LANES, copies: COPIES, shuffleS: SHUFFLE_S });
    const killer = new Killer(supervised, { random: randomOf(`${seed} kills`) });
    await load.run(CALLS, PER_S);
    await killer.stop();
    const seconds = (performance.now() - began) / 1000;
    await supervised.isReady();
    const madeUp = await load.makeUp();
    const drainedMs = await drained(stack);
    const { ledger, models } = load;
    const { lost, unrecorded, double, strange } = await ledger.audit(stack);
    const rows = await rowsOf(stack);
    const wrong = models.flatMap((model) => differences(model, rows.get(model.sid)));
    const disturbed = models.filter((model) => model.disturbed).length;
    const events = ledger.acknowledged.length;
    await load.close();

    t.diagnostic(
      `seed ${seed}: ${models.length} calls, ${events} events in ${seconds.toFixed(0)} s`,
    );
    t.diagnostic(`kills: ${killer}; starts of supervisor and jobs: ${supervised.starts}`);
    t.diagnostic(`answers: ${ledger}`);
    t.diagnostic(`acknowledged and lost: ${lost.length}; unrecorded: ${unrecorded.length}`);
    t.diagnostic(`double rows: ${double.length}; rows that differ: ${wrong.length}`);
    t.diagnostic(`calls that nginx took over: ${disturbed}; callbacks refused: ${madeUp}`);
    t.diagnostic(`the spool was empty ${Math.round(drainedMs)} ms after the last`);
    assertNone('answers that no caller may get', ledger.faults);
    assertNone('acknowledged and lost', lost);
    assertNone('double rows', double);
    assertNone('events that nobody sent', strange);
    assertNone('rows that differ', wrong);
    assertNone('unrecorded, though there is room', unrecorded);
    assert.equal(rows.size, models.length);
    assert.ok(drainedMs < Infinity);
    assert.ok(killer.times.length > seconds * 3, `${killer.times.length} kills`);
    assert.ok(disturbed < CALLS / 2, 'else hardly a story is told to its end');
    await notices.assertTold(t, rows, killer);
  });
}
