import assert from 'node:assert/strict';
import test from 'node:test';
import { valueOf } from './index.js';
import { kinds, withMainline } from './testing/network.js';

const CALLBACKS = ['leg', 'status', 'recording'];
const START = new Date('2026-11-22T09:00:00Z');
const people = { '*': { does: 'carrier-voicemail' } };
const caller = [{ press: '1' }, { message: 8, then: '#' }];

/** One long call under this disorder. */
async function disordered(t, disorder, options = {}) {
  const { server, network, call } = await withMainline(t, {
    people,
    disorder,
    startAt: START,
    ...options,
  });
  const told = await call({ caller });
  return { server, network, told };
}

const arrived = ({ asked }) =>
  asked
    .filter(({ path }) => /leg|status|recording/.test(path))
    .map(
      (one) => `${one.path.slice(8)} ${one.value('CallStatus') ?? one.value('RecordingStatus')}`,
    );
const IN_ORDER = [
  'leg initiated',
  'leg ringing',
  'leg in-progress',
  'leg completed',
  'recording in-progress',
  'status completed',
  'recording completed',
];

test('left alone the courier delivers each callback once and in order', async (t) => {
  const { server, told } = await disordered(t, undefined);
  assert.deepEqual(arrived(server), IN_ORDER);
  assert.deepEqual(told.lost, []);
});

test('duplicate: 1 delivers every one twice, with the same token and signature', async (t) => {
  const { server, told } = await disordered(t, { duplicate: 1, retry: 0 });
  assert.deepEqual(
    arrived(server),
    IN_ORDER.flatMap((one) => [one, one]),
  );
  const pairs = told.requests.filter(({ kind }) => CALLBACKS.includes(kind));
  for (let i = 0; i < pairs.length; i += 2) {
    assert.deepEqual(pairs[i].headers, pairs[i + 1].headers);
    assert.deepEqual([pairs[i].duplicate, pairs[i + 1].duplicate], [false, true]);
  }
});

test('drop: 1 delivers none, and tells which were lost', async (t) => {
  const { server, told } = await disordered(t, { drop: 1 });
  assert.deepEqual(arrived(server), []);
  assert.deepEqual(
    told.lost
      .map(({ params }) => valueOf(params, 'CallStatus') ?? valueOf(params, 'RecordingStatus'))
      .sort(),
    IN_ORDER.map((one) => one.split(' ')[1]).sort(),
  );
});

test('delay without reorder: later, but still in order', async (t) => {
  const { server, told } = await disordered(t, { delay: [10, 20] });
  assert.deepEqual(arrived(server), IN_ORDER);
  for (const request of told.requests.filter(({ kind }) => kind === 'status')) {
    assert.ok(request.at - told.leg.endedAt >= 10_000);
  }
});

test('reorder: all of them, in another order, within half a minute', async (t) => {
  const { server } = await disordered(t, { reorder: true, seed: 5 });
  assert.deepEqual(arrived(server).toSorted(), IN_ORDER.toSorted());
  assert.notDeepEqual(arrived(server), IN_ORDER);
});

test("the same seed gives the same disorder; it can be set apart from the network's", async (t) => {
  const shape = async (seed, disorder) => {
    const { server, told } = await disordered(
      t,
      { duplicate: 0.4, drop: 0.3, reorder: true, ...disorder },
      { seed },
    );
    return JSON.stringify([
      arrived(server),
      told.lost.map(({ name }) => name),
      told.requests.map(({ kind, at, lost }) => [kind, at, lost]),
    ]);
  };
  assert.equal(await shape(11), await shape(11));
  assert.notEqual(await shape(11), await shape(12));
  assert.notEqual(await shape(11), await shape(11, { seed: 1 }));
});

test('retry: the answer to every request for TwiML is lost once, and the call goes on by the second', async (t) => {
  const { told, network } = await disordered(t, { retry: 1 });
  const documents = told.requests.filter(({ kind }) => !CALLBACKS.includes(kind));
  assert.deepEqual(
    documents.map(({ attempt, lost }) => [attempt, lost]),
    documents.map((_, i) => [i % 2, i % 2 === 0]),
  );
  assert.equal(told.status, 'completed');
  assert.equal(told.recordings[0].status, 'completed');
  assert.deepEqual(network.problems, []);
});

test('about as many as asked for', async (t) => {
  const { network, call } = await withMainline(t, {
    people,
    disorder: { duplicate: 0.5, drop: 0.2, retry: 0.3, reorder: true },
  });
  const calls = await Promise.all(Array.from({ length: 60 }, () => call({ caller })));
  const sent = calls.flatMap((one) => one.requests);
  const callbacks = sent.filter(({ kind }) => CALLBACKS.includes(kind));
  const lost = calls.flatMap((one) => one.lost).length;
  const share = (part, whole) => part / whole;
  assert.ok(Math.abs(share(lost, 7 * 60) - 0.2) < 0.07, `${lost} lost`);
  const doubled = callbacks.filter(({ duplicate }) => duplicate).length;
  assert.ok(Math.abs(share(doubled, callbacks.length - doubled) - 0.5) < 0.1, `${doubled} doubled`);
  const retried = sent.filter((one) => one.lost).length;
  assert.ok(Math.abs(share(retried, 6 * 60) - 0.3) < 0.12, `${retried} retried`);
  assert.deepEqual(network.problems, []);
  assert.ok(calls.every((one) => kinds(one).length > 0));
});

test('drop by kind leaves the other kinds alone', async (t) => {
  const { server, told } = await disordered(t, { drop: { recording: 1, status: 1 } });
  assert.deepEqual(
    arrived(server),
    IN_ORDER.filter((one) => one.startsWith('leg')),
  );
  assert.deepEqual([...new Set(told.lost.map(({ kind }) => kind))].sort(), ['recording', 'status']);
});

test('most: as many copies as drawn, up to that', async (t) => {
  const { network, call } = await withMainline(t, {
    people,
    disorder: { duplicate: 2 / 3, most: 3, retry: 0, reorder: true },
  });
  const calls = await Promise.all(Array.from({ length: 40 }, () => call({ caller })));
  const copies = new Map();
  for (const { kind, name } of calls.flatMap(({ requests }) => requests)) {
    if (CALLBACKS.includes(kind)) copies.set(name, (copies.get(name) ?? 0) + 1);
  }
  for (const count of [1, 2, 3]) {
    const share = [...copies.values()].filter((each) => each === count).length / copies.size;
    assert.ok(Math.abs(share - 1 / 3) < 0.1, `${share} come ${count} times`);
  }
  assert.equal(Math.max(...copies.values()), 3);
  assert.deepEqual(network.problems, []);
});

test('echo: a request for TwiML comes again within half a minute, and nobody follows it', async (t) => {
  const { server, told, network } = await disordered(t, { echo: 1, retry: 0, reorder: true });
  const documents = told.requests.filter(({ kind }) => !CALLBACKS.includes(kind));
  const late = documents.filter(({ duplicate }) => duplicate);
  const first = documents.filter(({ duplicate }) => !duplicate);
  assert.deepEqual(late.map(({ name }) => name).sort(), first.map(({ name }) => name).sort());
  for (const copy of late) {
    const { at, body, signature } = first.find(({ name }) => name === copy.name);
    assert.ok(copy.at >= at && copy.at - at <= 30_000);
    assert.deepEqual([copy.body, copy.signature], [body, signature]);
  }
  assert.equal(server.of('/twilio/voice').length, 2);
  assert.deepEqual([told.status, told.recordings.length, network.problems], ['completed', 1, []]);
});
