// The audio of messages: brought from Twilio, kept here, and played by nginx.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDoor, until } from './support/door.js';
import { freePort, Stack } from './support/stack.js';

const KEY = { sid: `SK${'5'.repeat(32)}`, secret: 'the-secret-of-the-key' };

/** @type {Stack} */
let stack;
let network;
let door;
let sid;
let call;
let url;

before(async () => {
  const port = await freePort();
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    TWILIO_AUTH_TOKEN: 'an-older-one,0123456789abcdef0123456789abcdef',
  });
  network = stack.network({
    authToken: '0123456789abcdef0123456789abcdef',
    apiKeys: [KEY],
    people: { '*': { does: 'busy' } },
  });
  network.rest.authOnMedia = true;
  door = await openDoor(port, await network.listen());
  call = await message('+15550001001');
  sid = call.recordings[0].sid;
  url = `/api/recordings/${sid}.mp3`;
  await kept(sid);
});
after(async () => {
  await door.close();
  await network.close();
  await stack.close();
});

const ask = (path, options) => stack.api.request(path, options);
const code = ({ status, json }) => [status, json?.code];
const folder = () => join(stack.settings.MAINLINE_DATA, 'recordings');

/** A caller who leaves a message of 8 s. */
const message = (from, options = {}) =>
  network.call({ from, to: stack.line, caller: [{ press: '2' }, { message: 8 }], ...options });

/** The row of a recording, once it is there. */
const kept = (recording) =>
  until(async () => {
    const rows = await stack.sql('SELECT * FROM recordings WHERE sid = $1', [recording]);
    return rows[0];
  });

test('it is brought with our credentials alone, and kept as Twilio has it', async () => {
  const row = await kept(sid);
  const { voicemail } = await stack.api.call(call.sid);
  assert.equal(voicemail.audio_url, url);
  const asked = door.asked.filter((each) => each.url.includes(sid));
  // The older token is refused, the newer one taken; for MP3, then for WAV.
  assert.deepEqual(
    asked.map(({ method, url: path }) => `${method} ${path.slice(path.indexOf('/Recordings'))}`),
    ['mp3', 'mp3', 'wav', 'wav'].map((type) => `GET /Recordings/${sid}.${type}`),
  );
  for (const { headers } of asked) {
    assert.match(headers.authorization, /^Basic /);
    assert.deepEqual([headers.cookie, headers.range], [undefined, undefined]);
  }
  assert.equal(row.place, 'folder');
  assert.equal(row.call_sid, call.sid);
  for (const type of ['mp3', 'wav']) {
    const file = join(folder(), `${sid}.${type}`);
    const bytes = readFileSync(file);
    assert.equal(Number(row[`${type}_bytes`]), bytes.length);
    assert.deepEqual(row[`${type}_sha256`], createHash('sha256').update(bytes).digest());
    assert.equal(statSync(file).mode & 0o777, 0o640);
  }
  assert.deepEqual(readdirSync(join(folder(), 'incoming')), []);
  assert.equal(row.deleted_at_twilio_at, null);
});

test('the whole of it, with what a browser must know', async () => {
  const file = readFileSync(join(folder(), `${sid}.mp3`));
  const { status, headers, bytes } = await ask(url);
  assert.equal(status, 200);
  assert.deepEqual(bytes, file);
  assert.equal(headers['content-type'], 'audio/mpeg');
  assert.equal(headers['accept-ranges'], 'bytes');
  assert.equal(headers['cache-control'], 'private, no-cache');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  const sum = createHash('sha256').update(file).digest('hex');
  assert.equal(headers.etag, `"${sum.slice(0, 32)}"`);
  assert.match(
    headers['content-disposition'],
    /^inline; filename="\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d \+15550001001\.mp3"$/,
  );
  const names = Object.keys(headers).filter((name) => /^x-(accel|kept)/.test(name));
  assert.deepEqual(names, []);
});

test('WAV as well, and HEAD', async () => {
  const wav = await ask(url.replace('.mp3', '.wav'));
  assert.equal(wav.headers['content-type'], 'audio/x-wav');
  assert.match(wav.headers['content-disposition'], /\.wav"$/);
  assert.equal(wav.bytes.subarray(0, 4).toString(), 'RIFF');
  const head = await ask(url, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
  assert.ok(Number(head.headers['content-length']) > 20_000);
});

test('ranges, and what is none', async () => {
  const { bytes: all, headers } = await ask(url);
  for (const [range, first, last] of [
    ['bytes=0-9', 0, 9],
    ['bytes=100-', 100, all.length - 1],
    ['bytes=-100', all.length - 100, all.length - 1],
    ['bytes=0-', 0, all.length - 1],
  ]) {
    const part = await ask(url, { headers: { Range: range, 'If-Range': headers.etag } });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers['content-range'], `bytes ${first}-${last}/${all.length}`);
    assert.deepEqual(part.bytes, all.subarray(first, last + 1));
    assert.equal(part.headers.etag, headers.etag);
    assert.equal(part.headers['cache-control'], 'private, no-cache');
  }
  const other = await ask(url, { headers: { Range: 'bytes=0-9', 'If-Range': '"x"' } });
  assert.equal(other.status, 200, 'of another file all is sent');
  for (const range of ['bytes=0-1,5-9', 'lines=1-2'])
    assert.equal((await ask(url, { headers: { Range: range } })).status, 200, range);
  const beyond = await ask(url, { headers: { Range: `bytes=${all.length}-` } });
  assert.deepEqual(code(beyond), [416, 'no_such_range']);
  assert.equal(beyond.headers['content-range'], `bytes */${all.length}`);
  assert.match(beyond.headers['cache-control'], /no-store/);
});

test('who holds it is not sent it again, and who signs out hears no more', async () => {
  const { headers } = await ask(url);
  for (const held of [headers.etag, `W/${headers.etag}`, `"a", ${headers.etag}`, '*']) {
    const again = await ask(url, { headers: { 'If-None-Match': held } });
    assert.equal(again.status, 304, held);
    assert.equal(again.headers.etag, headers.etag);
    assert.equal(again.bytes.length, 0);
  }
  assert.equal((await ask(url, { headers: { 'If-None-Match': '"x"' } })).status, 200);
  const nobody = await ask(url, { token: null, headers: { 'If-None-Match': headers.etag } });
  assert.deepEqual(code(nobody), [401, 'token_needed']);
});

test('who may hear it, and by no other way', async () => {
  const { out } = await stack.mainline(['token', 'add', '--name', 'reader', '--scope', 'read']);
  assert.deepEqual(code(await ask(url, { token: out.trim() })), [403, 'scope_missing']);
  assert.deepEqual(code(await ask(url, { token: null })), [401, 'token_needed']);
  for (const path of [
    `/kept/folder/${sid}.mp3`,
    '/kept/bucket',
    `/kept/folder/../recordings/${sid}.mp3`,
    `/recordings/${sid}.mp3`,
  ])
    assert.equal((await ask(path, { described: false })).status, 404, path);
});

test('a recording of nobody, and paths that are none', async () => {
  const none = `/api/recordings/RE${'0'.repeat(32)}.mp3`;
  assert.deepEqual(code(await ask(none)), [404, 'no_such_recording']);
  for (const name of ['x', 'RE12', `CA${'0'.repeat(32)}`, `RE${'g'.repeat(32)}`, '%2e%2e'])
    assert.deepEqual(
      code(await ask(`/api/recordings/${name}.mp3`)),
      [404, 'no_such_recording'],
      name,
    );
  for (const path of [
    `/api/recordings/${sid}`,
    `/api/recordings/${sid}.ogg`,
    '/api/recordings/.mp3',
  ])
    assert.deepEqual(code(await ask(path, { described: false })), [404, 'no_such_path'], path);
  assert.equal((await ask(`${url}?x=1`)).status, 400);
});

test('each listening from the beginning is written down, and shown', async () => {
  const heard = await message('+15550001003');
  const path = `/api/recordings/${heard.recordings[0].sid}.mp3`;
  await kept(heard.recordings[0].sid);
  assert.deepEqual((await stack.api.call(heard.sid)).listens, []);
  const { out } = await stack.mainline(['token', 'add', '--name', 'bob', '--scope', 'audio']);
  const token = out.trim();
  const { headers } = await ask(path, { token });
  await ask(path, { token, headers: { Range: 'bytes=0-' } });
  await ask(path, { token, headers: { 'If-None-Match': headers.etag } });
  // Further parts, a look at it and what is refused are none.
  for (const Range of ['bytes=0-0', 'bytes=100-', 'bytes=-5'])
    await ask(path, { token, headers: { Range } });
  await ask(path, { token, method: 'HEAD' });
  await ask(path, { token: null });
  await ask(path);
  const { listens } = await stack.api.call(heard.sid);
  assert.deepEqual(
    listens.map(({ who }) => who.replace(/^admin-.*/, 'admin')),
    ['admin', 'bob', 'bob', 'bob'],
  );
  assert.ok(Date.now() - Date.parse(listens[0].at) < 60_000);
});

test('it plays where nobody can write down that it does', async () => {
  await stack.sql('ALTER TABLE listens RENAME TO listens_away');
  try {
    assert.equal((await ask(url)).status, 200);
  } finally {
    await stack.sql('ALTER TABLE listens_away RENAME TO listens');
  }
  const said = stack.log().filter(({ detail = '' }) => detail.startsWith('who listens'));
  assert.equal(said.length, 1);
});

test('not there yet: said so, and there a moment later', async () => {
  door.upstream = (_, response) => response.writeHead(404).end('{}');
  const early = await message('+15550001002');
  const path = `/api/recordings/${early.recordings[0].sid}.mp3`;
  await until(async () => door.asked.some((each) => each.url.includes(early.recordings[0].sid)));
  const soon = await ask(path);
  assert.deepEqual(code(soon), [409, 'recording_not_ready']);
  assert.equal(soon.headers['retry-after'], '2');
  door.upstream = null;
  await kept(early.recordings[0].sid);
  assert.equal((await ask(path)).status, 200);
});

test('not there any more, or never', async () => {
  const gone = await message('+15550001004');
  const path = `/api/recordings/${gone.recordings[0].sid}.mp3`;
  const change = (columns) =>
    stack.sql(`UPDATE recordings SET ${columns} WHERE sid = $1`, [gone.recordings[0].sid]);
  await kept(gone.recordings[0].sid);
  await change('removed_at = now()');
  assert.deepEqual(code(await ask(path)), [410, 'recording_gone']);
  await change('removed_at = NULL, mp3_sha256 = NULL');
  assert.deepEqual(code(await ask(path)), [410, 'recording_gone']);
  await stack.sql('DELETE FROM recordings WHERE sid = $1', [gone.recordings[0].sid]);
  assert.deepEqual(code(await ask(path)), [409, 'recording_not_ready']);
  await stack.sql("UPDATE jobs SET state = 'dead' WHERE channel = $1", [gone.recordings[0].sid]);
  const dead = await ask(path);
  assert.deepEqual(code(dead), [410, 'recording_gone']);
  assert.match(dead.json.detail, /jobs retry/);
  await stack.sql(
    'UPDATE calls SET recording = ROW((recording).sid, 2, 4, true)::recording_fact WHERE sid = $1',
    [gone.sid],
  );
  assert.deepEqual(code(await ask(path)), [410, 'recording_gone']);
});

test('with an API key that alone is used; deleted at Twilio, it still plays', async () => {
  await stack.down();
  stack.env.TWILIO_API_KEY = KEY.sid;
  stack.env.TWILIO_API_SECRET = KEY.secret;
  stack.env.MAINLINE_DELETE_AT_TWILIO = 'yes';
  await stack.up();
  door.asked.length = 0;
  const later = await message('+15550001005');
  const recording = later.recordings[0].sid;
  await until(async () => (await kept(recording)).deleted_at_twilio_at);
  for (const { headers } of door.asked)
    assert.equal(
      Buffer.from(headers.authorization.slice(6), 'base64').toString(),
      `${KEY.sid}:${KEY.secret}`,
    );
  assert.deepEqual(
    door.asked.filter((each) => each.url.includes(recording)).map(({ method }) => method),
    ['GET', 'GET', 'DELETE'],
  );
  assert.equal(network.account.recordings.get(recording).status, 'deleted');
  assert.equal((await ask(`/api/recordings/${recording}.mp3`)).status, 200);
  assert.equal((await ask(`/api/recordings/${recording}.wav`)).status, 200);
  for (const log of [stack.log(), stack.log('jobs')])
    assert.ok(!JSON.stringify(log).includes(KEY.secret));
});
