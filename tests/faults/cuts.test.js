// The connection to PostgreSQL breaks at each message of a write's protocol, in both
// directions, before the message and in the middle of it: whether the commit was made
// is then unknown.  Nothing acknowledged is lost, and nothing is there twice.

import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { Stack } from '../e2e/support/stack.js';
import { encode, inbound, post } from '../e2e/support/webhook.js';
import { assertNone, Ledger } from './support/ledger.js';
import { Postgres, through } from './support/postgres.js';
import { until } from './support/processes.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';
import { TcpProxy } from './support/tcp-proxy.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
/** How much of the message goes through. */
const PARTS = LONG ? [0, 0.1, 0.5, 0.9] : [0, 0.5];
const ROUNDS = LONG ? 5 : 1;
/** More messages than this no write has; a cut that never comes ends the search. */
const MOST = 80;
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
  proxy = await TcpProxy.open(new Postgres(stack).socket);
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

/** An event that finds the connection cut at the nth message. Was there an nth? */
async function cutOnce(ledger, at, part, cold) {
  await isCalm(ledger);
  if (cold) {
    proxy.breakAll();
    await until(() => proxy.connections === 0, 'the connections are gone');
  }
  const cut = proxy.cutAt(at, part);
  const { callSid } = await send(ledger, 'voice', {});
  await send(ledger, 'status', { CallSid: callSid, CallStatus: 'completed' });
  proxy.spare();
  return cut.hit;
}

async function cutEverywhere(t, { parts, cold }) {
  await stack.sql('TRUNCATE events, events_aside, calls');
  const ledger = new Ledger();
  let points = 0;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const part of parts)
      for (let at = 1; at <= MOST; at += 1) {
        if (!(await cutOnce(ledger, at, part, cold))) break;
        points += 1;
      }
  await isCalm(ledger);
  const drainedMs = await drained(stack);
  const { lost, unrecorded, double, strange } = await ledger.audit(stack);
  t.diagnostic(`${points} cuts; answers: ${ledger}`);
  t.diagnostic(
    `acknowledged and lost: ${lost.length}; unrecorded: ${unrecorded.length}; double: ${double.length}`,
  );
  t.diagnostic(`the spool was empty ${Math.round(drainedMs)} ms after the last`);
  assertNone('acknowledged and lost', [...lost, ...unrecorded]);
  assertNone('double rows', double);
  assertNone('events that nobody sent', strange);
  assertNone('answers that no caller may get', ledger.faults);
  assert.ok(drainedMs < Infinity);
  assert.ok(points >= 8 * parts.length * ROUNDS, `only ${points} cuts`);
  assert.deepEqual(
    [...ledger.counts.keys()].sort(),
    ['200', '204'],
    'what the database did not take waits in the spool, and is acknowledged',
  );
}

test('a connection in use breaks at each message of a write', (t) =>
  cutEverywhere(t, { parts: PARTS, cold: false }));

test('a new connection breaks at each message until its first write', (t) =>
  cutEverywhere(t, { parts: LONG ? PARTS : PARTS.slice(0, 1), cold: true }));
