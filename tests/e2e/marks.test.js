// PATCH /api/calls/{sid} and PATCH /api/calls: heard, done and a note; GET /api/lines.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack } from './support/stack.js';
import { inbound, post, sid } from './support/webhook.js';

/** @type {Stack} */
let stack;
let network;
let reader;
let agent;
let message;
let missed;

async function token(name, scope) {
  const made = await stack.mainline(['token', 'add', '--name', name, '--scope', scope]);
  assert.equal(made.code, 0, made.err);
  return made.out.trim();
}

const leaveMessage = (from) =>
  network.call({ from, to: stack.line, caller: [{ press: '2' }, { message: 8 }] });
const hangUp = (from) =>
  network.call({ from, to: stack.line, caller: [{ hangUp: 1, while: 'prompt' }] });

before(async () => {
  stack = await Stack.start();
  network = stack.network({ people: { '*': { does: 'busy' } } });
  reader = await token('Rita', 'read,audio');
  agent = await token('Nora', 'read,audio,mark');
  message = (await leaveMessage('+15550001001')).sid;
  missed = (await hangUp('+15550001002')).sid;
});
after(async () => {
  await network.close();
  await stack.close();
});

const patch = (path, body, options = {}) =>
  stack.api.request(path, {
    method: 'PATCH',
    token: agent,
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    ...options,
    headers: { 'Content-Type': 'application/json', ...options.headers },
  });

async function mark(call, body) {
  const { status, json, body: text } = await patch(`/api/calls/${call}`, body);
  assert.equal(status, 200, text);
  return json;
}

const listed = async (call) =>
  (await stack.api.get('/api/calls')).calls.find((each) => each.sid === call);

test('a message is marked as heard, and the first time stays', async () => {
  const before_ = await stack.api.call(message);
  assert.equal(before_.voicemail.heard_at, null);
  const heard = await mark(message, { heard: true });
  assert.ok(Math.abs(Date.parse(heard.voicemail.heard_at) - Date.now()) < 60_000);
  assert.ok(heard.updated_at > before_.updated_at);
  assert.deepEqual(heard, await listed(message));
  assert.deepEqual(await mark(message, { heard: true }), heard);
  const not = await mark(message, { heard: false });
  assert.equal(not.voicemail.heard_at, null);
  assert.ok(not.updated_at > heard.updated_at);
  const again = await mark(message, { heard: true });
  assert.ok(again.voicemail.heard_at > heard.voicemail.heard_at);
});

test('done and a note, each by itself', async () => {
  const done = await mark(missed, { done: true });
  assert.ok(done.done_at);
  const note = 'Called back.\n\tWants “Zoë” — 📞';
  const noted = await mark(missed, { note });
  assert.deepEqual([noted.note, noted.done_at], [note, done.done_at]);
  assert.equal((await stack.api.call(missed)).note, note);
  const open = await mark(missed, { done: false });
  assert.deepEqual([open.note, open.done_at], [note, null]);
  assert.equal((await mark(missed, { note: '' })).note, null);
  await mark(missed, { note, done: true });
  assert.equal((await mark(missed, { note: null })).note, null);
  assert.ok((await stack.api.call(missed)).done_at);
});

test('a note of 2,000 characters, however many bytes they have', async () => {
  for (const character of ['x', 'é', '📞']) {
    const note = character.repeat(2000);
    assert.equal((await mark(missed, { note })).note, note);
    const { status, json } = await patch(`/api/calls/${missed}`, { note: `${note}x` });
    assert.deepEqual([status, json.code], [400, 'bad_body']);
    assert.match(json.detail, /note has 2001 characters; shorten it to at most 2000/);
  }
  await mark(missed, { note: null });
});

test('where there is no message nothing was heard', async () => {
  const { status, json } = await patch(`/api/calls/${missed}`, { heard: true, note: 'x' });
  assert.deepEqual([status, json.code], [400, 'bad_body']);
  assert.match(json.detail, /no message in this call/);
  assert.equal((await stack.api.call(missed)).note, null);
  assert.equal((await mark(missed, { heard: false })).voicemail, null);
});

test('many at once: what has a message is heard, all are done', async () => {
  await mark(message, { heard: false, done: false });
  await mark(missed, { done: false });
  const sids = [missed, message];
  const { status, json } = await patch('/api/calls', { sids, heard: true, done: true });
  assert.equal(status, 200);
  assert.deepEqual(
    json.calls.map((call) => call.sid),
    [missed, message],
  );
  assert.ok(json.calls[1].voicemail.heard_at);
  for (const call of json.calls) {
    assert.ok(call.done_at);
    assert.deepEqual(call, await listed(call.sid));
  }
  const [{ heard_at: heard }] = await stack.sql('SELECT heard_at FROM calls WHERE sid = $1', [
    missed,
  ]);
  assert.equal(heard, null);
  const again = await patch('/api/calls', { sids, heard: true, done: true });
  assert.deepEqual(again.json, json);
});

test('all of them or none', async () => {
  await mark(message, { heard: false, done: false });
  const { status, json } = await patch('/api/calls', { sids: [message, sid('CA')], done: true });
  assert.deepEqual([status, json.code], [404, 'no_such_call']);
  assert.equal((await stack.api.call(message)).done_at, null);
});

test('200 at once', async () => {
  const sids = [];
  for (let i = 0; i < 198; i++) {
    const params = inbound(stack, { CallStatus: 'ringing' });
    await post(stack, `/twilio/voice?line=${encodeURIComponent(stack.line)}`, params);
    sids.push(params.CallSid);
  }
  const all = { sids: [...sids, message, missed], done: true };
  const { status, json, body } = await patch('/api/calls', all);
  assert.equal(status, 200, body);
  assert.equal(json.calls.length, 200);
  assert.ok(json.calls.every((call) => call.done_at));
  const more = await patch('/api/calls', { sids: [...all.sids, sid('CA')], done: true });
  assert.equal(more.status, 400);
  assert.match(more.json.detail, /over 200/);
});

test('many people at once, while the calls go on', async () => {
  const line = encodeURIComponent(stack.line);
  const calls = Array.from({ length: 60 }, () => inbound(stack));
  await Promise.all(calls.map((params) => post(stack, `/twilio/voice?line=${line}`, params)));
  const sids = calls.map(({ CallSid }) => CallSid);
  const shuffled = () => sids.toSorted(() => Math.random() - 0.5);
  const began = performance.now();
  const answers = await Promise.all([
    ...Array.from({ length: 24 }, (_, i) =>
      patch('/api/calls', { sids: shuffled(), done: i % 2 === 0 }),
    ),
    ...calls.flatMap((params) =>
      ['in-progress', 'completed'].map((CallStatus) =>
        post(stack, `/twilio/status?line=${line}`, { ...params, CallStatus, CallDuration: '3' }),
      ),
    ),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [...Array(24).fill(200), ...Array(120).fill(204)],
  );
  assert.ok(performance.now() - began < 5000);
  const deadlocks = stack.log().filter((entry) => JSON.stringify(entry).includes('40P01'));
  assert.deepEqual(deadlocks, []);
  await patch('/api/calls', { sids, done: true });
  for (const each of sids.slice(0, 5)) {
    const { status, done_at: done } = await stack.api.call(each);
    assert.equal(status, 'completed');
    assert.ok(done);
  }
});

test('what comes later, and a rebuild, leave the marks alone', async () => {
  const params = inbound(stack, { From: '+15550001003' });
  const line = encodeURIComponent(stack.line);
  assert.equal((await post(stack, `/twilio/voice?line=${line}`, params)).status, 200);
  const marked = await mark(params.CallSid, { done: true, note: 'rings' });
  const ended = await post(stack, `/twilio/status?line=${line}`, {
    ...params,
    CallStatus: 'completed',
    CallDuration: '3',
    Timestamp: new Date().toUTCString(),
  });
  assert.equal(ended.status, 204);
  const then = await stack.api.call(params.CallSid);
  assert.deepEqual([then.done_at, then.note], [marked.done_at, 'rings']);
  assert.equal(then.outcome, 'abandoned');
  const heard = await mark(message, { heard: true });
  const rebuilt = await stack.mainline(['migrate', '--rebuild-calls']);
  assert.equal(rebuilt.code, 0, rebuilt.err);
  assert.deepEqual(await stack.api.call(params.CallSid), then);
  assert.deepEqual((await stack.api.call(message)).voicemail, heard.voicemail);
});

const refusals = [
  ['nothing', '', /there is nothing/],
  ['an open brace', '{', /ends too early/],
  ['no UTF-8', Buffer.from('{"note":"\xff"}', 'latin1'), /is not UTF-8/],
  ['an array', [], /is an array; send an object/],
  ['a string', '"heard"', /is a string; send an object/],
  ['null', 'null', /is null; send an object/],
  ['an empty object', {}, /Nothing is to be marked/],
  ['a member that nobody knows', { heard: true, colour: 'red' }, /"colour" is not known here/],
  ['a member in capitals', { Heard: true }, /"Heard" is not known here/],
  ['sids in one call', { sids: ['x'], done: true }, /"sids" is not known here/],
  ['the same member twice', '{"done":true,"done":false}', /has the key "done" twice/],
  ['heard as a word', { heard: 'true' }, /heard is a string; send true or false/],
  ['heard as a number', { heard: 1 }, /heard is a number/],
  ['heard as null', { heard: null }, /heard is null/],
  ['done as an object', { done: {} }, /done is an object/],
  ['a note of a number', { note: 7 }, /note is a number; send a string/],
  ['a note of a list', { note: ['x'] }, /note is an array/],
  ['a note with a NUL', '{"note":"a\\u0000b"}', /NUL/],
  ['a note with a bell', { note: 'a\u0007b' }, /control character U\+0007/],
  ['a note with a carriage return', { note: 'a\r\nb' }, /control character U\+000D/],
  ['a note with DEL', { note: 'a\u007f' }, /control character U\+007F/],
  ['a note with a C1 control', { note: 'a\u0085' }, /control character U\+0085/],
  ['half a character', '{"note":"\\ud83d"}', /./],
  ['words behind it', '{"done":true} x', /is not JSON here/],
  ['deep nesting', `{"note":${'['.repeat(200)}${']'.repeat(200)}}`, /./],
];
for (const [name, body, detail] of refusals)
  test(`refused: ${name}`, async () => {
    const before_ = await stack.api.call(message);
    const { status, json } = await patch(`/api/calls/${message}`, body);
    assert.deepEqual([status, json.code], [400, 'bad_body']);
    assert.match(json.detail, detail);
    assert.deepEqual(await stack.api.call(message), before_);
  });

for (const [name, body, detail] of [
  ['no sids', { done: true }, /sids is missing; send an array/],
  ['sids of a string', { sids: 'CA', done: true }, /sids is a string/],
  ['no sid', { sids: [], done: true }, /sids is empty/],
  ['a number among them', { sids: [7], done: true }, /sids\[0\] is a number/],
  ['no SID among them', { sids: [sid('CA'), 'CA1'], done: true }, /sids\[1\] is no SID/],
  ['a recording', { sids: [sid('RE')], done: true }, /sids\[0\] is no SID/],
  ['one twice', { sids: Array(2).fill(`CA${'0'.repeat(32)}`), done: true }, /CA0+ twice/],
  ['nothing to mark', { sids: [`CA${'0'.repeat(32)}`] }, /Nothing is to be marked/],
  ['a note for many', { sids: [`CA${'0'.repeat(32)}`], note: 'x' }, /"note" is not known here/],
  ['an empty object', {}, /sids is missing/],
  ['done as a word', { sids: [`CA${'0'.repeat(32)}`], done: 'yes' }, /done is a string/],
])
  test(`refused of many: ${name}`, async () => {
    const { status, json } = await patch('/api/calls', body);
    assert.deepEqual([status, json.code], [400, 'bad_body']);
    assert.match(json.detail, detail);
  });

test('who may not, and what is no call', async () => {
  const path = `/api/calls/${message}`;
  const body = { done: true };
  const none = await patch(path, body, { token: null });
  assert.deepEqual([none.status, none.json.code], [401, 'token_needed']);
  for (const where of [path, '/api/calls']) {
    const lesser = await patch(where, body, { token: reader });
    assert.deepEqual([lesser.status, lesser.json.code], [403, 'scope_missing']);
    assert.match(lesser.json.detail, /mark/);
    const site = await patch(where, body, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    assert.deepEqual([site.status, site.json.code], [403, 'cross_site']);
    const form = await patch(where, 'done=true', { headers: { 'Content-Type': 'text/plain' } });
    assert.deepEqual([form.status, form.json.code], [415, 'not_json']);
    const query = await patch(`${where}?done=true`, body);
    assert.deepEqual([query.status, query.json.code], [400, 'bad_parameter']);
    const large = await patch(where, { note: 'x'.repeat(17 * 1024) });
    assert.deepEqual([large.status, large.json.code], [413, 'body_too_large']);
  }
  for (const name of [sid('CA'), sid('RE'), 'CA1', `${sid('CA')}0`]) {
    const { status, json } = await patch(`/api/calls/${name}`, body);
    assert.deepEqual([status, json.code], [404, 'no_such_call'], name);
  }
  assert.equal((await patch(path, body, { token: stack.token })).status, 200);
});

test('who may mark calls and not read them is told of none', async () => {
  const robot = await token('robot', 'mark');
  const one = await patch(`/api/calls/${missed}`, { note: 'seen' }, { token: robot });
  const many = await patch('/api/calls', { sids: [missed], done: true }, { token: robot });
  for (const { status, body } of [one, many]) assert.deepEqual([status, body], [204, '']);
  const { note, done_at: done } = await stack.api.call(missed);
  assert.equal(note, 'seen');
  assert.notEqual(done, null);
  await mark(missed, { note: null, done: false });
});

test('the lines: those of the flow with their names, and those that were called', async () => {
  const params = inbound(stack, { To: '+15550100055' });
  assert.equal((await post(stack, '/twilio/voice?line=%2B15550100055', params)).status, 200);
  const { lines } = await stack.api.get('/api/lines', { token: reader });
  const numbers = lines.map(({ line }) => line);
  assert.deepEqual(numbers, [...new Set(numbers)].sort());
  assert.ok(numbers.includes(stack.line));
  assert.deepEqual(
    lines.find(({ line }) => line === '+15550100055'),
    { line: '+15550100055', name: null },
  );
  const { status } = await stack.api.request('/api/lines', { token: null });
  assert.equal(status, 401);
});
