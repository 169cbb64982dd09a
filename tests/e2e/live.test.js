// What open pages ask for all the time: the word of /api/changes, and the file with the
// calls behind it, both as a page asks for them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Stack } from './support/stack.js';
import { inbound, post } from './support/webhook.js';

/** @type {Stack} */
let stack;
let readOnly;
let audioOnly;
let path;

async function token(name, scope) {
  const args = ['token', 'add', '--name', name, '--scope', scope];
  const { code, out, err } = await stack.mainline(args);
  assert.equal(code, 0, err);
  return out.trim();
}

before(async () => {
  stack = await Stack.start({}, { jobs: false });
  readOnly = await token('reader', 'read');
  audioOnly = await token('listener', 'audio');
  ({ path } = await stack.api.get('/api/live'));
});
after(() => stack.close());

const open = (at, options = {}) => stack.api.request(at, { token: null, ...options });
const word = async () => (await open('/api/changes')).json.change;
const live = async () => (await open(path)).json;
const folder = () => join(stack.settings.MAINLINE_RUN, 'live');
const sid = (n) => `CA${String(n).padStart(32, '0')}`;

/** A call comes in. */
async function voice(n, params = {}) {
  const at = `/twilio/voice?line=${encodeURIComponent(stack.line)}`;
  const { status } = await post(stack, at, inbound(stack, { CallSid: sid(n), ...params }));
  assert.equal(status, 200);
}

async function ended(n) {
  const at = `/twilio/status?line=${encodeURIComponent(stack.line)}`;
  const params = { CallSid: sid(n), CallStatus: 'completed', CallDuration: '7' };
  assert.equal((await post(stack, at, inbound(stack, params))).status, 204);
}

/** Polls as the page does, only faster. @returns {Promise<{live: object, ms: number}>} */
async function until(seen, what, withinMs = 1000) {
  const began = performance.now();
  for (let known; performance.now() - began < withinMs; await wait(10)) {
    const now = await word();
    if (now === known) continue;
    known = now;
    const file = await live();
    if (seen(file)) return { live: file, ms: performance.now() - began };
  }
  return assert.fail(`${what}: not within ${withinMs} ms`);
}

test('a change is there within a second of its webhook, and what was known goes on', async () => {
  const known = await word();
  for (let n = 1; n <= 3; n += 1) {
    await voice(n, { CallerCity: 'LYON' });
    const { live: file } = await until(({ calls }) => calls[0]?.sid === sid(n), `call ${n}`);
    assert.ok(file.since.includes(known), 'who knows the word of before loses nothing');
    assert.ok(!file.since.includes(file.change));
    assert.equal(file.calls.length, n);
    const [call] = file.calls;
    assert.equal(call.caller_city, 'LYON');
    assert.equal(call.outcome, null);
    assert.equal(call.steps.length, 1);
    assert.deepEqual(call.legs, []);
  }
});

test('a call that is over has its outcome, and moves to the front', async () => {
  await ended(1);
  const { live: file } = await until(({ calls }) => calls[0]?.outcome !== null, 'the end');
  assert.deepEqual(
    file.calls.map((call) => call.sid),
    [sid(1), sid(3), sid(2)],
  );
  const { events, listens, events_omitted, ...call } = await stack.api.call(sid(1));
  assert.ok(call.steps.length > 0, 'the call itself keeps its steps');
  assert.deepEqual(file.calls[0], { ...call, steps: [], legs: [] });
  const { live: counted } = await until(({ counts }) => counts.to_do === 1, 'what is to do');
  assert.equal(counted.counts.unheard, 0);
});

test('an erased call is named, and nothing of it is left', async () => {
  const { status } = await stack.api.request(`/api/calls/${sid(1)}`, { method: 'DELETE' });
  assert.ok(status < 300, `${status}`);
  const { live: file } = await until(({ removed }) => removed.length > 0, 'the erasure');
  assert.deepEqual(file.removed, [sid(1)]);
  assert.deepEqual(
    file.calls.map((call) => call.sid),
    [sid(3), sid(2)],
  );
  await until(({ counts }) => counts.to_do === 0, 'nothing to do');
});

test('nothing happens: the word stays', async () => {
  await wait(2500); // what was counted once more has been
  const before = await word();
  await stack.api.get('/api/calls');
  await wait(1000);
  assert.equal(await word(), before);
});

test('the same event again is no change', async () => {
  await voice(4, { CallerCity: 'OSLO' });
  await until(({ calls }) => calls[0].sid === sid(4), 'the call');
  await wait(2500);
  const before = await word();
  await voice(4, { CallerCity: 'OSLO' });
  await wait(600);
  assert.equal(await word(), before);
});

test('many calls at once: the latest are there, the others make pages read anew', async () => {
  const known = await word();
  const began = performance.now();
  for (let n = 1000; n < 1150; n += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, i) => voice(n + i)));
  }
  const tookMs = performance.now() - began;
  await wait(1000);
  const file = await live();
  if (tookMs > 600) assert.ok(file.calls.length <= 100);
  assert.ok(!file.since.includes(known), 'more than are named');
  assert.equal(file.change, await word());
  await voice(9);
  const { live: later } = await until(({ calls }) => calls[0]?.sid === sid(9), 'the next', 6000);
  assert.ok(later.calls.length <= 100);
});

test('neither needs a token, and neither may be kept', async () => {
  for (const at of ['/api/changes', path]) {
    const { status, headers } = await open(at);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['cache-control'], 'no-store');
    for (const name of ['etag', 'last-modified', 'accept-ranges', 'access-control-allow-origin']) {
      assert.equal(headers[name], undefined, name);
    }
    assert.match(headers['strict-transport-security'], /max-age/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.match(headers['x-request-id'], /^[0-9a-f]{32}$/);
    const head = await open(at, { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    const written = await open(at, { method: 'POST', described: false });
    assert.deepEqual([written.status, written.json?.code], [405, 'method_not_allowed']);
    assert.equal(written.headers.allow, 'GET, HEAD');
  }
});

test('where the file is only who may read calls is told', async () => {
  const status = async (given) => (await stack.api.request('/api/live', { token: given })).status;
  assert.equal(await status(null), 401);
  assert.equal(await status('ml_wrong'), 401);
  assert.equal(await status(audioOnly), 403);
  assert.equal(await status(readOnly), 200);
  const asked = await stack.api.request('/api/live?x=1', { described: false });
  assert.deepEqual([asked.status, asked.json.code], [400, 'bad_parameter']);
  assert.match(path, /^\/api\/live\/[0-9a-f]{32}\.json$/);
});

test('another key opens nothing', async () => {
  const key = path.slice('/api/live/'.length, -'.json'.length);
  const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
  const refused = await open(`/api/live/${wrong}.json`);
  assert.deepEqual([refused.status, refused.json.code], [404, 'no_such_path']);
  for (const other of [
    `${key.toUpperCase()}.json`,
    'change.json',
    'key',
    `${key}.json.tmp`,
    `..%2fchange.json`,
    `${key}`,
    '',
  ]) {
    const { status } = await open(`/api/live/${other}`, { described: false });
    assert.ok(status === 404 || (other === key.toUpperCase() && status === 200), other);
  }
});

test('the key stands in no log, and what is asked all the time fills none', () => {
  const key = path.slice('/api/live/'.length, -'.json'.length);
  for (const name of readdirSync(join(stack.data, 'log'))) {
    const text = readFileSync(join(stack.data, 'log', name), 'utf8');
    assert.ok(!text.includes(key), name);
    assert.ok(!text.includes('/api/changes'), name);
  }
});

test('the files are closed to everybody but nginx', () => {
  assert.equal(statSync(folder()).mode & 0o7777, 0o2750);
  for (const name of readdirSync(folder())) {
    assert.equal(statSync(join(folder(), name)).mode & 0o7, 0, name);
  }
  const ours = readdirSync(folder()).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  assert.equal(ours.length, 1);
});

test('it is a process of its own name', () => {
  const names = execFileSync('ps', ['-o', 'comm=', '--ppid', String(stack.servePid)]).toString();
  assert.equal(names.split('\n').filter((name) => name === 'ml-live').length, 1);
});

test('a stack that has stopped serves nothing of it', async () => {
  const at = folder();
  await stack.down();
  assert.deepEqual(readdirSync(at), []);
  await stack.up();
});
