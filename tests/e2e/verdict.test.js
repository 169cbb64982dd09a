// Calls that no story tells: what they are taken for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack } from './support/stack.js';
import { inbound, post, sid } from './support/webhook.js';

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.close());

/** One call's requests by hand; `call.ask(route, state, params)` posts one. */
function begin() {
  const params = inbound(stack);
  const line = encodeURIComponent(stack.line);
  const leg = sid('CA');
  return {
    sid: params.CallSid,
    leg,
    ask: async (route, state, changes = {}) => {
      const query = state ? `&call=${params.CallSid}&v=0${state}` : '';
      const answer = await post(stack, `/twilio/${route}?line=${line}${query}`, {
        ...params,
        ...changes,
      });
      assert.ok([200, 204].includes(answer.status), `${route}: ${answer.status}`);
      return answer.body;
    },
  };
}

const ofLeg = (call, changes) => ({
  CallSid: call.leg,
  ParentCallSid: call.sid,
  Direction: 'outbound-dial',
  CallStatus: 'in-progress',
  ...changes,
});
const ENDED = { CallStatus: 'completed', CallDuration: '20' };
const verdict = ({ outcome, reason }) => [outcome, reason];

async function rung() {
  const call = begin();
  await call.ask('voice', '');
  await call.ask('menu', '&step=welcome&try=1&n=2', { Digits: '1', CallStatus: 'in-progress' });
  return call;
}

const accept = (call) =>
  call.ask('screen-key', '&step=office&phone=reception&n=4', ofLeg(call, { Digits: '5' }));

test('a key was pressed, and Twilio says that they were not connected', async () => {
  for (const DialCallStatus of ['completed', 'canceled']) {
    const call = await rung();
    await accept(call);
    const dialled = { DialCallStatus, DialBridged: 'false', CallStatus: 'completed' };
    await call.ask('dial', '&step=office&n=3', dialled);
    await call.ask('status', '', ENDED);
    const record = await stack.api.call(call.sid);
    assert.deepEqual(verdict(record), ['abandoned', 'hung_up_while_ringing']);
  }
});

test('a key was pressed, they were not connected, and a message was left', async () => {
  const call = await rung();
  await accept(call);
  const going = { CallStatus: 'in-progress' };
  const dialled = { DialCallStatus: 'completed', DialBridged: 'false', ...going };
  await call.ask('dial', '&step=office&n=3', dialled);
  await call.ask('voicemail', '&step=message&n=4', {
    RecordingSid: sid('RE'),
    RecordingDuration: '15',
    ...going,
  });
  await call.ask('status', '', ENDED);
  assert.deepEqual(verdict(await stack.api.call(call.sid)), ['voicemail', 'message_left']);
});

test('a key was pressed, and what became of it was lost', async () => {
  const call = await rung();
  await accept(call);
  await call.ask('status', '', ENDED);
  assert.deepEqual(verdict(await stack.api.call(call.sid)), ['answered', 'bridged']);
});

test('a key on a leg that is over takes nothing', async () => {
  for (const changes of [{ Digits: '5', CallStatus: 'canceled' }, { Digits: 'hangup' }]) {
    const call = await rung();
    const heard = await call.ask(
      'screen-key',
      '&step=office&phone=reception&n=4',
      ofLeg(call, changes),
    );
    assert.match(heard, /<Hangup\/>/);
    await call.ask('status', '', ENDED);
    const record = await stack.api.call(call.sid);
    assert.deepEqual(verdict(record), ['abandoned', 'hung_up_while_ringing']);
  }
});

test('a call that came from another call is a call of its own', async () => {
  const call = begin();
  const parent = { ParentCallSid: sid('CA') };
  await call.ask('voice', '', parent);
  await call.ask('status', '', { ...ENDED, ...parent });
  const record = await stack.api.call(call.sid);
  assert.equal(record.status, 'completed');
  assert.equal((await stack.api.request(`/api/calls/${parent.ParentCallSid}`)).status, 404);
});

test('a fallback whose ErrorUrl has connection overrides goes on on its line', async () => {
  const call = begin();
  const url = `${stack.publicUrl}/twilio/voice?line=${encodeURIComponent(stack.line)}#rc=2&rp=all`;
  const heard = await call.ask('fallback', '', { ErrorUrl: url, ErrorCode: '11200' });
  assert.match(heard, /Press 1/);
  assert.ok(!heard.includes('%23'), heard);
  assert.equal((await stack.api.call(call.sid)).line, stack.line);
});

test('bulky values never keep the feed or a call from being read', async () => {
  const bulky = '\u0001'.repeat(4000);
  const calls = Array.from({ length: 60 }, begin);
  const names = { CallerName: bulky, FromCity: bulky, FromState: bulky, FromCountry: bulky };
  for (const call of calls) await call.ask('voice', '', names);
  const page = await stack.api.get('/api/calls?limit=200');
  assert.ok(page.calls.length >= 60);
  const [call] = calls;
  for (let i = 0; i < 20; i += 1)
    await call.ask('leg', '&step=office&phone=reception&n=3', {
      ...ofLeg(call, { SequenceNumber: String(i) }),
      Filler: '\u0001'.repeat(19_000),
    });
  const detail = await stack.api.call(call.sid);
  assert.equal(detail.events.length, 21);
  assert.equal(detail.events_omitted, 0);
  for (let i = 20; i < 60; i += 1)
    await call.ask('leg', '&step=office&phone=reception&n=3', {
      ...ofLeg(call, { SequenceNumber: String(i) }),
      Filler: '\u0001'.repeat(19_000),
    });
  const much = await stack.api.call(call.sid);
  assert.ok(much.events_omitted > 0);
  assert.equal(much.events.length + much.events_omitted, 61);
});
