// The connection to PostgreSQL breaks at each message of a write's protocol, in both
// directions, and in the long form in the middle of each as well: whether the commit
// was made is then unknown.  Nothing acknowledged is lost, and nothing is there twice.

import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { TcpProxy } from '../simulator/peers/tcp-proxy.js';
import { Stack } from '../e2e/support/stack.js';
import { encode, inbound, post } from '../e2e/support/webhook.js';
import { assertNone, Ledger } from './support/ledger.js';
import { Postgres, through } from './support/postgres.js';
import { until } from './support/processes.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
/** Where it breaks: behind so many messages, in the long form also behind so many bytes. */
const STEPS = LONG ? { messages: 1, bytes: 7 } : { messages: 1 };
/** More than this no write has; a cut that never comes ends the search. */
const MOST = { messages: 60, bytes: 200_000 };
/** In a write's protocol there are at least so many, each way. */
const LEAST_MESSAGES = 3;
const CALM_WITHIN_MS = 10_000;

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {TcpProxy} */
let proxy;
let agent;
before(async () => {
  stack = await Stack.start();
  proxy = await TcpProxy.start({ path: new Postgres(stack).socket });
  agent = new Agent({ keepAlive: true });
  // One worker, so that a warm connection is warm whoever answers.  Nothing else of
  // ours goes through the proxy meanwhile.
  supervised = await Supervised.takeOver(
    stack,
    { MAINLINE_WORKERS: '1' },
    { serve: { DATABASE_URL: through(stack.settings.DATABASE_URL, proxy.port) } },
  );
});
after(async () => {
  agent?.destroy();
  await supervised?.handBack();
  await stack.close();
  await proxy?.close();
});

/** A signed webhook of a call, and its answer in the ledger. */
async function send(ledger, route, changes) {
  const path = `/twilio/${route}?line=${encodeURIComponent(stack.line)}`;
  const params = inbound(stack, changes);
  const response = await post(stack, path, params, { agent }).catch(() => undefined);
  ledger.note({ path, body: encode(params), callSid: params.CallSid, request: params }, response);
  return { callSid: params.CallSid, response };
}

/** Until an event goes straight into the database over a connection that stays. */
function isCalm(ledger) {
  return until(
    async () => {
      const { callSid } = await send(ledger, 'status', { CallStatus: 'completed' });
      const rows = await stack.sql('SELECT 1 FROM events WHERE call_sid = $1', [callSid]);
      return rows.length === 1;
    },
    'an event is written at once',
    CALM_WITHIN_MS,
  );
}

/** Two events that find the connection cut there. Has it come to that? */
async function cutOnce(ledger, cut, cold) {
  await isCalm(ledger);
  if (cold) proxy.cut(); // what passes from now on is a new connection's
  let hit = false;
  void proxy.cutAfter(cut).then(() => (hit = true));
  const { callSid } = await send(ledger, 'voice', {});
  await send(ledger, 'status', { CallSid: callSid, CallStatus: 'completed' });
  proxy.mend();
  return hit;
}

/** @returns {Promise<number>} how many places there were */
async function cutOneWay(ledger, from, unit, cold) {
  for (let i = 0; i < MOST[unit]; i += STEPS[unit])
    if (!(await cutOnce(ledger, { from, [unit]: i, reset: i % 2 === 0 }, cold)))
      return i / STEPS[unit];
  throw new Error(`no end after ${MOST[unit]} ${unit}`);
}

async function cutEverywhere(t, cold) {
  await stack.sql('TRUNCATE events, events_aside, calls');
  const ledger = new Ledger();
  for (const unit of Object.keys(STEPS))
    for (const from of ['client', 'server']) {
      const places = await cutOneWay(ledger, from, unit, cold);
      t.diagnostic(`cut at ${places} places of what the ${from} sends, counted in ${unit}`);
      assert.ok(places >= LEAST_MESSAGES, `only ${places}`);
    }
  await isCalm(ledger);
  const drainedMs = await drained(stack);
  const { lost, unrecorded, double, strange } = await ledger.audit(stack);
  t.diagnostic(`answers: ${ledger}`);
  t.diagnostic(
    `acknowledged and lost: ${lost.length}; unrecorded: ${unrecorded.length}; double: ${double.length}`,
  );
  t.diagnostic(`the spool was empty ${Math.round(drainedMs)} ms after the last`);
  assertNone('acknowledged and lost', [...lost, ...unrecorded]);
  assertNone('double rows', double);
  assertNone('events that nobody sent', strange);
  assertNone('answers that no caller may get', ledger.faults);
  assert.ok(drainedMs < Infinity);
  assert.deepEqual(
    [...ledger.counts.keys()].sort(),
    ['200', '204'],
    'what the database did not take waits in the spool, and is acknowledged',
  );
}

test('a connection in use breaks at each message of a write', (t) => cutEverywhere(t, false));

test('a new connection breaks at each message until its first write', (t) =>
  cutEverywhere(t, true));
