// The supervisor and its workers: stopped, reloaded, killed and stuck.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freshSeed } from '../simulator/index.js';
import { randomOf } from '../e2e/support/orders.js';
import { Stack } from '../e2e/support/stack.js';
import { assertTwiml } from '../e2e/support/twiml.js';
import { exchange } from './support/fastcgi.js';
import { Serve } from './support/serve.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const TERMS = LONG ? 1000 : 100;
const HUPS = LONG ? 200 : 20;
const CLIENTS = 8;
const seed = Number(process.env.SEED ?? freshSeed());

/** @type {Stack} */
let stack;
/** @type {Serve} */
let serve;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.close());
beforeEach(async () => {
  serve = await Serve.prepare(stack);
});
afterEach(() => serve.close());

/** Clients that send without end, each request cut in two at any byte. */
class Load {
  constructor(random) {
    this.random = random;
    this.sent = 0;
    this.unanswered = [];
    this.refusedConnects = 0;
    this.statuses = new Map();
    this.acknowledged = [];
    this.running = true;
    this.clients = Array.from({ length: CLIENTS }, (_, i) => this.#client(i));
  }

  async #client(number) {
    while (this.running) {
      const { bytes, callSid } = serve.request(number % 2 ? 'voice' : 'status');
      const at = 1 + Math.floor(this.random() * (bytes.length - 1));
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      const answer = await exchange(serve.socket, pieces, {
        pause: Math.floor(this.random() * 15),
      });
      if (!answer.connected) {
        this.refusedConnects += 1;
        await wait(3);
        continue;
      }
      this.sent += 1;
      this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 200) assertTwiml(answer);
      if (!answer.answered) this.unanswered.push(callSid);
      else if (answer.status < 300) this.acknowledged.push(callSid);
    }
  }

  async stop() {
    this.running = false;
    await Promise.all(this.clients);
  }

  /** Those that were answered 2xx and are not in the database. */
  async absent() {
    const rows = await stack.sql('SELECT DISTINCT call_sid FROM events WHERE call_sid = ANY ($1)', [
      this.acknowledged,
    ]);
    const there = new Set(rows.map(({ call_sid: sid }) => sid));
    return this.acknowledged.filter((sid) => !there.has(sid));
  }
}

test(`${TERMS} stops under load lose nothing, seed ${seed}`, async (t) => {
  const random = randomOf(`${seed} term`);
  const took = [];
  await serve.up();
  const load = new Load(random);
  for (let i = 0; i < TERMS; i += 1) {
    await wait(5 + random() * 60);
    took.push(await serve.stop());
    assert.equal(existsSync(serve.socket), false);
    await serve.up();
  }
  await load.stop();
  await serve.settled();
  await serve.stop();
  const slowest = Math.max(...took);
  t.diagnostic(
    `${load.sent} requests, stops of ${Math.round(took.sort((a, b) => a - b)[took.length >> 1])} ms, at most ${Math.round(slowest)} ms`,
  );
  assert.ok(load.sent > TERMS * 5, `${load.sent}`);
  assert.deepEqual(load.unanswered, []);
  assert.deepEqual(await load.absent(), []);
  assert.ok(slowest < 5000);
  assert.deepEqual([...load.statuses.keys()].sort(), [200, 204]);
});

test(`${HUPS} reloads under load lose nothing and refuse nobody, seed ${seed}`, async (t) => {
  const random = randomOf(`${seed} hup`);
  await serve.up();
  const load = new Load(random);
  for (let i = 0; i < HUPS; i += 1) {
    const before = new Set(serve.workers());
    serve.kill('SIGHUP');
    await wait(20 + random() * 250);
    if (i % 5 === 0)
      await until(
        () => serve.workers().every((pid) => !before.has(pid)),
        'the old generation goes',
      );
  }
  await load.stop();
  await serve.settled();
  await until(() => serve.workers().length === 10, 'one generation is left');
  t.diagnostic(`${load.sent} requests`);
  assert.deepEqual(load.unanswered, []);
  assert.equal(load.refusedConnects, 0);
  assert.deepEqual(await load.absent(), []);
  assert.deepEqual([...load.statuses.keys()].sort(), [200, 204]);
  assert.equal(serve.said('reload').length, HUPS);
  await serve.stop();
});

async function until(condition, what, within = 8000) {
  const began = performance.now();
  while (!(await condition())) {
    assert.ok(performance.now() - began < within, `${what}: not within ${within} ms`);
    await wait(10);
  }
  return performance.now() - began;
}

/** How often the workers have gone to sleep. */
function sleeps() {
  return serve
    .workers()
    .map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'))
    .map((status) => Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)[1]))
    .reduce((sum, n) => sum + n, 0);
}

test('a connection wakes one worker, not the pool', async (t) => {
  serve.env.MAINLINE_WORKERS = '16';
  await serve.up();
  await until(() => serve.workers().length === 18, 'all are there');
  await wait(200);
  const before = sleeps();
  for (let i = 0; i < 200; i += 1) {
    const { status } = await exchange(serve.socket, [serve.request('voice').bytes]);
    assert.equal(status, 200);
  }
  const each = (sleeps() - before) / 200;
  t.diagnostic(`a request put workers to sleep ${each.toFixed(1)} times`);
  assert.ok(each < 8, `${each} times with 16 workers`);
  await serve.stop();
});

test('a worker that dies is replaced at once, and the others go on', async (t) => {
  await serve.up();
  await until(() => serve.workers().length === 10, 'all are there');
  for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGABRT']) {
    const [victim] = serve.workers();
    process.kill(victim, signal);
    const ms = await until(
      () => serve.workers().length === 10 && !serve.workers().includes(victim),
      'replaced',
      1000,
    );
    t.diagnostic(`${signal}: replaced after ${Math.round(ms)} ms`);
    assert.equal((await serve.post()).status, 200);
  }
  await until(() => serve.said('worker_died').length === 3, 'said');
  await serve.stop();
});

test('workers are replaced after so many requests, and nothing is lost', async () => {
  serve.env.MAINLINE_WORKER_REQUESTS = '20';
  serve.env.MAINLINE_WORKERS = '3';
  await serve.up();
  const load = new Load(randomOf(`${seed} recycle`));
  const before = serve.workers();
  await until(() => load.sent > 600, 'enough requests', 30_000);
  await load.stop();
  assert.deepEqual(load.unanswered, []);
  assert.deepEqual(await load.absent(), []);
  assert.ok(
    serve.workers().filter((pid) => before.includes(pid)).length <= 2,
    'only the api pool is still the same',
  );
  assert.deepEqual(serve.said('worker_died'), []);
  await serve.stop();
});

test('a worker with a request that never ends is killed, and the pool recovers', async (t) => {
  serve.env.MAINLINE_WORKERS = '4';
  await serve.up();
  const { bytes } = serve.request('voice');
  const stuck = Array.from({ length: 4 }, () =>
    exchange(serve.socket, [bytes.subarray(0, bytes.length - 20)]),
  );
  await wait(300);
  const began = performance.now();
  const answer = await serve.post();
  const ms = performance.now() - began;
  t.diagnostic(`answered after ${Math.round(ms)} ms`);
  assert.equal(answer.status, 200);
  assert.ok(ms < 6000);
  assert.ok(serve.said('worker_hung').length >= 1);
  const ends = await Promise.all(stuck);
  assert.ok(ends.every(({ answered }) => !answered));
  await serve.stop();
});

test('silent connections, half requests and management records do not stop the pool', async () => {
  await serve.up();
  const { bytes } = serve.request('voice');
  const getValues = Buffer.from([1, 9, 0, 0, 0, 0, 0, 0]);
  for (let i = 0; i < 6; i += 1)
    for (const pieces of [[], [bytes.subarray(0, 100)], [getValues], [Buffer.alloc(64, 255)]])
      void exchange(serve.socket, pieces);
  await wait(200);
  const began = performance.now();
  const answers = [];
  while (
    performance.now() - began < 40_000 &&
    answers.filter(({ status }) => status === 200).length < 20
  )
    answers.push(await serve.post());
  assert.equal(answers.filter(({ status }) => status === 200).length, 20);
  assert.ok((await serve.post()).answered);
  await serve.stop();
});

test('workers that die as soon as they start are started ever more slowly', async (t) => {
  await serve.up();
  const killed = new Set();
  const began = performance.now();
  while (performance.now() - began < 6000) {
    for (const pid of serve.workers()) {
      if (killed.has(pid)) continue;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    await wait(5);
  }
  t.diagnostic(`${killed.size} deaths in 6 s`);
  assert.ok(killed.size > 30 && killed.size < 120, `${killed.size} deaths`);
  assert.equal(serve.said('crash_loop').length, 1);
  await until(() => serve.workers().length === 10, 'all are there again', 12_000);
  assert.equal((await serve.post()).status, 200);
  await serve.stop();
});

test('a reload with a wrong configuration changes nothing', async () => {
  const file = `${serve.folder}/mainline.ini`;
  writeFileSync(file, 'MAINLINE_WORKERS = 3\n');
  serve.env.MAINLINE_CONFIG = file;
  delete serve.env.MAINLINE_WORKERS;
  await serve.up();
  await until(() => serve.workers().length === 5, 'three and two');
  const before = serve.workers();
  writeFileSync(file, 'MAINLINE_WORKERS = many\n');
  serve.kill('SIGHUP');
  await until(() => serve.said('config').length === 1, 'said');
  assert.match(serve.said('config')[0].detail, /MAINLINE_WORKERS: must be a whole number/);
  assert.deepEqual(serve.workers(), before);
  writeFileSync(file, 'MAINLINE_WORKERS = 4\n');
  serve.kill('SIGHUP');
  await until(
    () => serve.workers().length === 6 && !serve.workers().some((pid) => before.includes(pid)),
    'the new ones',
  );
  assert.equal((await serve.post()).status, 200);
  await serve.stop();
});

test('what all must agree about stays until a restart, and so do the files', async () => {
  const file = `${serve.folder}/mainline.ini`;
  const other = `${serve.folder}/other`;
  const { MAINLINE_RUN: run, MAINLINE_DATA: data } = serve.env;
  writeFileSync(file, `MAINLINE_RUN = ${run}\nMAINLINE_DATA = ${data}\n`);
  serve.env.MAINLINE_CONFIG = file;
  delete serve.env.MAINLINE_RUN;
  delete serve.env.MAINLINE_DATA;
  await serve.up();
  const before = [...serve.workers(), serve.journal()];
  const word = `${run}/live/change.json`;
  await until(() => existsSync(word), 'pages are told');
  writeFileSync(file, `MAINLINE_RUN = ${other}/run\nMAINLINE_DATA = ${other}\n`);
  serve.kill('SIGHUP');
  await until(() => !serve.workers().some((pid) => before.includes(pid)), 'the new ones');
  await until(() => ![undefined, before.at(-1)].includes(serve.journal()), 'their journal');
  const told = readFileSync(word, 'utf8');
  assert.equal((await serve.post()).status, 200);
  await until(() => readFileSync(word, 'utf8') !== told, 'pages are told there');
  assert.equal(existsSync(other), false);
  assert.deepEqual(
    serve.said('config').map(({ detail }) => detail.split(' ')[0]),
    ['MAINLINE_DATA', 'MAINLINE_RUN'],
  );
  await serve.stop();
  assert.equal(existsSync(word), false);
});

test('workers end with a supervisor that was killed, and the next one begins', async () => {
  await serve.up();
  const orphans = serve.workers();
  serve.kill('SIGKILL');
  await serve.exited;
  const alive = (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  await until(() => !orphans.some(alive), 'they end');
  await serve.up();
  assert.equal((await serve.post()).status, 200);
  await serve.stop();
});

test('a second supervisor in the same folder is refused, and the first goes on', async () => {
  await serve.up();
  const second = await Serve.prepare(stack, { MAINLINE_RUN: serve.run });
  await assert.rejects(second.up(), /another mainline serves in/);
  second.close();
  assert.equal((await serve.post()).status, 200);
  await serve.stop();
});
