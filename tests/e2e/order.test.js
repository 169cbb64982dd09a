// The record is a function of its events: whatever the order in which a call's
// requests arrive, however often, the call is the same.
//
// A call of each story is placed once and its requests are kept.  Then they are sent
// again in other orders, some twice, and with the retries that Twilio would send
// when an answer came late, whose CallStatus has moved on meanwhile.  All orders
// where a story has up to 7 requests, else 5,000 random ones; fewer in the short form.

import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { freshSeed, STORIES } from '../simulator/index.js';
import { permutations, randomOf, shuffled } from './support/orders.js';
import { Stack } from './support/stack.js';
import { assertTwiml } from './support/twiml.js';
import { post, sid } from './support/webhook.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const MOST = LONG ? 5040 : 120;
const RANDOM = LONG ? 5000 : 60;
const LANES = 8;
const seed = Number(process.env.SEED ?? freshSeed());
const ACTIONS = ['voice', 'menu', 'dial', 'voicemail', 'fallback'];

/** @type {Stack} */
let stack;
let agent;
before(async () => {
  stack = await Stack.start();
  agent = new Agent({ keepAlive: true, maxSockets: LANES });
});
after(async () => {
  agent.destroy();
  await stack.close();
});

/** A story's requests as they were answered, each {kind, path, params}. */
async function record(story) {
  const network = stack.network({ people: story.people });
  const call = await network.call({
    from: '+15550123456',
    to: stack.line,
    caller: story.caller,
    failAt: story.failAt,
  });
  await network.close();
  return call.requests
    .filter(({ response }) => response?.status < 300)
    .map(({ url, params, kind, name }) => ({
      kind: name || kind,
      path: url.replace(/^https:\/\/[^/]+/, '').replace(/#.*/, ''),
      params: Object.fromEntries(params),
    }));
}

/** The retry of a request for TwiML whose answer was lost, after the caller hung up. */
function movedOn(request) {
  const route = request.path.split('?')[0].split('/').pop();
  if (!ACTIONS.includes(route) || request.params.CallStatus === 'completed') return null;
  return { ...request, params: { ...request.params, CallStatus: 'completed' } };
}

/** The same requests of another call: every SID is a new one. */
function renamed(requests) {
  const names = new Map();
  const text = JSON.stringify(requests).replace(/(CA|RE|TR)[0-9a-f]{32}/g, (old, prefix) => {
    if (!names.has(old)) names.set(old, sid(prefix));
    return names.get(old);
  });
  return JSON.parse(text);
}

/**
 * The call without what is named here: times of receipt, which are the only
 * things that may differ.
 */
function withoutReceipts({ updated_at: _, first_seen_at: _seen, ...call }) {
  return {
    ...call,
    steps: call.steps.map(({ at: _at, ...step }) => step),
    events: call.events.map(({ received_at: _received, ...event }) => event),
  };
}

/** One identity that is filled again and again, and must always come out the same. */
class Lane {
  constructor(requests) {
    this.requests = renamed(requests);
    this.retries = this.requests.map(movedOn).filter(Boolean);
    this.sid = this.requests[0].params.CallSid;
    this.reference = null;
  }

  async run(order, random) {
    const base = order.map((i) => this.requests[i]);
    const sent = [...base];
    // Every retry is sent, so that the set of events is the same; doubles are as chance has it.
    for (const extra of [...this.retries, ...base.filter(() => random() < 0.4)])
      sent.splice(Math.floor(random() * (sent.length + 1)), 0, extra);
    for (const { path, params } of sent) {
      const answer = await post(stack, path, params, { agent });
      if (answer.status !== 204) assertTwiml(answer);
    }
    const call = withoutReceipts(await stack.api.call(this.sid));
    this.reference ??= call;
    assert.deepEqual(call, this.reference, `order ${order.join(' ')}, seed ${seed}`);
    return call;
  }

  /** Forget the call, so that the next order begins anew. */
  async clear() {
    await stack.sql(
      'WITH gone AS (DELETE FROM events WHERE call_sid = $1) DELETE FROM calls WHERE sid = $1',
      [this.sid],
    );
  }
}

for (const story of STORIES) {
  test(`${story.name}, in every order`, async (t) => {
    const requests = await record(story);
    const count = requests.length;
    const random = randomOf(`${seed} ${story.name}`);
    const every = count <= 7 ? [...permutations(count)] : null;
    const orders =
      every && every.length <= MOST
        ? every
        : Array.from({ length: RANDOM }, () => shuffled(count, random));
    const lanes = Array.from({ length: LANES }, () => new Lane(requests));
    let next = 0;
    await Promise.all(
      lanes.map(async (lane) => {
        // The order in which it happened is every lane's reference.
        const first = await lane.run([...requests.keys()], random);
        const { status, outcome, reason } = first;
        assert.deepEqual({ status, outcome, reason }, story.expect);
        while (next < orders.length) {
          const order = orders[next++];
          await lane.clear();
          await lane.run(order, random);
        }
      }),
    );
    t.diagnostic(`${count} requests, ${orders.length} orders`);
  });
}

test('a rebuild of the calls from their events changes nothing', async () => {
  const rows = () => stack.sql('SELECT c::text AS row FROM calls c ORDER BY line, sid');
  const before = await rows();
  assert.ok(before.length >= STORIES.length);
  const { code, err } = await stack.mainline(['migrate', '--rebuild-calls']);
  assert.equal(code, 0, err);
  assert.deepEqual(await rows(), before);
  await stack.sql('DELETE FROM calls');
  assert.equal((await stack.mainline(['migrate', '--rebuild-calls'])).code, 0);
  const again = await rows();
  assert.equal(again.length, before.length);
});
