// The page with the keypad: the calls that it plays, and its pure parts.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import { Account } from './account.js';
import { Clock } from './clock.js';
import { filesOf, isSpeech, trimmed } from './keypad/audio.js';
import { fileAt } from './keypad/files.js';
import { Resampler } from './keypad/page/resample.js';
import { after, IDLE } from './keypad/page/state.js';
import { clock, lineOf, OUTCOMES, reasonOf, stateWords } from './keypad/page/words.js';
import { KeypadServer } from './keypad/server.js';
import { Chance } from './random.js';
import { COLLEAGUE, LINE } from './testing/fake-mainline.js';
import { ACCOUNT } from './testing/network.js';
import { stackFolder } from './testing/stack.js';

const ANSWERED = { outcome: 'answered', reason: 'bridged', forwarded_to: 'Reception' };
const FROM = '+15550123456';
/** 0.25 s of a tone, or of nothing. */
const piece = (level, samples = 2000) =>
  Int16Array.from({ length: samples }, (_, i) => level * Math.sin((2 * Math.PI * 440 * i) / 8000));

/** The server on a socket, and a page that plays calls on it. */
async function served(t, call = ANSWERED) {
  const { data, server: mainline, close } = await stackFolder(call);
  const server = new KeypadServer(data);
  const socketPath = join(data, 'keypad.sock');
  await server.listen(socketPath);
  t.after(async () => {
    await server.close();
    await close();
  });
  const request = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const asked = http.request({ socketPath, method, path, headers: { Host: 'h', ...headers } });
      asked.on('response', resolve).on('error', reject).end(body);
    });
  const post = async (path, body, type = 'application/json') => {
    const sent = Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const headers = { 'Content-Type': type, 'Sec-Fetch-Site': 'same-origin' };
    const answer = await request('POST', path, sent, headers);
    const chunks = await answer.toArray();
    const text = Buffer.concat(chunks).toString();
    return { status: answer.statusCode, json: text === '' ? null : JSON.parse(text) };
  };
  return { data, mainline, server, request, post };
}

/** One who calls, and looks on. */
async function caller({ request, post }, lastEventId) {
  const { json } = await post('/keypad/calls', { from: FROM });
  const at = (deed) => `/keypad/calls/${json.id}/${deed}`;
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const events = await request('GET', at('events'), undefined, headers);
  const happened = [];
  let wake = () => {};
  let text = '';
  events.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    const whole = text.split('\n\n');
    text = whole.pop();
    happened.push(
      ...whole
        .map((one) => /^data: (.+)$/m.exec(one))
        .flatMap((one) => (one ? [JSON.parse(one[1])] : [])),
    );
    wake();
  });
  events.on('error', () => {});
  const until = async (isIt) => {
    const late = AbortSignal.timeout(20_000);
    for (;;) {
      const one = happened.find(isIt);
      if (one) return one;
      if (late.aborted) throw new Error(`never: ${JSON.stringify(happened)}`);
      await Promise.race([new Promise((resolve) => (wake = resolve)), wait(500)]);
    }
  };
  return {
    ...json,
    events,
    happened,
    until: (kind) => until((one) => (typeof kind === 'string' ? one.kind === kind : kind(one))),
    do: (deed, body = {}, type = undefined) => post(at(deed), body, type),
  };
}

test('a call is played: the menu, a key, a colleague who answers, the end', async (t) => {
  const keypad = await served(t);
  const call = await caller(keypad);
  assert.equal((await call.until('say')).text.slice(0, 9), 'Thank you');
  assert.equal((await call.do('key', { key: '1' })).status, 204);
  const { leg, number, ring_s: ringS } = await call.until('ringing');
  assert.deepEqual([number, ringS], [COLLEAGUE, 30]);
  assert.equal((await call.until('name')).name, 'Reception');
  assert.equal((await call.do('colleague', { leg, does: 'answer' })).status, 204);
  assert.equal((await call.do('colleague', { leg, does: 'busy' })).status, 409);
  await call.until('talking');
  await call.do('colleague', { leg, does: 'hang-up' });
  assert.equal((await call.until('outcome')).call.outcome, 'answered');
  const { mainline, data } = keypad;
  assert.equal(mainline.of('/twilio/dial')[0].value('DialBridged'), 'true');
  assert.equal(mainline.of('/twilio/status')[0].value('CallSid'), call.sid);
  assert.ok(
    mainline.asked.every(
      ({ headers, path }) => path.startsWith('/api') || headers['x-twilio-signature'],
    ),
  );
  assert.deepEqual(readdirSync(join(data, 'twilio/calls')).length, 2);
  assert.deepEqual(readdirSync(join(data, 'twilio/keypad')), []);

  const phases = new Set();
  let state = IDLE;
  for (const what of call.happened) {
    state = after(state, what);
    phases.add(state.phase);
    assert.ok(stateWords(state).title.length > 0);
    assert.doesNotMatch(JSON.stringify([stateWords(state), lineOf(what)]), /undefined|NaN/);
  }
  assert.deepEqual(
    [...phases],
    ['calling', 'menu', 'waiting', 'ringing', 'asked', 'talking', 'over'],
  );
  assert.equal(stateWords(state).title, 'Answered.');
});

test('what the microphone heard is the recording', async (t) => {
  const keypad = await served(t, { outcome: 'voicemail', reason: 'message_left' });
  const call = await caller(keypad);
  await call.until('say');
  assert.equal((await call.do('sample')).status, 409, 'nobody records yet');
  await call.do('key', { key: '2' });
  await call.until('tone');
  const sound = Buffer.from(piece(8000).buffer);
  for (let i = 0; i < 12; i += 1) {
    await call.do('sound', sound, 'application/octet-stream');
    await wait(250);
  }
  await call.do('key', { key: '#' });
  const { spoken } = await call.until('recorded');
  assert.ok(spoken > 2.5, `${spoken} s of speech`);
  await call.until('outcome');
  const folder = join(keypad.data, 'twilio/audio');
  const [mp3, wav] = readdirSync(folder).sort();
  assert.equal(readFileSync(join(folder, wav)).length, 44 + 12 * 4000);
  assert.ok(Math.abs(readFileSync(join(folder, mp3)).length - 12000) < 1000);
  const told = keypad.mainline.of('/twilio/recording').at(-1);
  assert.equal(told.value('RecordingStatus'), 'completed');
  assert.equal(told.value('RecordingDuration'), '3');
});

test('a page that is gone without a word ends its call, one that comes back does not', async (t) => {
  const keypad = await served(t);
  const call = await caller(keypad);
  await call.until('say');
  call.events.destroy();
  await wait(1500);
  const back = await keypad.request('GET', `/keypad/calls/${call.id}/events`, undefined, {
    'Last-Event-ID': String(call.happened.at(-1).n),
  });
  await wait(2500);
  assert.equal(keypad.mainline.of('/twilio/status').length, 0);
  back.destroy();
  await wait(4000);
  assert.equal(keypad.mainline.of('/twilio/status').length, 1);
});

test('calls that a killed simulator left are ended, in the rows and at the server', async (t) => {
  const keypad = await served(t);
  const call = await caller(keypad);
  await call.until('say');
  const account = new Account({
    sid: ACCOUNT,
    chance: new Chance(1),
    apiUrl: '',
    clock: new Clock(),
    saveTo: join(keypad.data, 'twilio'),
  });
  const next = new KeypadServer(keypad.data);
  await next.endLeft(account);
  assert.equal(account.calls.get(call.sid).status, 'completed');
  const [told] = keypad.mainline.of('/twilio/status');
  assert.deepEqual(
    ['CallSid', 'CallStatus', 'From', 'To'].map((name) => told.value(name)),
    [call.sid, 'completed', FROM, LINE],
  );
  await next.endLeft(account);
  assert.equal(keypad.mainline.of('/twilio/status').length, 1, 'once');
});

test('without a stack a call is refused in words', async (t) => {
  const keypad = await served(t);
  await keypad.mainline.close();
  const { status, json } = await keypad.post('/keypad/calls', { from: FROM });
  assert.equal(status, 503);
  assert.match(json.detail, /not running/);
});

test('whatever the page asks for is served, and nothing else', () => {
  const asked = new Set(['/keypad/']);
  for (const path of asked) {
    const file = fileAt(path);
    assert.ok(file !== null, path);
    const text = file.body.toString();
    for (const [, name] of text.matchAll(/from '\.\/([a-z-]+\.js)'/g)) asked.add(`/keypad/${name}`);
    for (const [, name] of text.matchAll(/["'](\/keypad\/[a-z-]+\.[a-z]+)["']/g)) asked.add(name);
  }
  assert.ok(asked.size > 10);
  for (const path of ['/keypad/server.js', '/keypad/constructor', '/keypad/../call.js', '/', ''])
    assert.equal(fileAt(path), null, path);
  const page = readdirSync(new URL('keypad/page/', import.meta.url));
  assert.ok(page.every((name) => name === 'index.html' || asked.has(`/keypad/${name}`)));
  assert.ok(existsSync(new URL('../../web/src/icon.svg', import.meta.url)));
});

test('every reason and outcome of the API has its words', () => {
  const text = readFileSync(new URL('../../openapi/mainline.yaml', import.meta.url), 'utf8');
  const { schemas } = parse(text).components;
  for (const reason of schemas.Reason.enum.filter((one) => one !== 'unknown'))
    assert.notEqual(reasonOf({ reason, forwarded_to: null, menu_key: null }), '', reason);
  assert.deepEqual(
    Object.keys(OUTCOMES).sort(),
    schemas.Outcome.enum.filter((one) => one !== null).sort(),
  );
});

test('what is told after the end does not begin the call anew', () => {
  const told = [
    { kind: 'calling', s: 0 },
    { kind: 'tone', s: 3 },
    { kind: 'hang-up', why: 'person', s: 7 },
    { kind: 'ended', status: 'completed', s: 7 },
  ];
  const over = told.reduce(after, IDLE);
  for (const kind of ['recorded', 'say', 'gather-end', 'talking', 'name', 'problem'])
    assert.equal(after(over, { kind, s: 8 }).phase, 'over', kind);
  assert.equal(after(over, { kind: 'ringing', leg: 1, number: COLLEAGUE, s: 8 }).phase, 'over');
  assert.equal(after(over, { kind: 'calling', s: 0 }).since, 7);
});

test('each way to end has its word in the state line', () => {
  const over = (changes) => stateWords({ ...IDLE, phase: 'over', ...changes });
  for (const [changes, title] of [
    [{ ended: 'busy' }, 'The line is busy.'],
    [{ ended: 'no-answer' }, 'The call was not taken.'],
    [{ ended: 'completed', hungUpBy: 'person' }, 'You hung up.'],
    [{ ended: 'completed' }, 'The call has ended.'],
    [{ outcome: { outcome: 'missed', reason: 'busy' } }, 'Missed.'],
  ])
    assert.equal(over(changes).title, title);
  assert.equal(clock(69.9), '1:09');
});

test('audio: speech is told from silence, silence is trimmed, files have the right length', () => {
  assert.ok(isSpeech(piece(3000)));
  assert.ok(!isSpeech(piece(100)));
  const silence = piece(0, 16_000);
  const all = Int16Array.from([...silence, ...piece(3000, 8000), ...silence]);
  assert.equal(trimmed(all).length, 8000 + 2 * 2000);
  assert.equal(trimmed(silence).length, 0);
  assert.equal(filesOf([silence], true), null);
  const { seconds, wav, mp3 } = filesOf([piece(3000, 8000), piece(3000, 8000)], false);
  assert.equal(seconds, 2);
  assert.equal(wav.length, 44 + 32_000);
  assert.equal(mp3.readUInt16BE(0) & 0xffe0, 0xffe0);
});

test('resampling: a tone keeps its pitch and its length at every rate', () => {
  for (const rate of [8000, 16_000, 44_100, 48_000]) {
    const resampler = new Resampler(rate);
    const out = [];
    const tone = Float32Array.from(
      { length: rate },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 400 * i) / rate),
    );
    for (let at = 0; at < rate; at += 128) out.push(...resampler.add(tone.subarray(at, at + 128)));
    assert.ok(Math.abs(out.length - 8000) <= 1, `${rate}: ${out.length}`);
    const crossings = out.filter((sample, i) => i > 0 && out[i - 1] < 0 && sample >= 0).length;
    assert.ok(Math.abs(crossings - 400) <= 1, `${rate}: ${crossings}`);
    assert.ok(Math.max(...out) > 14_000, String(rate));
  }
});
