import assert from 'node:assert/strict';
import test from 'node:test';
import { STORIES, valueOf } from './index.js';
import {
  ACCOUNT,
  CALLER,
  kinds,
  networkFor,
  said,
  withMainline,
  withRoutes,
} from './testing/network.js';
import { COLLEAGUE, LINE } from './testing/fake-mainline.js';
import { twiml } from './testing/fake-server.js';

const STANDARD = [
  'AccountSid',
  'ApiVersion',
  'CallSid',
  'CallStatus',
  'Direction',
  'From',
  'To',
  'Caller',
  'Called',
  ...['From', 'To', 'Caller', 'Called'].flatMap((who) =>
    ['City', 'State', 'Zip', 'Country'].map((what) => who + what),
  ),
];
const values = (request) => Object.fromEntries(request.params);

/** Kinds in order, the callbacks apart: they run beside the call. */
function documents(call) {
  return kinds(call).filter((kind) => !['leg', 'status', 'recording'].includes(kind));
}

const PATHS = {
  answered: ['voice', 'gather', 'screen', 'gather', 'dial'],
  not_accepted: ['voice', 'gather', 'screen', 'dial'],
  carrier_voicemail: ['voice', 'gather', 'screen', 'dial', 'record'],
  busy: ['voice', 'gather', 'dial'],
  no_answer: ['voice', 'gather', 'dial', 'record'],
  bad_number: ['voice', 'gather', 'dial'],
  message: ['voice', 'gather', 'record'],
  empty_message: ['voice', 'gather', 'record'],
  hung_up_in_menu: ['voice'],
  hung_up_while_ringing: ['voice', 'gather', 'dial'],
  fallback: ['voice', 'gather', 'fallback', 'record'],
};

for (const story of STORIES) {
  test(`the story ${story.name} asks ${PATHS[story.name].join(', ')} and nothing goes wrong`, async (t) => {
    const { network, call } = await withMainline(t, { people: story.people });
    const told = await call(story);
    assert.deepEqual(documents(told), PATHS[story.name]);
    assert.equal(told.status, story.expect.status);
    assert.deepEqual(network.problems, []);
    assert.equal(told.applicationError, false);
    assert.equal(kinds(told).filter((kind) => kind === 'status').length, 1);
  });
}

test('the first request: every standard parameter, ringing, and the headers', async (t) => {
  const { server, call } = await withMainline(t);
  const told = await call({ caller: [{ hangUp: 1 }] });
  const [asked] = server.asked;
  for (const name of STANDARD) assert.notEqual(asked.value(name), undefined, name);
  assert.equal(asked.value('CallSid'), told.sid);
  assert.match(told.sid, /^CA[0-9a-f]{32}$/);
  assert.equal(asked.value('AccountSid'), ACCOUNT);
  assert.equal(asked.value('CallStatus'), 'ringing');
  assert.equal(asked.value('Direction'), 'inbound');
  assert.equal(asked.value('From'), CALLER);
  assert.equal(asked.value('Caller'), CALLER);
  assert.equal(asked.value('To'), LINE);
  assert.equal(asked.value('StirVerstat'), 'TN-Validation-Passed-A');
  assert.ok(asked.value('CallToken').length > 200);
  assert.equal(asked.value('ParentCallSid'), undefined);
  assert.equal(asked.url, '/twilio/voice?line=%2B15550100001');
  assert.equal(asked.headers['content-type'], 'application/x-www-form-urlencoded; charset=UTF-8');
  assert.equal(asked.headers['user-agent'], 'TwilioProxy/1.1');
  assert.equal(asked.headers['x-home-region'], 'us1');
  assert.match(asked.headers['i-twilio-idempotency-token'], /^[0-9a-f-]{36}$/);
  assert.equal(asked.headers.accept, '*/*');
});

test('the status callback tells how the call ended, when and how long it was', async (t) => {
  const { server, call } = await withRoutes(
    t,
    { '/voice': twiml('<Say>Hello</Say><Pause length="200"/>') },
    { startAt: new Date('2026-11-22T09:00:00Z') },
  );
  await call({ caller: [{ hangUp: 75 }] });
  const [status] = server.of('/status');
  assert.equal(status.value('CallStatus'), 'completed');
  assert.equal(status.value('Direction'), 'inbound');
  assert.equal(status.value('Timestamp'), 'Sun, 22 Nov 2026 09:01:15 +0000');
  assert.equal(status.value('CallDuration'), '75');
  assert.equal(status.value('Duration'), '2');
  assert.equal(status.value('SequenceNumber'), '0');
  assert.equal(status.value('CallbackSource'), 'call-progress-events');
  assert.equal(status.value('SipResponseCode'), '200');
  assert.match(status.body, /Timestamp=Sun%2C%2022%20Nov/);
});

test('a colleague answers: the leg, its progress, and what the action is told', async (t) => {
  const { server, call } = await withMainline(t, {
    people: { [COLLEAGUE]: { does: 'answers', after: 4, talks: 20 } },
  });
  const told = await call({ caller: [{ press: '1' }] });
  const child = told.legs[1];

  const [screen] = server.of('/twilio/screen');
  assert.equal(screen.value('CallSid'), child.sid);
  assert.equal(screen.value('ParentCallSid'), told.sid);
  assert.equal(screen.value('To'), COLLEAGUE);
  assert.equal(screen.value('From'), CALLER);
  assert.equal(screen.value('Direction'), 'outbound-dial');
  assert.equal(screen.value('CallStatus'), 'in-progress');

  const progress = server
    .of('/twilio/leg')
    .map((asked) => [asked.value('CallStatus'), asked.value('SequenceNumber')]);
  assert.deepEqual(progress, [
    ['initiated', '0'],
    ['ringing', '1'],
    ['in-progress', '2'],
    ['completed', '3'],
  ]);
  const last = server.of('/twilio/leg').at(-1);
  assert.equal(last.value('CallDuration'), '22');
  assert.equal(last.value('ParentCallSid'), told.sid);

  const [dial] = server.of('/twilio/dial');
  assert.equal(dial.value('CallSid'), told.sid);
  assert.equal(dial.value('CallStatus'), 'in-progress');
  assert.equal(dial.value('DialCallStatus'), 'completed');
  assert.equal(dial.value('DialBridged'), 'true');
  assert.equal(dial.value('DialCallSid'), child.sid);
  assert.equal(dial.value('DialCallDuration'), '22');
});

test('what the caller heard, with times and what was cut short', async (t) => {
  const { call } = await withMainline(t, {
    people: { '*': { does: 'answers', after: 4, talks: 20 } },
  });
  const { heard } = await call({ caller: [{ press: '1', after: 3 }] });
  assert.deepEqual(
    heard.map(({ kind, s }) => [kind, s]),
    [
      ['say', 0],
      ['ringing', 4],
      ['talking', 10],
    ],
  );
  assert.equal(heard[0].cut, true);
});

test('hanging up while it rings: the leg is canceled, the action told, the answer ignored', async (t) => {
  const { server, call } = await withMainline(t, { people: { '*': { does: 'no-answer' } } });
  const told = await call({ caller: [{ press: '1' }, { hangUp: 5, while: 'ringing' }] });
  const [dial] = server.of('/twilio/dial');
  assert.equal(dial.value('DialCallStatus'), 'canceled');
  assert.equal(dial.value('DialBridged'), 'false');
  assert.equal(dial.value('CallStatus'), 'completed');
  assert.equal(server.of('/twilio/leg').at(-1).value('CallStatus'), 'canceled');
  assert.deepEqual(kinds(told).at(-1), 'status');
  assert.equal(said(told).length, 1);
});

test('hanging up while talking: the action hears of a bridged call', async (t) => {
  const { server, call } = await withMainline(t, {
    people: { '*': { does: 'answers', talks: 500 } },
  });
  await call({ caller: [{ press: '1' }, { hangUp: 12, while: 'talking' }] });
  const [dial] = server.of('/twilio/dial');
  assert.deepEqual(
    ['DialCallStatus', 'DialBridged', 'CallStatus', 'DialCallDuration'].map(dial.value),
    ['completed', 'true', 'completed', '14'],
  );
});

test('a caller who presses nothing hears the menu again, then the voicemail', async (t) => {
  const { server, call } = await withMainline(t);
  const told = await call({ caller: [{ silent: true }, { message: 4 }] });
  assert.equal(server.of('/twilio/voice').length, 3);
  assert.deepEqual(documents(told), ['voice', 'redirect', 'redirect', 'record']);
  assert.equal(server.asked[1].query.get('call'), told.sid);
});

test('a wrong key is a key', async (t) => {
  const { server, call } = await withMainline(t);
  await call({ caller: [{ press: '9' }, { press: '2' }, { hangUp: 1, while: 'tone' }] });
  assert.deepEqual(
    server.of('/twilio/menu').map((asked) => asked.value('Digits')),
    ['9', '2'],
  );
});

test('a step can wait for what is said', async (t) => {
  const { server, call } = await withMainline(t, { people: { '*': { does: 'busy' } } });
  await call({ caller: [{ press: '2', at: 'nothing like this' }] });
  assert.equal(server.of('/twilio/menu').length, 0);
  await call({ caller: [{ press: '2', at: /to leave a message/ }] });
  assert.equal(server.of('/twilio/menu').length, 1);
});

test('a greeting is what is said outside a menu', async (t) => {
  const { call } = await withMainline(t);
  const told = await call({ caller: [{ hangUp: 1, while: 'greeting' }] });
  assert.equal(said(told).at(-1), 'Please leave a message after the tone.');
  assert.equal(told.heard.at(-1).cut, true);
});

test('callers of every kind: anonymous, client:, sip:, nobody', async (t) => {
  const { server, network, call } = await withMainline(t);
  for (const from of ['anonymous', 'client:joe', 'sip:joe@example.com', '']) {
    await call({ from, caller: [{ hangUp: 1 }] });
    const asked = server.of('/twilio/voice').at(-1);
    assert.equal(asked.value('From'), from);
    assert.equal(asked.value('Caller'), from);
    assert.equal(asked.value('StirVerstat'), undefined);
  }
  assert.equal(server.of('/twilio/voice')[0].value('FromCity'), '');
  assert.equal(server.of('/twilio/voice')[1].value('FromCity'), undefined);
  assert.deepEqual(network.problems, []);
});

test('further parameters come with the inbound leg', async (t) => {
  const { server, call } = await withMainline(t);
  await call({
    params: { CallerName: 'J. Doe', AddOns: '{"status":"successful"}' },
    caller: [{ hangUp: 1 }],
  });
  assert.equal(server.asked[0].value('CallerName'), 'J. Doe');
  assert.equal(server.of('/twilio/status')[0].value('AddOns'), '{"status":"successful"}');
});

test('the same seed gives the same call, another seed another', async (t) => {
  const shape = async (seed) => {
    const { call } = await withMainline(t, {
      seed,
      startAt: new Date('2026-11-22T09:00:00Z'),
      people: { '*': { does: 'answers' } },
    });
    const told = await call({ caller: [{ press: '1' }] });
    return told.requests.map(({ kind, params, headers }) => [
      kind,
      params,
      headers['I-Twilio-Idempotency-Token'],
    ]);
  };
  const sorted = (list) => list.map((item) => JSON.stringify(item)).sort();
  assert.deepEqual(sorted(await shape(3)), sorted(await shape(3)));
  assert.notDeepEqual(sorted(await shape(3)), sorted(await shape(4)));
});

test('many calls at once do not mix', async (t) => {
  const { server, network } = await withMainline(t, { people: { '*': { does: 'answers' } } });
  const calls = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      network.call({
        from: `+1555012${String(i).padStart(4, '0')}`,
        to: LINE,
        caller: [{ press: '12'[i % 2] }, { message: 3 }],
        startsAfter: i / 10,
      }),
    ),
  );
  assert.equal(new Set(calls.map((call) => call.sid)).size, 50);
  for (const call of calls) {
    assert.ok(call.requests.every((request) => request.callSid === call.sid));
    assert.equal(kinds(call).filter((kind) => kind === 'status').length, 1);
  }
  assert.equal(server.of('/twilio/dial').length, 25);
  assert.deepEqual(network.problems, []);
});

test('Reject turns a call away unanswered, and only as the first verb', async (t) => {
  const first = await withRoutes(t, { '/voice': twiml('<Reject reason="busy"/>') });
  const turned = await first.call();
  assert.equal(turned.status, 'busy');
  assert.equal(first.server.of('/status')[0].value('CallDuration'), '0');
  const later = await withRoutes(t, { '/voice': twiml('<Say>Hello</Say><Reject/>') });
  assert.equal((await later.call()).status, 'completed');
});

test('Reject without a reason is no-answer', async (t) => {
  const { server, call } = await withRoutes(t, { '/voice': twiml('<Reject/>') });
  assert.equal((await call()).status, 'no-answer');
  assert.equal(server.of('/status')[0].value('CallStatus'), 'no-answer');
});

test('a caller who hangs up before the call was answered ends it as no-answer', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': twiml('<Pause length="20"/><Say>Hello</Say>'),
  });
  assert.equal((await call({ caller: [{ hangUp: 5 }] })).status, 'no-answer');
  assert.equal(server.of('/status')[0].value('CallDuration'), '0');
});

test('a document that ends hangs up; an empty one does so at once', async (t) => {
  const { server, call } = await withRoutes(t, { '/voice': twiml('') });
  const told = await call();
  assert.equal(told.status, 'completed');
  assert.deepEqual(
    server.asked.map(({ path }) => path),
    ['/voice', '/status'],
  );
});

test('Play fetches its audio, and lasts as long as that', async (t) => {
  const { wav } = await import('./rest/audio.js');
  const { server, call } = await withRoutes(t, {
    '/voice': twiml('<Play loop="2">/greeting.wav</Play><Play>/missing.wav</Play>'),
    '/greeting.wav': { body: wav(3), headers: { 'Content-Type': 'audio/x-wav' } },
  });
  const told = await call();
  assert.equal(server.of('/greeting.wav')[0].method, 'GET');
  assert.equal(server.of('/greeting.wav')[0].url, '/greeting.wav');
  assert.deepEqual(
    told.problems.map(({ code }) => code),
    [11200],
  );
  assert.equal(told.heard.at(-1).s, 6);
});

test('Play can be keys, which take half a second each', async (t) => {
  const { call } = await withRoutes(t, {
    '/voice': twiml('<Play digits="ww12"/><Say>After</Say>'),
  });
  assert.deepEqual(
    (await call()).heard.map(({ kind, s }) => [kind, s]),
    [
      ['play', 0],
      ['say', 2],
    ],
  );
});

test('a person can be a function, and a caller too', async (t) => {
  const { server, call } = await withMainline(t, {
    people: {
      '*': async (leg) => {
        leg.ring();
        await leg.wait(2);
        leg.answer();
        await leg.next(['gather']);
        leg.press('5');
        await leg.next(['talking']);
        await leg.wait(3);
        leg.hangUp();
      },
    },
  });
  await call({
    caller: async (leg) => {
      await leg.next(['gather']);
      leg.press('1');
    },
  });
  assert.equal(server.of('/twilio/dial')[0].value('DialBridged'), 'true');
  assert.equal(server.of('/twilio/screen-key')[0].value('Digits'), '5');
});

test('a mistake in a script is told, not swallowed', async (t) => {
  const { call } = await withMainline(t);
  await assert.rejects(async () => call({ caller: [{ pres: '1' }] }), /does one thing/);
  await assert.rejects(async () => call({ caller: [{ hangUp: 1, while: 'lunch' }] }), /no moment/);
  await assert.rejects(async () => call({ to: '+15550100999' }), /not a number of this network/);
  await assert.rejects(
    call({
      caller: async () => {
        throw new Error('in the script');
      },
    }),
    /in the script/,
  );
  const network = networkFor(t, { numbers: {}, people: { '*': { does: 'sings' } } });
  assert.throws(() => network.personAt('+15550100777'), /nobody "sings"/);
});

test('a request is recorded with its params, its answer and its time', async (t) => {
  const { call } = await withMainline(t);
  const [request] = (await call({ caller: [{ hangUp: 1 }] })).requests;
  assert.equal(request.kind, 'voice');
  assert.equal(request.method, 'POST');
  assert.equal(request.attempt, 0);
  assert.equal(valueOf(request.params, 'CallStatus'), 'ringing');
  assert.equal(request.response.status, 200);
  assert.match(request.response.body.toString(), /<Gather/);
  assert.ok(request.response.ms > 0);
  assert.equal(values(request).To, LINE);
});
