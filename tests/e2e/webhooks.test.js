// What Twilio's webhooks do with what no well-behaved call would send.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack } from './support/stack.js';
import { assertTwiml } from './support/twiml.js';
import { encode, inbound, post, sid } from './support/webhook.js';

const VOICE = ['voice', 'menu', 'dial', 'screen', 'screen-key', 'voicemail', 'fallback'];
const CALLBACKS = ['status', 'leg', 'recording', 'transcription'];
const OLD = 'old0123456789abcdef0123456789abcd';
const NEW = 'new0123456789abcdef0123456789abcd';

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start({ TWILIO_AUTH_TOKEN: `${OLD}, ${NEW}` });
});
after(() => stack.close());

const events = (callSid) =>
  stack.sql('SELECT kind, n, twiml FROM events WHERE call_sid = $1', [callSid]);
const aside = (text) =>
  stack.sql('SELECT kind, why FROM events_aside WHERE convert_from(body, $2) LIKE $1', [
    `%${text}%`,
    'UTF8',
  ]);
const line = () => `line=${encodeURIComponent(stack.line)}`;

for (const route of [...VOICE, ...CALLBACKS]) {
  const path = () => `/twilio/${route}?${line()}`;

  test(`${route}: refusals come in their order, before any work`, async () => {
    const params = inbound(stack);
    const large = { ...params, Filler: 'x'.repeat(66_000) };
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
      const refused = await post(stack, path(), params, {
        method,
        body: '',
        type: 'text/plain',
        signature: null,
      });
      assert.equal(refused.status, 405, method);
      assert.equal(refused.headers.allow, 'POST');
    }
    assert.equal(
      (await post(stack, path(), large, { type: 'text/plain', signature: null })).status,
      413,
    );
    for (const type of [
      'text/plain',
      'application/json',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencodedx',
      null,
    ])
      assert.equal(
        (await post(stack, path(), params, { type, signature: null })).status,
        415,
        type,
      );
    for (const signature of [null, '', 'x', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='])
      assert.equal((await post(stack, path(), params, { signature })).status, 403);
    assert.equal((await post(stack, path(), { ...params, AccountSid: sid('AC') })).status, 403);
    const { AccountSid: _, ...anonymous } = params;
    assert.equal((await post(stack, path(), anonymous)).status, 403);
    assert.deepEqual(await events(params.CallSid), []);
  });

  test(`${route}: either of two auth tokens is taken, and only those`, async () => {
    for (const [token, status] of [
      [OLD, 2],
      [NEW, 2],
      ['third', 4],
      ['', 4],
    ]) {
      const answer = await post(stack, path(), inbound(stack), { token });
      assert.equal(Math.floor(answer.status / 100), status, token);
    }
  });
}

for (const route of VOICE) {
  test(`${route}: nonsense in the URL is answered with TwiML`, async () => {
    for (const query of [
      '',
      '?',
      '?line=',
      '?line=%2B19999999999',
      '?line=%00&call=%00&v=%00&step=%00&n=%00',
      `?${line()}&call=CA1&v=999999&step=nowhere&try=99&n=5`,
      `?${line()}&v=-1&n=-1&try=-1`,
      `?${line()}&v=99999999999999999999&n=99999999999999999999&try=99999999999999999999`,
      `?${line()}&step=%ff%fe&phone=%ff`,
      `?${line()}&step=${'x'.repeat(1500)}`,
      `?${'a=b&'.repeat(200)}`,
      `?${line()}&v=0&step=message&n=9999`,
      `?${line()}&v=0&step=welcome&n=150`,
    ]) {
      const answer = await post(stack, `/twilio/${route}${query}`, inbound(stack));
      assertTwiml(answer);
    }
  });

  test(`${route}: nonsense in the parameters is answered with TwiML`, async () => {
    const names = [
      'Digits',
      'From',
      'To',
      'CallStatus',
      'DialCallStatus',
      'DialCallDuration',
      'DialBridged',
      'RecordingSid',
      'RecordingUrl',
      'RecordingDuration',
      'CallerName',
      'FromCity',
      'ErrorUrl',
      'ErrorCode',
      'ParentCallSid',
      'CallSid',
    ];
    const values = [
      '',
      '\0',
      'a\0b',
      '\u001b[31m',
      '\r\n\r\n',
      ']]>&<"\'',
      '\ufffe\uffff',
      '😀'.repeat(1500),
      '-1',
      '99999999999999999999',
      '%',
      "'; DROP TABLE calls; --",
      '{"a":',
      '+',
      'javascript:alert(1)',
      'x'.repeat(8192),
    ];
    for (const name of names) {
      for (const value of values)
        assertTwiml(
          await post(
            stack,
            `/twilio/${route}?${line()}&v=0&step=welcome&n=2`,
            inbound(stack, { [name]: value }),
          ),
        );
    }
  });

  test(`${route}: bytes that are no UTF-8 are answered with TwiML and kept`, async () => {
    const params = inbound(stack);
    const raw = Buffer.concat([
      Buffer.from(`${encode(params)}&City=`),
      Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
    ]);
    // The library signs strings, so the signature is made over the same bytes by hand.
    const { createHmac } = await import('node:crypto');
    const pairs = [
      ...Object.entries(params).map(([k, v]) => [Buffer.from(k), Buffer.from(v)]),
      [Buffer.from('City'), Buffer.from([0xff, 0xfe, 0xc0, 0x80])],
    ];
    pairs.sort(([a], [b]) => Buffer.compare(a, b));
    const path = `/twilio/${route}?${line()}`;
    const text = Buffer.concat([Buffer.from(`https://localhost${path}`), ...pairs.flat()]);
    const signature = createHmac('sha1', OLD).update(text).digest('base64');
    assertTwiml(await post(stack, path, {}, { body: raw, signature }));
    const rows = await stack.sql('SELECT body FROM events WHERE call_sid = $1', [params.CallSid]);
    assert.ok(rows[0].body.equals(raw));
  });
}

test('bad percent-encoding is taken as Twilio decodes it', async () => {
  const params = inbound(stack, { FromCity: '100%', CallerName: '%zz %4 a+b' });
  const body = `${encode(inbound(stack, { CallSid: params.CallSid }))}&FromCity=100%&CallerName=%zz+%4+a%2Bb`;
  assertTwiml(await post(stack, `/twilio/voice?${line()}`, params, { body }));
  const shown = await stack.api.call(params.CallSid);
  assert.equal(shown.caller_city, '100%');
  assert.equal(shown.caller_name, '%zz %4 a+b');
});

test('a body of 64 KiB and 512 pairs are taken, a byte more is not', async () => {
  const params = inbound(stack);
  const many = { ...params };
  for (let i = Object.keys(params).length; i < 512; i++) many[`P${i}`] = String(i);
  assertTwiml(await post(stack, `/twilio/voice?${line()}`, many));
  const room = 65_536 - encode({ ...params, F: '' }).length;
  assertTwiml(await post(stack, `/twilio/voice?${line()}`, { ...params, F: 'x'.repeat(room) }));
  assert.equal(
    (await post(stack, `/twilio/voice?${line()}`, { ...params, F: 'x'.repeat(room + 1) })).status,
    413,
  );
});

test('the content type may say its charset, in any case', async () => {
  for (const type of [
    'application/x-www-form-urlencoded; charset=utf-8',
    'APPLICATION/X-WWW-FORM-URLENCODED;charset=UTF-8',
  ])
    assertTwiml(await post(stack, `/twilio/voice?${line()}`, inbound(stack), { type }));
});

test('what a client says of hosts and schemes is not believed', async () => {
  const headers = {
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'http',
    'X-Original-URL': '/twilio/status',
    Forwarded: 'host=evil.example',
  };
  assertTwiml(await post(stack, `/twilio/voice?${line()}`, inbound(stack), { headers }));
});

test('an unescaped plus in the number of the URL is still its number', async () => {
  const params = inbound(stack);
  assertTwiml(await post(stack, `/twilio/voice?line=${stack.line}`, params));
  assert.equal((await stack.api.call(params.CallSid)).line, stack.line);
});

test('the entry without a line in its URL takes the called number', async () => {
  const params = inbound(stack);
  assertTwiml(await post(stack, '/twilio/voice', params));
  assert.equal((await stack.api.call(params.CallSid)).line, stack.line);
});

test('the same request twice is one event, with the same answer', async () => {
  const params = inbound(stack);
  const [a, b] = await Promise.all([
    post(stack, `/twilio/voice?${line()}`, params),
    post(stack, `/twilio/voice?${line()}`, params),
  ]);
  assert.equal(assertTwiml(a), assertTwiml(b));
  assert.equal((await events(params.CallSid)).length, 1);
});

for (const route of CALLBACKS) {
  test(`${route}: a callback that belongs to no call is set aside and acknowledged`, async () => {
    const mark = sid('XX');
    const params = { AccountSid: stack.settings.TWILIO_ACCOUNT_SID, Mark: mark };
    assert.equal((await post(stack, `/twilio/${route}`, params)).status, 204);
    assert.equal((await post(stack, `/twilio/${route}`, params)).status, 204);
    assert.deepEqual(await aside(mark), [{ kind: route, why: 'no call SID' }]);
  });

  test(`${route}: a callback full of nonsense is acknowledged`, async () => {
    for (const changes of [
      { CallStatus: 'sleeping' },
      { CallDuration: '-5' },
      { Timestamp: 'soon' },
      { RecordingSid: 'RE1' },
      { RecordingStatus: '\0' },
      { TranscriptionText: 'x'.repeat(20_000) },
      { SequenceNumber: '9'.repeat(40) },
      { From: '\0'.repeat(300), To: 'x'.repeat(5000) },
    ]) {
      const answer = await post(
        stack,
        `/twilio/${route}?${line()}&call=${sid('CA')}&n=3`,
        inbound(stack, changes),
      );
      assert.equal(answer.status, 204, JSON.stringify(changes).slice(0, 80));
      assert.equal(answer.body, '');
    }
  });
}

test('a status callback alone makes the call', async () => {
  const params = inbound(stack, {
    CallStatus: 'completed',
    CallDuration: '17',
    Timestamp: 'Sun, 30 May 2021 13:48:10 +0000',
  });
  assert.equal((await post(stack, `/twilio/status?${line()}`, params)).status, 204);
  const shown = await stack.api.call(params.CallSid);
  assert.equal(shown.status, 'completed');
  assert.equal(shown.duration_s, 17);
  assert.equal(shown.ended_at, '2021-05-30T13:48:10.000Z');
  assert.equal(shown.started_at, '2021-05-30T13:47:53.000Z');
  assert.deepEqual([shown.outcome, shown.reason], ['failed', 'unknown']);
});

test('the log names no whole number and no token', async () => {
  const log = JSON.stringify(stack.log());
  for (const secret of [OLD, NEW, stack.token, '15550123456', stack.line.slice(1)])
    assert.ok(!log.includes(secret), secret);
});

test('other paths below /twilio are not there', async () => {
  for (const path of [
    '/twilio',
    '/twilio/',
    '/twilio/voice/',
    '/twilio/Voice',
    '/twilio/nothing',
    '/twilio//voice',
  ])
    assert.equal((await post(stack, path, inbound(stack))).status, 404, path);
});
