// A long export costs the memory of a short one, and its worker is not held by a
// client that takes nothing.  1,000,000 calls with script/test --long.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fillCalls } from '../e2e/support/calls.js';
import { until } from '../e2e/support/door.js';
import { childrenOf } from '../e2e/support/family.js';
import { Stack } from '../e2e/support/stack.js';
import { requestBytes } from './support/fastcgi.js';

const ROWS = process.env.MAINLINE_TEST_LONG ? 1_000_000 : 250_000;
const MB = 1024 * 1024;

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start({ MAINLINE_API_WORKERS: '2' }, { jobs: false });
  for (let i = 0; i < 20; i += 1) await stack.api.get('/api/calls');
  await fillCalls(stack, ROWS);
  await stack.sql('ANALYZE calls');
});
after(() => stack.close());

function begin() {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: '127.0.0.1',
        port: stack.httpsPort,
        servername: 'localhost',
        ca: stack.ca,
        agent: false,
        path: '/api/calls.csv',
        headers: { Host: new URL(stack.publicUrl).host, Authorization: `Bearer ${stack.token}` },
      },
      resolve,
    );
    request.on('error', reject);
    request.end();
  });
}

const figure = (pid, file, name) =>
  Number(
    new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))[1],
  ) * 1024;

const ill = () => stack.log().filter(({ ev }) => ['worker_hung', 'worker_died'].includes(ev));

/** The most that any of the API's workers has now, and ever had, in bytes. */
function memory() {
  const workers = childrenOf(stack.servePid, 'ml-api');
  assert.equal(workers.length, 2);
  return {
    pss: Math.max(...workers.map((pid) => figure(pid, 'smaps_rollup', 'Pss'))),
    peak: Math.max(...workers.map((pid) => figure(pid, 'status', 'VmHWM'))),
  };
}

test(`${ROWS} calls in the memory of a page of them`, async (context) => {
  const first = memory();
  const began = performance.now();
  const response = await begin();
  let bytes = 0;
  let lines = 0;
  let most = 0;
  let looked = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    for (const byte of chunk) lines += byte === 0x0a ? 1 : 0;
    if (Math.floor(bytes / MB) > looked) {
      looked = Math.floor(bytes / MB);
      most = Math.max(most, memory().pss);
    }
  }
  const s = (performance.now() - began) / 1000;
  const last = memory();
  const mb = (value) => `${(value / MB).toFixed(1)} MB`;
  context.diagnostic(
    `${lines - 1} rows, ${mb(bytes)} in ${s.toFixed(1)} s (${Math.round(ROWS / s)} rows/s); PSS of the worker: ` +
      `${mb(first.pss)}, at most ${mb(most)}, then ${mb(last.pss)}; its peak ${mb(first.peak)}, then ${mb(last.peak)}`,
  );
  assert.equal(lines, ROWS + 1, 'no text of these has a line feed');
  assert.ok(looked > 10);
  assert.ok(most - first.pss < 6 * MB, `PSS grew by ${mb(most - first.pss)}`);
  assert.ok(last.peak - first.peak < 6 * MB, `the peak grew by ${mb(last.peak - first.peak)}`);
});

test('one that takes a few bytes at a time does not hold it either', async (context) => {
  const socket = net.connect({
    path: join(stack.settings.MAINLINE_RUN, 'api.sock'),
    onread: { buffer: Buffer.alloc(4096), callback: () => false }, // no more for now
  });
  const params = {
    REQUEST_METHOD: 'GET',
    REQUEST_URI: '/api/calls.csv',
    HTTP_AUTHORIZATION: `Bearer ${stack.token}`,
  };
  socket.on('error', () => {});
  socket.write(requestBytes(params, ''));
  const trickle = setInterval(() => socket.resume(), 700);
  const began = performance.now();
  const earlier = stack.log().filter(({ route }) => route === '/api/calls.csv').length;
  const free = await until(
    () => stack.log().filter(({ route }) => route === '/api/calls.csv')[earlier],
    60_000,
  );
  clearInterval(trickle);
  socket.destroy();
  context.diagnostic(`free after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  assert.equal(free.detail, 'nobody took the answer');
  assert.deepEqual(ill(), []);
});

test('a client that takes nothing does not hold it, nor any other', async (context) => {
  const earlier = stack.log().filter(({ route }) => route === '/api/calls.csv').length;
  const response = await begin();
  response.pause();
  const began = performance.now();
  let slowest = 0;
  const free = await until(async () => {
    const asked = performance.now();
    await stack.api.get('/api/calls');
    slowest = Math.max(slowest, performance.now() - asked);
    return stack.log().filter(({ route }) => route === '/api/calls.csv')[earlier];
  }, 30_000);
  context.diagnostic(
    `free after ${((performance.now() - began) / 1000).toFixed(1)} s: ${free.detail ?? 'all was made'}; ` +
      `others waited for ${slowest.toFixed(0)} ms at most`,
  );
  assert.equal(free.detail, 'nobody took the answer');
  assert.ok(slowest < 2000);
  await assert.rejects(async () => {
    for await (const chunk of response) void chunk;
  }, /aborted|ECONNRESET/);
  assert.deepEqual(ill(), []);
});
