// The audio of messages, passed through from Twilio's REST API.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { freePort, Stack } from './support/stack.js';

const KEY = { sid: `SK${'5'.repeat(32)}`, secret: 'the-secret-of-the-key' };

/** @type {Stack} */
let stack;
let network;
let url;
let sid;
/** What Twilio's side does with a request before it is answered. */
let upstream = null;
/** What it was asked. */
const asked = [];
let door;

/** A server before the simulated REST API, which may answer in its place. */
function openDoor(port, behind) {
  const server = http.createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    if (upstream) return upstream(request, response);
    const { method, headers } = request;
    const onward = http.request(`${behind}${request.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    return request.pipe(onward);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

before(async () => {
  const port = await freePort();
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    TWILIO_AUTH_TOKEN: 'an-older-one,0123456789abcdef0123456789abcdef',
    MAINLINE_API_WORKERS: '1',
  });
  network = stack.network({
    authToken: '0123456789abcdef0123456789abcdef',
    apiKeys: [KEY],
    people: { '*': { does: 'busy' } },
  });
  network.rest.authOnMedia = true;
  door = await openDoor(port, await network.listen());
  const call = await network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  sid = call.recordings[0].sid;
  const { voicemail } = await stack.api.call(call.sid);
  url = voicemail.audio_url;
});
after(async () => {
  door.closeAllConnections();
  door.close();
  await network.close();
  await stack.close();
});

const ask = (path, options) => stack.api.request(path, options);
const code = ({ status, json }) => [status, json?.code];

test('the whole of it, as Twilio has it, with our credentials and nothing of the client', async () => {
  assert.equal(url, `/api/recordings/${sid}.mp3`);
  asked.length = 0;
  const { status, headers, bytes } = await ask(url, { headers: { Cookie: 'a=b', 'X-Evil': '1' } });
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'audio/mpeg');
  assert.equal(headers['accept-ranges'], 'bytes');
  assert.equal(Number(headers['content-length']), bytes.length);
  assert.ok(bytes.length > 20_000);
  assert.equal(bytes.readUInt16BE(0) & 0xffe0, 0xffe0, 'a frame of MPEG audio');
  // The older token is refused, the newer one taken.
  assert.equal(asked.length, 2);
  assert.match(
    asked[0].url,
    new RegExp(`^/2010-04-01/Accounts/AC\\w{32}/Recordings/${sid}\\.mp3$`),
  );
  for (const { headers: sent } of asked) {
    assert.match(sent.authorization, /^Basic /);
    assert.deepEqual([sent.cookie, sent['x-evil'], sent.range], [undefined, undefined, undefined]);
  }
});

test('WAV as well, and HEAD', async () => {
  const wav = await ask(url.replace('.mp3', '.wav'));
  assert.equal(wav.headers['content-type'], 'audio/x-wav');
  assert.equal(wav.bytes.subarray(0, 4).toString(), 'RIFF');
  const head = await ask(url, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
  assert.ok(Number(head.headers['content-length']) > 20_000);
});

test('ranges are passed through, and what is none is ignored', async () => {
  const all = (await ask(url)).bytes;
  for (const [range, first, last] of [
    ['bytes=0-9', 0, 9],
    ['bytes=100-', 100, all.length - 1],
    ['bytes=-100', all.length - 100, all.length - 1],
    ['bytes=0-', 0, all.length - 1],
  ]) {
    const part = await ask(url, { headers: { Range: range } });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers['content-range'], `bytes ${first}-${last}/${all.length}`);
    assert.deepEqual(part.bytes, all.subarray(first, last + 1));
  }
  for (const range of ['bytes=0-1,5-9', 'lines=1-2', 'bytes=a-b', `bytes=${'1'.repeat(99)}-`]) {
    const whole = await ask(url, { headers: { Range: range } });
    assert.equal(whole.status, 200, range);
    assert.equal(whole.bytes.length, all.length);
  }
  const beyond = await ask(url, { headers: { Range: `bytes=${all.length}-` } });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers['content-range'], `bytes */${all.length}`);
  assert.equal(beyond.headers['cache-control'], 'no-store');
});

test('who may hear it', async () => {
  const { out } = await stack.mainline(['token', 'add', '--name', 'reader', '--scope', 'read']);
  assert.deepEqual(code(await ask(url, { token: out.trim() })), [403, 'scope_missing']);
  assert.deepEqual(code(await ask(url, { token: null })), [401, 'token_needed']);
});

test('a recording of nobody, and paths that are none', async () => {
  asked.length = 0;
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
  assert.equal(asked.length, 0, 'Twilio is not asked about what is none of ours');
});

test('not there yet, and not there any more', async () => {
  const answer404 = (_, response) => response.writeHead(404).end('{}');
  upstream = answer404;
  assert.deepEqual(code(await ask(url)), [410, 'recording_gone']);
  const started = await network.call({
    from: '+15550001002',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
    disorder: { drop: 1 },
  });
  const early = started.recordings[0].sid;
  await stack.sql(
    'UPDATE calls SET recording = ROW((recording).sid, 1, 2, true)::recording_fact WHERE sid = $1',
    [started.sid],
  );
  const soon = await ask(`/api/recordings/${early}.mp3`);
  assert.deepEqual(code(soon), [409, 'recording_not_ready']);
  assert.equal(soon.headers['retry-after'], '2');
  upstream = null;
  assert.equal((await ask(`/api/recordings/${early}.mp3`)).status, 200);
});

test('Twilio gives no good answer: said, and nothing of it passed on', async () => {
  for (const [what, behaviour, detail] of [
    ['an error', (_, r) => r.writeHead(500).end('trace'), /answered 500/],
    ['refused', (_, r) => r.writeHead(403).end('no'), /credentials/],
    ['busy', (_, r) => r.writeHead(429).end(), /answered 429/],
    [
      'a page',
      (_, r) => r.writeHead(200, { 'Content-Type': 'text/html' }).end('<script>1</script>'),
      /answered 200/,
    ],
    ['elsewhere', (_, r) => r.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(), /302/],
    ['hung up', (q) => q.socket.destroy(), /cannot be reached/],
    ['silence', () => {}, /cannot be reached/],
  ]) {
    upstream = behaviour;
    const { status, json, ms } = await ask(url);
    assert.deepEqual([status, json.code], [502, 'upstream_failed'], what);
    assert.match(json.detail, detail, what);
    assert.ok(ms < 5000, what);
  }
  upstream = null;
  assert.equal((await ask(url)).status, 200);
});

test('a body that breaks off is not taken for the whole', async () => {
  upstream = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '100000' });
    response.write(Buffer.alloc(60_000));
    setTimeout(() => response.destroy(), 50);
  };
  const began = performance.now();
  await assert.rejects(ask(url), /aborted|hang up|ended/i);
  assert.ok(performance.now() - began < 10_000, 'the client is told at once');
  upstream = null;
  assert.equal((await ask(url)).status, 200, 'the worker goes on');
});

test('a body that stands still is given up, and the worker lives on', async () => {
  const pids = () => stack.log().filter(({ ev }) => ev === 'worker_hung' || ev === 'worker_died');
  upstream = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '9000' });
    response.write(Buffer.alloc(1000));
  };
  const began = performance.now();
  await assert.rejects(ask(url), /aborted|hang up|ended/i);
  assert.ok(performance.now() - began < 4500);
  upstream = null;
  assert.equal((await ask(url)).status, 200);
  assert.deepEqual(pids(), []);
});

test('with If-Range, and for HEAD, it is the whole that is told', async () => {
  const headers = { Range: 'bytes=0-9', 'If-Range': '"x"' };
  assert.equal((await ask(url, { headers })).status, 200);
  const head = await ask(url, { method: 'HEAD', headers: { Range: 'bytes=0-9' } });
  assert.equal(head.status, 200);
});

test('a slow body outlives the deadline of a request that is stuck', async () => {
  upstream = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': '9000' });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(Buffer.alloc(1000));
      sent += 1;
      if (sent === 9) clearInterval(timer);
    }, 700);
  };
  const { status, bytes, ms } = await ask(url);
  assert.deepEqual([status, bytes.length], [200, 9000]);
  assert.ok(ms > 5500, `${ms} ms`);
  upstream = null;
});

test('with an API key, that alone is used', async () => {
  await stack.down();
  stack.env.TWILIO_API_KEY = KEY.sid;
  stack.env.TWILIO_API_SECRET = KEY.secret;
  await stack.up();
  asked.length = 0;
  assert.equal((await ask(url)).status, 200);
  assert.equal(asked.length, 1);
  assert.equal(
    Buffer.from(asked[0].headers.authorization.slice(6), 'base64').toString(),
    `${KEY.sid}:${KEY.secret}`,
  );
  const log = JSON.stringify(stack.log());
  assert.ok(!log.includes(KEY.secret));
});
