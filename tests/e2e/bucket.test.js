// Audio that is kept in a bucket: several hosts share it, and nginx fetches it
// for whoever listens, so that no request of a page leaves the host.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ACCOUNT, S3Server } from '../simulator/peers/s3.js';
import { until } from './support/door.js';
import { freePort, Stack } from './support/stack.js';

/** @type {S3Server} */
let storage;
/** @type {Stack} */
let stack;
let network;
let sid;
let url;
let audio;

before(async () => {
  const port = await freePort();
  storage = await S3Server.start();
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    MAINLINE_DELETE_AT_TWILIO: 'yes',
    MAINLINE_S3_URL: storage.url,
    MAINLINE_S3_REGION: ACCOUNT.region,
    MAINLINE_S3_KEY: ACCOUNT.key,
    MAINLINE_S3_SECRET: ACCOUNT.secret,
  });
  network = stack.network();
  network.rest.authOnMedia = true;
  await network.listen(port);
  sid = await message();
  await done(sid);
  url = `/api/recordings/${sid}.mp3`;
});
after(async () => {
  await network.close();
  await stack.close();
  await storage.close();
});

const ask = (path, options) => stack.api.request(path, options);
const code = ({ status, json }) => [status, json?.code];
const job = async (recording) =>
  (await stack.sql("SELECT * FROM jobs WHERE kind = 'archive' AND channel = $1", [recording]))[0];
const done = (recording) => until(async () => (await job(recording))?.state === 'done');

async function message() {
  const call = await network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  return call.recordings[0].sid;
}

test('it lies there and nowhere else', async () => {
  const [row] = await stack.sql('SELECT * FROM recordings WHERE sid = $1', [sid]);
  assert.equal(row.place, 'bucket');
  assert.notEqual(row.deleted_at_twilio_at, null);
  assert.equal(network.account.recordings.get(sid).status, 'deleted');
  assert.deepEqual(
    storage.requests.map(({ method }) => method),
    ['PUT', 'HEAD', 'PUT', 'HEAD'],
  );
  const folder = join(stack.settings.MAINLINE_DATA, 'recordings');
  assert.deepEqual(readdirSync(folder), ['incoming']);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});

test('all of it, and nothing that the bucket says of itself', async () => {
  storage.requests.length = 0;
  const { status, headers, bytes } = await ask(url, {
    headers: { Cookie: 'a=b', 'X-Evil': '1', 'Accept-Encoding': 'gzip' },
  });
  audio = bytes;
  assert.equal(status, 200);
  assert.equal(bytes.readUInt16BE(0) & 0xffe0, 0xffe0, 'a frame of MPEG audio');
  assert.equal(Number(headers['content-length']), bytes.length);
  assert.equal(headers['content-type'], 'audio/mpeg');
  assert.equal(headers['accept-ranges'], 'bytes');
  assert.equal(headers['cache-control'], 'private, no-cache');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['content-disposition'], /^inline; filename="[-0-9. ]+\+15550001001\.mp3"$/);
  const [{ sum }] = await stack.sql(
    "SELECT encode(mp3_sha256, 'hex') AS sum FROM recordings WHERE sid = $1",
    [sid],
  );
  assert.equal(headers.etag, `"${sum.slice(0, 32)}"`);
  assert.deepEqual(
    Object.keys(headers).filter((name) => /^x-(amz|accel|kept)/.test(name)),
    [],
  );
  assert.equal(storage.requests.length, 1);
  const sent = storage.requests[0].headers;
  assert.equal(sent.host, `127.0.0.1:${storage.port}`);
  assert.deepEqual(
    Object.keys(sent).filter((name) => !['host', 'connection'].includes(name)),
    [],
    'neither token nor cookie goes there',
  );
});

test('WAV as well, and HEAD', async () => {
  const wav = await ask(url.replace('.mp3', '.wav'));
  assert.equal(wav.headers['content-type'], 'audio/x-wav');
  assert.equal(wav.bytes.subarray(0, 4).toString(), 'RIFF');
  const head = await ask(url, { method: 'HEAD' });
  assert.deepEqual([head.status, head.bytes.length], [200, 0]);
  assert.equal(Number(head.headers['content-length']), audio.length);
});

test('ranges, and what is none', async () => {
  const { etag } = (await ask(url)).headers;
  for (const [range, first, last] of [
    ['bytes=0-9', 0, 9],
    ['bytes=100-', 100, audio.length - 1],
    // Not the last 100: s3rver takes "-100" for "0-100".
  ]) {
    const part = await ask(url, { headers: { Range: range, 'If-Range': etag } });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers['content-range'], `bytes ${first}-${last}/${audio.length}`);
    assert.deepEqual(part.bytes, audio.subarray(first, last + 1));
    assert.equal(part.headers.etag, etag);
  }
  for (const headers of [
    { Range: 'bytes=0-9', 'If-Range': '"x"' },
    { Range: 'lines=1-2' },
    { Range: 'bytes=0-1,5-9' },
  ])
    assert.equal((await ask(url, { headers })).status, 200);
  const beyond = await ask(url, { headers: { Range: `bytes=${audio.length}-` } });
  assert.deepEqual(code(beyond), [416, 'no_such_range']);
  assert.equal(beyond.headers['content-range'], `bytes */${audio.length}`);
  storage.requests.length = 0;
  assert.equal((await ask(url, { headers: { 'If-None-Match': etag } })).status, 304);
  assert.equal(storage.requests.length, 0);
});

test('who may hear it', async () => {
  assert.deepEqual(code(await ask(url, { token: null })), [401, 'token_needed']);
  assert.equal((await ask('/kept/bucket', { described: false })).status, 404);
});

test('a bucket that fails: said, and nothing of it passed on', async () => {
  for (const status of [403, 404, 500, 503]) {
    storage.fail({ status });
    const answer = await ask(url);
    assert.deepEqual(code(answer), [502, 'upstream_failed'], String(status));
    assert.ok(!answer.body.includes('SlowDown'));
  }
  assert.equal((await ask(url)).status, 200);
  const said = readFileSync(join(stack.data, 'log/nginx-error.log'), 'utf8');
  assert.ok(!said.includes('X-Amz-Signature'), 'a signed address is a secret for some minutes');
});

test('a bucket that is away: the audio waits at Twilio', async () => {
  storage.fail({ status: 503, times: Infinity });
  const later = await message();
  await until(async () => (await job(later))?.last_error);
  assert.match((await job(later)).last_error, /the bucket answered 503/);
  assert.deepEqual(code(await ask(`/api/recordings/${later}.mp3`)), [409, 'recording_not_ready']);
  assert.equal(network.account.recordings.get(later).status, 'completed');
  storage.mend();
  await done(later);
  assert.equal((await ask(`/api/recordings/${later}.mp3`)).status, 200);
});
