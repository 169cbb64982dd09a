import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { verdictOf } from './index.js';
import { LINE } from './testing/fake-mainline.js';
import { CALLER, withMainline } from './testing/network.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const people = { '*': { does: 'answers' } };
const CALLERS = [
  [{ press: '1' }],
  [{ press: '2' }, { message: 8, then: '#' }],
  [{ hangUp: 2, while: 'prompt' }],
];
const WANTED = ['bridged', 'message_left', 'hung_up_in_menu'];

/** So many calls at once, each forgotten when it is over. */
async function crowd(network, count) {
  const placed = Array.from({ length: count }, (_, i) =>
    network.place({ from: CALLER, to: LINE, caller: CALLERS[i % 3], startsAfter: i / 10 }),
  );
  const sids = placed.map(({ sid }) => sid);
  await Promise.all(placed.map(({ finished }) => finished.then((call) => network.forget(call))));
  return sids;
}

test('many calls at once, in disorder, are each what they would be alone', async (t) => {
  const disorder = { duplicate: 2 / 3, most: 3, echo: 0.3, drop: 0.2, reorder: true };
  const { network } = await withMainline(t, { people, disorder });
  const sids = await crowd(network, 150);
  assert.equal(new Set(sids).size, 150);
  assert.deepEqual(
    sids.map((sid) => verdictOf(network.model(sid)).reason),
    sids.map((_, i) => WANTED[i % 3]),
  );
  assert.deepEqual([network.calls.size, network.models().length, network.problems], [0, 150, []]);
});

test('calls that are forgotten leave their rows and little else', async (t) => {
  const { network, server } = await withMainline(t, { people });
  const heap = async () => {
    await crowd(network, 200);
    server.asked.length = 0;
    collect();
    return process.memoryUsage().heapUsed;
  };
  await heap();
  const before = await heap();
  const perCall = ((await heap()) - before) / 200;
  assert.ok(perCall < 15_000, `${Math.round(perCall)} bytes a call`);
  // Every third call has a second leg.
  assert.equal(network.account.calls.size, 3 * (200 + 67));
});

test('in real time, or so many times as fast, calls keep their pace', async (t) => {
  const { network, server } = await withMainline(t, { people, speed: 10 });
  const began = performance.now();
  const arrivals = [];
  server.onRequest(({ path }) => {
    if (path === '/twilio/voice') arrivals.push((performance.now() - began) / 100);
  });
  const placed = [0, 2, 4, 6].map((startsAfter) =>
    network.place({ from: CALLER, to: LINE, caller: [{ hangUp: 1 }], startsAfter }),
  );
  await Promise.all(placed.map(({ finished }) => finished));
  // Never early; a busy machine may be late, though not as late as ten times slower is.
  arrivals.forEach((at, i) =>
    assert.ok(at > 2 * i - 0.1 && at < 2 * i + 8, `the ${i + 1}. after ${at} s`),
  );
  assert.equal(arrivals.length, 4);
});
