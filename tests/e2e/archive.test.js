// Bringing the audio from a Twilio that gives no good answer: nothing of that is
// kept, and in the end all of it is here.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDoor, until } from './support/door.js';
import { freePort, Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
let network;
let door;
let canary;
/** What came to the canary: nothing may. */
const lured = [];
/** What is answered in the REST API's place, and how often still. */
const fault = { behaviour: null, times: 0 };

function answer(request, response) {
  // Others ask as well: what became of calls, and which recordings there are.
  if (fault.times === 0 || !/\.(mp3|wav)$/.test(request.url)) return door.pass(request, response);
  fault.times -= 1;
  return fault.behaviour(response);
}

before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network();
  network.rest.authOnMedia = true;
  door = await openDoor(port, await network.listen());
  door.upstream = answer;
  canary = http.createServer((request, response) => {
    lured.push(request.url);
    response.end('RIFF');
  });
  await once(canary.listen(0, '127.0.0.1'), 'listening');
});
after(async () => {
  await door.close();
  canary.close();
  await network.close();
  await stack.close();
});

const folder = (...names) => join(stack.settings.MAINLINE_DATA, 'recordings', ...names);
const job = async (sid) =>
  (await stack.sql("SELECT * FROM jobs WHERE kind = 'archive' AND channel = $1", [sid]))[0];

/** SID of a message whose audio is first answered by `behaviour`, so many times. */
async function message(behaviour, times) {
  Object.assign(fault, { behaviour, times });
  const call = await network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  return call.recordings[0].sid;
}

const send = (status, headers = {}, body = '') => (response) =>
  response.writeHead(status, headers).end(body);
const mp3 = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(9000)]);

const FAULTS = [
  ['not there yet', send(404, {}, '{}'), 2, /answered 404/],
  ['a server error', send(500, {}, 'trace'), 1, /answered 500/],
  ['credentials that are refused', send(403), 1, /answered 403; check TWILIO_API_KEY/],
  ['too many requests', send(429, { 'Retry-After': '3' }), 1, /answered 429/],
  ['a page', send(200, { 'Content-Type': 'audio/mpeg' }, '<!doctype html><p>Hi'), 1, /no audio/],
  ['JSON', send(200, { 'Content-Type': 'audio/mpeg' }, '{"code":20404}'), 1, /no audio/],
  ['nothing', send(200, { 'Content-Type': 'audio/mpeg' }), 1, /no audio/],
  ['the other format', send(200, {}, 'RIFF\x24\0\0\0WAVEfmt '), 1, /no audio/],
  ['a part of it', send(206, { 'Content-Range': 'bytes 0-9003/20000' }, mp3), 1, /answered 206/],
  [
    'a redirect',
    (response) =>
      response.writeHead(302, { Location: `http://127.0.0.1:${canary.address().port}/x` }).end(),
    1,
    /answered 302/,
  ],
  [
    'a body that breaks off',
    (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '100000' });
      response.write(mp3, () => response.destroy());
    },
    1,
    /broke off|transfer closed/,
  ],
  [
    'a body without a length that breaks off',
    (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg' });
      response.write(mp3, () => response.destroy());
    },
    1,
    /broke off|transfer closed/,
  ],
  [
    'a body that stands still',
    (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '100000' });
      response.write(mp3);
    },
    1,
    /broke off|transfer closed/,
  ],
  // Twice: on a connection that was kept, libcurl by itself asks again.
  ['a connection that is cut', (response) => response.destroy(), 2, /./],
  [
    'more than we take',
    (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '999999999' });
      response.write(mp3);
    },
    1,
    /more than 536870912 bytes/,
    'dead',
  ],
];

for (const [name, behaviour, times, why, state = 'due'] of FAULTS) {
  test(`${name}: nothing is kept, and it is tried again`, async () => {
    const sid = await message(behaviour, times);
    const failed = await until(async () => {
      const found = await job(sid);
      return found?.last_error && found;
    });
    assert.match(failed.last_error, why);
    assert.equal(failed.state, state);
    if (state === 'due') await until(async () => (await job(sid)).state === 'done');
    const asked = door.asked.filter(({ url }) => url.includes(sid));
    assert.equal(asked.length, state === 'due' ? times + 2 : 1);
    if (name === 'too many requests') assert.ok(asked[1].at - asked[0].at >= 2900);
    assert.equal(existsSync(folder(`${sid}.wav`)), state === 'due');
    assert.deepEqual(readdirSync(folder('incoming')), []);
    const rows = await stack.sql('SELECT mp3_bytes FROM recordings WHERE sid = $1', [sid]);
    if (state === 'dead') return assert.deepEqual(rows, []);
    const bytes = readFileSync(folder(`${sid}.mp3`));
    assert.equal(bytes.length, Number(rows[0].mp3_bytes));
    assert.ok(bytes.length > 20_000 && !bytes.includes('<!doctype'));
    const { status } = await stack.api.request(`/api/recordings/${sid}.mp3`);
    assert.equal(status, 200);
  });
}

test('nobody was lured elsewhere', () => assert.deepEqual(lured, []));

test('killed while it comes: begun anew, and nothing is left behind', async () => {
  const sid = await message((response) => {
    response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '100000' });
    const more = setInterval(() => response.write(mp3.subarray(0, 100)), 100);
    response.on('close', () => clearInterval(more));
  }, 1);
  await until(async () => readdirSync(folder('incoming')).length === 1);
  writeFileSync(folder('incoming', 'of-a-dead-process'), 'half');
  process.kill(stack.jobsPid, 'SIGKILL');
  await until(async () => (await job(sid)).state === 'done', 30_000);
  assert.deepEqual(readdirSync(folder('incoming')), []);
  assert.ok(readFileSync(folder(`${sid}.mp3`)).length > 20_000);
});

test('what is erased while it comes is not kept', async () => {
  let meanwhile;
  const sid = await message((response) => {
    meanwhile = () => door.pass(response.req, response);
  }, 1);
  await until(async () => meanwhile);
  const [{ line, call_sid: call }] = await stack.sql(
    "SELECT line, call_sid FROM jobs WHERE kind = 'archive' AND channel = $1",
    [sid],
  );
  await stack.sql(
    "INSERT INTO erased SELECT $1, sha256(key || convert_to($2, 'UTF8')) FROM erasure_key",
    [line, call],
  );
  meanwhile();
  await until(async () => (await job(sid)).state === 'done');
  assert.deepEqual(
    readdirSync(folder()).filter((name) => name.startsWith(sid)),
    [],
  );
  assert.deepEqual(await stack.sql('SELECT 1 FROM recordings WHERE sid = $1', [sid]), []);
});
