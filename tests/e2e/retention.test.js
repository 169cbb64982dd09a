// What is kept for some days only: calls, their audio, what Twilio sent of them.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, Stack } from './support/stack.js';

const WITHIN_MS = 30_000;

/** @type {Stack} */
let stack;
let network;
const calls = {};

before(async () => {
  const port = await freePort();
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    MAINLINE_KEEP_CALLS_DAYS: '30',
    MAINLINE_KEEP_AUDIO_DAYS: '10',
    MAINLINE_KEEP_EVENTS_DAYS: '5',
  });
  network = stack.network({ people: { '*': { does: 'busy' } } });
  await network.listen(port);
  for (const days of [0, 6, 11, 31]) {
    const call = await network.call({
      from: '+15550100009',
      to: stack.line,
      caller: [{ press: '2' }, { message: 8 }],
    });
    calls[days] = { sid: call.sid, recording: call.recordings[0].sid };
  }
  await until('all is kept', () => Object.values(calls).every(isOnDisk));
  for (const [days, { sid }] of Object.entries(calls))
    await stack.sql(
      `UPDATE calls SET first_seen_at = first_seen_at - make_interval(days => $1) WHERE sid = $2`,
      [days, sid],
    );
  // Twilio says that the calls are new: in truth it would not be asked about them any more.
  await stack.sql("UPDATE jobs SET due_at = now() + interval '1 day' WHERE kind = 'sweep'");
  await stack.sql("UPDATE jobs SET due_at = now() WHERE kind = 'retention'");
  await until('retention is done', async () => (await stack.sql('SELECT FROM calls')).length === 3);
  await until('events are removed', async () => (await eventsOf(calls[11].sid)) === 0);
});
after(async () => {
  await network.close();
  await stack.close();
});

async function until(what, holds) {
  const end = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(100);
  }
}

const isOnDisk = ({ recording }) =>
  ['mp3', 'wav'].every((suffix) =>
    existsSync(join(stack.settings.MAINLINE_DATA, 'recordings', `${recording}.${suffix}`)),
  );

const eventsOf = async (sid) =>
  (await stack.sql('SELECT FROM events WHERE call_sid = $1', [sid])).length;

const audioOf = ({ recording }) => stack.api.request(`/api/recordings/${recording}.mp3`);

test('a call, its audio and its events each have their time', async () => {
  assert.equal((await stack.api.request(`/api/calls/${calls[31].sid}`)).status, 404);
  assert.equal((await audioOf(calls[31])).status, 404);
  assert.deepEqual(Object.values(calls).map(isOnDisk), [true, true, false, false]);
  const gone = await audioOf(calls[11]);
  assert.deepEqual([gone.status, gone.json.code], [410, 'recording_gone']);
  assert.equal((await audioOf(calls[6])).status, 200);
  assert.equal(await eventsOf(calls[6].sid), 0);
  assert.ok((await eventsOf(calls[0].sid)) > 0);
});

test('a call without its events stays in the feed as it was, also when all are made anew', async () => {
  const before = await stack.api.get('/api/calls');
  assert.deepEqual(
    before.calls.map(({ sid, outcome }) => [sid, outcome]),
    [0, 6, 11].map((days) => [calls[days].sid, 'voicemail']),
  );
  const { events, steps } = await stack.api.call(calls[6].sid);
  assert.deepEqual([events, steps], [[], []]);
  const { code, out } = await stack.mainline(['migrate', '--rebuild-calls']);
  assert.equal(code, 0);
  assert.match(out, /1 calls were made anew/);
  assert.deepEqual(await stack.api.get('/api/calls'), before);
});

test('audio in a bucket that is configured no more is not said to be removed', async () => {
  const { sid, recording } = calls[6];
  await stack.sql(`UPDATE recordings SET place = 'bucket' WHERE sid = $1`, [recording]);
  await stack.sql(`UPDATE calls SET first_seen_at = now() - interval '11 days' WHERE sid = $1`, [
    sid,
  ]);
  await stack.sql("UPDATE jobs SET due_at = now() WHERE kind = 'retention'");
  const failed = `SELECT FROM jobs WHERE kind = 'retention' AND last_error LIKE '%in a bucket%'`;
  await until('it fails', async () => (await stack.sql(failed)).length === 1);
  const [{ removed_at: removed }] = await stack.sql(
    `SELECT removed_at FROM recordings WHERE sid = $1`,
    [recording],
  );
  assert.equal(removed, null);
});
