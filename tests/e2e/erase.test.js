// DELETE /api/calls/{sid}: nothing is left of a call, here and at Twilio.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, Stack } from './support/stack.js';
import { inbound, post, sid } from './support/webhook.js';

const REST_WITHIN_MS = 30_000; // the second look comes after 5 s

/** @type {Stack} */
let stack;
let network;
let reader;

before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network({ people: { '*': { does: 'busy' } } });
  await network.listen(port);
  const made = await stack.mainline(['token', 'add', '--name', 'Nora', '--scope', 'read,audio']);
  reader = made.out.trim();
});
after(async () => {
  await network.close();
  await stack.close();
});

const erase = (call, options = {}) =>
  stack.api.request(`/api/calls/${call}`, { method: 'DELETE', ...options });

/** In how many rows of any table the text stands, in bodies as well. */
async function rowsWith(text) {
  const tables = ['calls', 'events', 'events_aside', 'jobs', 'recordings', 'listens'];
  const counts = tables.map((table) =>
    stack.sql(
      `SELECT count(*)::int AS n FROM ${table} t WHERE strpos(t::text, $1) > 0
       OR strpos(t::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0`,
      [text],
    ),
  );
  return (await Promise.all(counts)).reduce((sum, [{ n }]) => sum + n, 0);
}

async function until(what, holds) {
  const end = Date.now() + REST_WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(100);
  }
}

async function message(from) {
  const call = await network.call({
    from,
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  return { call, recording: call.recordings[0].sid };
}

test('nothing is left, here and at Twilio, and nothing brings it back', async () => {
  const { call, recording } = await message('+15550100009');
  const other = await message('+15550100008');
  const file = join(stack.settings.MAINLINE_DATA, 'recordings', `${recording}.mp3`);
  await until('the audio is kept', () => existsSync(file));
  assert.ok(network.account.calls.get(call.sid));

  const { status, body } = await erase(call.sid);
  assert.deepEqual([status, body], [204, '']);
  for (const method of ['GET', 'DELETE']) {
    const gone = await stack.api.request(`/api/calls/${call.sid}`, { method });
    assert.deepEqual([gone.status, gone.json.code], [404, 'no_such_call'], method);
  }
  const { calls } = await stack.api.get('/api/calls');
  assert.ok(calls.every(({ sid: shown }) => shown !== call.sid));
  const audio = await stack.api.request(`/api/recordings/${recording}.mp3`);
  assert.equal(audio.status, 404);

  for (const request of call.requests) await network.send(request);
  await until('the jobs are done', async () => (await rowsWith(call.sid)) === 0);
  for (const request of call.requests) {
    const { status: answered } = (await network.send(request)).response;
    assert.ok(answered === 200 || answered === 204, `${request.name}: ${answered}`);
  }
  for (const text of [call.sid, recording, '15550100009']) assert.equal(await rowsWith(text), 0);
  assert.equal(existsSync(file), false);
  assert.ok(!network.account.calls.get(call.sid));

  const kept = await stack.api.call(other.call.sid);
  assert.equal(kept.outcome, 'voicemail');
  assert.ok(network.account.calls.get(other.call.sid));
});

test('who may not', async () => {
  const { call } = await message('+15550100007');
  const none = await erase(call.sid, { token: null });
  assert.deepEqual([none.status, none.json.code], [401, 'token_needed']);
  const lesser = await erase(call.sid, { token: reader });
  assert.deepEqual([lesser.status, lesser.json.code], [403, 'scope_missing']);
  const site = await erase(call.sid, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
  assert.deepEqual([site.status, site.json.code], [403, 'cross_site']);
  assert.equal((await stack.api.call(call.sid)).outcome, 'voicemail');
});

test('what is no call', async () => {
  for (const name of [sid('CA'), sid('RE'), 'CA1', `${sid('CA')}0`]) {
    const { status, json } = await erase(name);
    assert.deepEqual([status, json.code], [404, 'no_such_call'], name);
  }
  const query = await erase(`${sid('CA')}?really=yes`);
  assert.deepEqual([query.status, query.json.code], [400, 'bad_parameter']);
});

test('a call that goes on is answered to its end, and not kept', async () => {
  const params = inbound(stack, { From: '+15550100006' });
  const line = encodeURIComponent(stack.line);
  const first = await post(stack, `/twilio/voice?line=${line}`, params);
  assert.equal(first.status, 200);
  assert.equal((await erase(params.CallSid)).status, 204);
  const action = /action="([^"]+)"/.exec(first.body)[1].replaceAll('&amp;', '&');
  const menu = await post(stack, action, { ...params, CallStatus: 'in-progress', Digits: '2' });
  assert.equal(menu.status, 200);
  assert.match(menu.body, /<Record/);
  const ended = await post(stack, `/twilio/status?line=${line}`, {
    ...params,
    CallStatus: 'completed',
    CallDuration: '9',
    Timestamp: new Date().toUTCString(),
  });
  assert.equal(ended.status, 204);
  assert.equal((await stack.api.request(`/api/calls/${params.CallSid}`)).status, 404);
  await until('the jobs are done', async () => (await rowsWith(params.CallSid)) === 0);
  assert.equal(await rowsWith('15550100006'), 0);
});

test('audio in a bucket that is configured no more is not said to be erased', async () => {
  const { call, recording } = await message('+15550100005');
  const file = join(stack.settings.MAINLINE_DATA, 'recordings', `${recording}.mp3`);
  await until('the audio is kept', () => existsSync(file));
  await stack.sql(`UPDATE recordings SET place = 'bucket' WHERE sid = $1`, [recording]);
  assert.equal((await erase(call.sid)).status, 204);
  const job = async () =>
    (
      await stack.sql(`SELECT state, last_error FROM jobs WHERE channel = $1`, [
        `${recording}@bucket`,
      ])
    )[0];
  await until('it fails', async () => (await job())?.last_error);
  const { state, last_error: why } = await job();
  assert.equal(state, 'due');
  assert.match(why, /bucket, and MAINLINE_S3_URL is not set/);
});
