import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { mp3, wav } from './rest/audio.js';
import { LINE } from './testing/fake-mainline.js';
import { ACCOUNT, TOKEN } from './testing/network.js';
import { BASE, basic, leavesMessage, served } from './testing/rest.js';

test("media: a WAV and an MP3 of the recording's length, whole or in part", async (t) => {
  const {
    ask,
    told: [
      {
        recordings: [{ sid }],
      },
    ],
  } = await served(t);
  const whole = await ask(`/Recordings/${sid}.wav`);
  assert.equal(whole.headers.get('content-type'), 'audio/x-wav');
  assert.equal(whole.body.readUInt32LE(40) / whole.body.readUInt32LE(28), 12);
  assert.deepEqual((await ask(`/Recordings/${sid}`)).body, whole.body);
  const mpeg = await ask(`/Recordings/${sid}.mp3`);
  assert.equal(mpeg.headers.get('content-type'), 'audio/mpeg');
  assert.ok(Math.abs(mpeg.body.length / 4000 - 12) < 0.05);

  const part = await ask(`/Recordings/${sid}.wav`, { headers: { Range: 'bytes=100-199' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 100-199/${whole.body.length}`);
  assert.deepEqual(part.body, whole.body.subarray(100, 200));
  const frames = await ask(`/Recordings/${sid}.mp3`, { headers: { Range: 'bytes=100-299' } });
  assert.equal(frames.headers.get('content-range'), `bytes 100-299/${mpeg.body.length}`);
  assert.deepEqual(frames.body, mpeg.body.subarray(100, 300));
  const tail = await ask(`/Recordings/${sid}.wav`, { headers: { Range: 'bytes=-10' } });
  assert.deepEqual(tail.body, whole.body.subarray(-10));
  assert.equal(
    (await ask(`/Recordings/${sid}.wav`, { headers: { Range: 'bytes=99999999-' } })).status,
    416,
  );
  assert.equal(
    (await ask(`/Recordings/${sid}.wav`, { method: 'HEAD' })).headers.get('content-length'),
    String(whole.body.length),
  );
  assert.equal((await ask(`/Recordings/${sid}.wav?RequestedChannels=2`)).status, 400);
});

test('media needs credentials only when the account asks for them', async (t) => {
  const {
    network,
    ask,
    told: [
      {
        recordings: [{ sid }],
      },
    ],
  } = await served(t);
  const anyone = { headers: { Authorization: '' } };
  assert.equal((await ask(`/Recordings/${sid}.mp3`, anyone)).status, 200);
  network.rest.authOnMedia = true;
  assert.equal((await ask(`/Recordings/${sid}.mp3`, anyone)).status, 401);
  assert.equal((await ask(`/Recordings/${sid}.mp3`)).status, 200);
  assert.equal((await ask(`/Recordings/${sid}.json`, anyone)).status, 401);
});

test('media is 404 until the recording is completed, and again when it is deleted', async (t) => {
  const { network, ask } = await served(t, []);
  const asking = [];
  network.on('request', ({ request }) => {
    if (!['record', 'recording'].includes(request.kind)) return;
    const { RecordingSid: sid } = Object.fromEntries(request.params);
    asking.push(
      network.clock
        .during(ask(`/Recordings/${sid}.wav`))
        .then(({ status }) => [request.kind, status]),
    );
  });
  const call = await network.call({ from: '+15550123456', to: LINE, caller: leavesMessage });
  assert.deepEqual(await Promise.all(asking), [
    ['recording', 404],
    ['record', 404],
    ['recording', 200],
  ]);

  const { sid } = call.recordings[0];
  const gone = await ask(`/Recordings/${sid}.json`, { method: 'DELETE' });
  assert.deepEqual([gone.status, gone.body.length], [204, 0]);
  assert.equal((await ask(`/Recordings/${sid}.json`, { method: 'DELETE' })).status, 404);
  assert.equal((await ask(`/Recordings/${sid}.json`)).status, 404);
  assert.equal((await ask(`/Recordings/${sid}.wav`)).status, 404);
  assert.equal(
    (await ask(`/Recordings/${sid}.json?IncludeSoftDeleted=true`)).json.status,
    'deleted',
  );
  assert.deepEqual((await ask('/Recordings.json')).json.recordings, []);
});

test('an absent recording says why', async (t) => {
  const {
    ask,
    told: [
      {
        recordings: [{ sid }],
      },
    ],
  } = await served(t, [{ caller: [{ press: '2' }, { message: 0, then: 'silence' }] }]);
  const { json } = await ask(`/Recordings/${sid}.json`);
  assert.deepEqual([json.status, json.error_code, json.duration], ['absent', 16102, null]);
});

test('calls and recordings can be kept in a folder, for another process to serve', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'account-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const {
    told: [call],
  } = await served(t, [{ caller: leavesMessage }], { saveTo: folder });
  assert.deepEqual(readdirSync(join(folder, 'calls')), [`${call.sid}.json`]);
  const { network, ask } = await served(t, [], { saveTo: folder });
  network.account.load();
  assert.equal((await ask(`/Calls/${call.sid}.json`)).json.status, 'completed');
  assert.equal((await ask(`/Recordings/${call.recordings[0].sid}.mp3`)).status, 200);
});

test('serve.js serves what others have placed, also what they place later', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'account-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const args = ['--data', folder, '--account', ACCOUNT, '--api-key', 'SKkey:hush'];
  args.push('--line', '+15550100001', '--public-url', 'https://phone.example.com');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('serve.js', import.meta.url)), ...args],
    { env: { ...process.env, TWILIO_AUTH_TOKEN: TOKEN } },
  );
  t.after(() => child.kill());
  const [line] = await once(child.stdout, 'data');
  const [, origin] = /^ready (\S+)/.exec(line);
  const ask = async (path) => fetch(`${origin}${BASE}${path}`, { headers: basic('SKkey', 'hush') });
  assert.deepEqual((await (await ask('/Calls.json')).json()).calls, []);

  const {
    told: [call],
    network,
  } = await served(t, [{ caller: leavesMessage }], { saveTo: folder });
  assert.deepEqual((await (await ask('/Calls.json')).json()).calls, [
    network.account.calls.get(call.sid),
  ]);
  const media = await ask(`/Recordings/${call.recordings[0].sid}.wav`);
  assert.equal((await media.arrayBuffer()).byteLength, 44 + 12 * 16000);
  const open = await fetch(`${origin}${BASE}/Recordings/${call.recordings[0].sid}.wav`);
  assert.equal(open.status, 401);
  const numbers = (await (await ask('/IncomingPhoneNumbers.json')).json()).incoming_phone_numbers;
  const pointed = numbers.find(({ phone_number }) => phone_number === '+15550100001');
  assert.equal(
    pointed.status_callback,
    'https://phone.example.com/twilio/status?line=%2B15550100001#rc=5&rp=all',
  );
});

test('audio is what it says', () => {
  assert.equal(wav(2).length, 44 + 2 * 16000);
  const tone = mp3(3.6);
  assert.equal(tone.length, 100 * 144);
  for (let at = 0; at < tone.length; at += 144) {
    assert.equal(tone.readUInt32BE(at), 0xfff348c4);
    assert.deepEqual(audioOf(tone.subarray(at)), { borrowed: 0, bits: 310, audible: true });
  }
});

/**
 * What an MPEG-2 layer III frame of one channel says of its audio (ISO 13818-3, 2.4.1.7): what it
 * takes of the frames before, how many bits its audio has, and whether any of it is coefficients.
 */
function audioOf(frame) {
  const side = BigInt(`0x${frame.subarray(4, 13).toString('hex')}`);
  const field = (at, length) =>
    Number((side >> BigInt(72 - at - length)) & ((1n << BigInt(length)) - 1n));
  const [borrowed, bits, bigValues, gain] = [field(0, 8), field(9, 12), field(21, 9), field(30, 8)];
  return { borrowed, bits, audible: bigValues > 0 && gain > 0 };
}
