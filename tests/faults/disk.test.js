// The disk is full, read-only or broken under the spool, while the database is away
// as well; and under the log.  A caller still gets a worker's TwiML, and what is then
// written nowhere is counted; a callback gets 503, so that Twilio knows.  When there is
// room again all is as before, without anybody's help, and nothing is torn.

import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Stack } from '../e2e/support/stack.js';
import { encode, inbound, post } from '../e2e/support/webhook.js';
import { MountedDisk, PreloadedDisk, whyNoMounts } from './support/disk.js';
import { assertNone, Ledger } from './support/ledger.js';
import { Postgres } from './support/postgres.js';
import { until } from './support/processes.js';
import {
  DAMAGED,
  drained,
  filesOf,
  HALF_WRITTEN,
  metricsOf,
  spoolFolder,
} from './support/spool.js';
import { Supervised } from './support/supervised.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const MANY = LONG ? 200 : 20;
const NORMAL_WITHIN_MS = 15_000;
const noMounts = LONG ? whyNoMounts() : 'real mounts are for the long form';

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {Postgres} */
let postgres;
/** @type {PreloadedDisk} */
let disk;
/** @type {Ledger} */
let ledger;
let agent;
before(async () => {
  stack = await Stack.start();
  postgres = new Postgres(stack);
  disk = new PreloadedDisk();
  agent = new Agent({ keepAlive: true });
  supervised = await Supervised.takeOver(stack, disk.env);
});
beforeEach(() => begin());
afterEach(async () => {
  disk.mend();
  await drained(stack);
});
after(async () => {
  agent?.destroy();
  await supervised?.handBack();
  await stack.close();
  disk?.close();
});

/** Nothing was sent yet, and nothing is written down. */
async function begin() {
  await stack.sql('TRUNCATE events, events_aside, calls');
  ledger = new Ledger();
}

/** A signed webhook of a call of its own, its answer in the ledger. */
async function send(route, changes = {}) {
  const path = `/twilio/${route}?line=${encodeURIComponent(stack.line)}`;
  const params = inbound(stack, changes);
  const body = encode(params);
  const response = await post(stack, path, params, { agent }).catch(() => undefined);
  const answered = ledger.note({ path, body, callSid: params.CallSid, request: params }, response);
  return { callSid: params.CallSid, status: response?.status, answered };
}

const sendStatus = () => send('status', { CallStatus: 'completed', CallDuration: '7' });

/** Voice webhooks and callbacks in turn. */
async function sendMany(count = MANY) {
  const voice = [];
  const callbacks = [];
  for (let i = 0; i < count; i += 1) {
    voice.push(await send('voice'));
    callbacks.push(await sendStatus());
  }
  return { voice, callbacks };
}

const isWhole = async () => (await sendStatus()).status === 204;
const unrecorded = async () => (await metricsOf(stack))?.get('mainline_unrecorded_total');

/** What the ledger and the database say when all is well again. */
async function assertRecovered(t, unrecordedBefore) {
  await until(isWhole, 'callbacks are taken again', NORMAL_WITHIN_MS);
  const drainedMs = await drained(stack);
  const { lost, unrecorded: said, double, strange } = await ledger.audit(stack);
  const absent = [...lost, ...said];
  const counted = (await unrecorded()) - unrecordedBefore;
  t.diagnostic(`answers: ${ledger}`);
  t.diagnostic(`written nowhere: ${absent.length}, counted as unrecorded: ${counted}`);
  t.diagnostic(`the spool was empty ${Math.round(drainedMs)} ms after callbacks were taken again`);
  assertNone('answers that no caller may get', ledger.faults);
  assert.ok(drainedMs < Infinity);
  assertNone(
    'callbacks acknowledged and lost',
    absent.filter(({ route }) => route !== 'voice'),
  );
  // A record whose write failed may be there all the same: it was promised to nobody.
  assert.ok(counted > 0 && absent.length <= counted, `${absent.length} of ${counted}`);
  assertNone('double rows', double);
  assertNone('events that nobody sent', strange);
  assert.deepEqual(filesOf(stack, DAMAGED), [], 'no record is torn');
  assert.deepEqual(filesOf(stack, HALF_WRITTEN), [], 'nothing is left half written');
  assert.equal(ledger.counts.get('nginx 200'), undefined, 'a worker answers each caller');
}

/** With the database away and nowhere to write; `restarts`: the processes, and so their counts. */
async function assertNowhereToWrite(t, { breakIt, mendIt, restarts = false }) {
  const before = restarts ? 0 : await unrecorded();
  await postgres.stop();
  try {
    assert.equal((await sendStatus()).status, 204, 'the spool takes it');
    await breakIt();
    const { voice, callbacks } = await sendMany();
    assert.ok(voice.every(({ answered }) => answered === 'acknowledged'));
    // What there was room for before the end of it is taken.
    assert.ok(callbacks.every(({ status }) => [204, 503].includes(status)));
    assert.equal(callbacks.at(-1).status, 503, 'callbacks get 503');
    await mendIt();
    await until(isWhole, 'the spool takes callbacks again', NORMAL_WITHIN_MS);
  } finally {
    await mendIt();
    await postgres.start();
  }
  await assertRecovered(t, before);
}

const FAULTS = {
  'has no room': () => disk.full(spoolFolder(stack)),
  'fills up in the middle of a record': () => disk.full(spoolFolder(stack), 5000),
  'is read-only': () => disk.readOnly(spoolFolder(stack)),
  'cannot sync': () => disk.failsToSync(spoolFolder(stack)),
};

for (const [name, breakIt] of Object.entries(FAULTS)) {
  test(`the database is away, and the spool's disk ${name}`, (t) =>
    assertNowhereToWrite(t, { breakIt, mendIt: () => disk.mend() }));
}

test('the database is away, and each write to the spool is a short one', async (t) => {
  const before = await unrecorded();
  await postgres.stop();
  disk.writesShort(spoolFolder(stack));
  const { callbacks } = await sendMany();
  disk.mend();
  await postgres.start();
  t.diagnostic(`taken: ${callbacks.filter(({ status }) => status === 204).length} of ${MANY}`);
  await until(isWhole, 'callbacks are taken again', NORMAL_WITHIN_MS);
  assert.ok((await drained(stack)) < Infinity);
  const { lost, unrecorded: said, double } = await ledger.audit(stack);
  assertNone('answers that no caller may get', ledger.faults);
  assert.ok(lost.length + said.length <= (await unrecorded()) - before);
  assertNone('double rows', double);
});

test('the spool is full, and the database is there', async () => {
  disk.full(spoolFolder(stack));
  const { voice, callbacks } = await sendMany();
  assert.ok(voice.every(({ answered }) => answered === 'acknowledged'));
  assert.ok(callbacks.every(({ status }) => status === 204));
  const { lost, unrecorded: said } = await ledger.audit(stack);
  assertNone('acknowledged and lost', [...lost, ...said]);
});

for (const [name, breakIt] of Object.entries({
  'has no room': (path) => disk.full(path),
  'fills up in the middle of a line': (path) => disk.full(path, 50),
  'is read-only': (path) => disk.readOnly(path),
})) {
  test(`the log's disk ${name}: nobody notices, and it goes on afterwards`, async () => {
    const file = supervised.logFile;
    const full = statSync(file).size;
    breakIt(file);
    const { voice, callbacks } = await sendMany();
    assert.ok(voice.every(({ answered }) => answered === 'acknowledged'));
    assert.ok(callbacks.every(({ status }) => status === 204));
    const { lost, unrecorded: said } = await ledger.audit(stack);
    assertNone('acknowledged and lost', [...lost, ...said]);
    disk.mend();
    const { size } = statSync(file);
    assert.ok(size - full < MANY * 200, 'hardly a line was written');
    await send('voice');
    await until(() => statSync(file).size > size, 'the log goes on');
  });
}

test('a record torn in the middle of a segment is skipped and counted', async (t) => {
  await postgres.stop();
  const sent = [];
  for (let i = 0; i < MANY; i += 1) sent.push(await sendStatus());
  assert.ok(sent.every(({ status }) => status === 204));
  await supervised.stop();
  const victim = tearOne(sent[MANY >> 1].callSid);
  await postgres.start();
  await supervised.start(disk.env);
  await until(isWhole, 'callbacks are taken', NORMAL_WITHIN_MS);
  assert.ok((await drained(stack)) < Infinity);
  const { lost, unrecorded: said } = await ledger.audit(stack);
  assert.deepEqual(
    [...lost, ...said].map(({ callSid }) => callSid),
    [victim],
    'the others survive',
  );
  assert.equal(filesOf(stack, DAMAGED).length, 1, 'what cannot be read is kept');
  const counted = [...(await metricsOf(stack))].filter(
    ([name, value]) => /bad|torn|damage|corrupt|skipped/.test(name) && value > 0,
  );
  t.diagnostic(`${counted.map((pair) => pair.join(' '))}`);
  assert.ok(counted.length > 0, 'it is counted');
});

/** Change one byte of the record that holds these words. */
function tearOne(words) {
  for (const { name } of filesOf(stack)) {
    const path = join(spoolFolder(stack), name);
    const bytes = readFileSync(path);
    const at = bytes.indexOf(words);
    if (at < 0) continue;
    bytes[at + 5] ^= 1;
    writeFileSync(path, bytes);
    return words;
  }
  throw new Error('no segment holds it');
}

test('real mounts: a full and a read-only spool', { skip: noMounts ?? false }, async (t) => {
  await supervised.stop();
  const mounted = new MountedDisk(spoolFolder(stack));
  try {
    await supervised.start();
    await assertNowhereToWrite(t, {
      breakIt: () => mounted.full(),
      mendIt: () => mounted.mend(),
    });
    await begin();
    await assertNowhereToWrite(t, {
      restarts: true,
      async breakIt() {
        await supervised.stop(); // else a file is open for writing, and the kernel refuses
        mounted.readOnly();
        await supervised.start();
      },
      mendIt: () => mounted.mend(),
    });
  } finally {
    await supervised.stop();
    mounted.close();
    await supervised.start(disk.env);
  }
});
