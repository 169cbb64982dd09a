import assert from 'node:assert/strict';
import test from 'node:test';
import { LINE } from './testing/fake-mainline.js';
import { ACCOUNT, TOKEN } from './testing/network.js';
import { answerValidator, fieldsOf, officialDescription } from './testing/official.js';
import { BASE, basic, leavesMessage, served } from './testing/rest.js';

test("a call: every field of Twilio's, strings where Twilio has strings", async (t) => {
  const {
    ask,
    told: [call],
  } = await served(t);
  const { status, json } = await ask(`/Calls/${call.sid}.json`);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json).sort(), fieldsOf('CallResource').sort());
  assert.equal(json.status, 'completed');
  assert.equal(json.duration, '18');
  assert.equal(json.direction, 'inbound');
  assert.equal(json.start_time, 'Sun, 22 Nov 2026 09:00:00 +0000');
  assert.equal(json.end_time, 'Sun, 22 Nov 2026 09:00:18 +0000');
  assert.equal(json.price, null);
  assert.equal(json.to_formatted, '(555) 010-0001');
  assert.match(json.phone_number_sid, /^PN[0-9a-f]{32}$/);
  assert.equal(
    json.subresource_uris.user_defined_messages,
    `${BASE}/Calls/${call.sid}/UserDefinedMessages.json`,
  );
});

test('legs are calls with a parent; one that nobody answered has no duration', async (t) => {
  const {
    ask,
    told: [call],
  } = await served(t, [{ caller: [{ press: '1' }] }], { people: { '*': { does: 'busy' } } });
  const { json } = await ask(`/Calls.json?ParentCallSid=${call.sid}`);
  assert.equal(json.calls.length, 1);
  assert.deepEqual(
    [json.calls[0].status, json.calls[0].duration, json.calls[0].direction],
    ['busy', null, 'outbound-dial'],
  );
});

test("recordings and numbers: every field of Twilio's", async (t) => {
  const {
    ask,
    told: [call],
  } = await served(t);
  const [recording] = call.recordings;
  const row = (await ask(`/Recordings/${recording.sid}.json`)).json;
  assert.deepEqual(Object.keys(row).sort(), fieldsOf('RecordingResource').sort());
  assert.deepEqual(
    [row.duration, row.status, row.channels, row.source, row.error_code],
    ['12', 'completed', 1, 'RecordVerb', null],
  );
  const [ofCall] = (await ask(`/Calls/${call.sid}/Recordings.json`)).json.recordings;
  assert.deepEqual(Object.keys(ofCall).sort(), fieldsOf('call/RecordingResource').sort());
  const [number] = (await ask(`/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(LINE)}`))
    .json.incoming_phone_numbers;
  assert.deepEqual(Object.keys(number).sort(), fieldsOf('IncomingPhoneNumberResource').sort());
  assert.equal(number.phone_number, LINE);
});

const description = officialDescription();
// script/test fetches the description; without it there is nothing to hold them against.
if (description !== null) {
  test("answers are valid by Twilio's own description", async (t) => {
    const {
      ask,
      told: [call, other],
    } = await served(t, [{ caller: leavesMessage }, { caller: [{ press: '1' }] }]);
    const account = '/2010-04-01/Accounts/{AccountSid}';
    for (const [path, asked] of [
      [`${account}/Calls.json`, '/Calls.json?PageSize=2'],
      [`${account}/Calls/{Sid}.json`, `/Calls/${other.sid}.json`],
      [`${account}/Calls/{CallSid}/Events.json`, `/Calls/${call.sid}/Events.json`],
      [`${account}/Calls/{CallSid}/Recordings.json`, `/Calls/${call.sid}/Recordings.json`],
      [`${account}/Recordings.json`, '/Recordings.json'],
      [`${account}/Recordings/{Sid}.json`, `/Recordings/${call.recordings[0].sid}.json`],
      [`${account}/IncomingPhoneNumbers.json`, '/IncomingPhoneNumbers.json'],
      ['/2010-04-01/Accounts/{Sid}.json', '.json'],
    ]) {
      const validate = answerValidator(description, path);
      const { json } = await ask(asked);
      assert.ok(validate(json), `${path}: ${JSON.stringify(validate.errors)}`);
    }
  });
}

test('the official library reads it all, and pages through the lists', async (t) => {
  const { client, told } = await served(
    t,
    Array.from({ length: 7 }, () => ({ caller: leavesMessage })),
  );
  const twilio = client();
  const calls = await twilio.calls.list({ pageSize: 2 });
  assert.deepEqual(
    calls.map(({ sid }) => sid),
    told.map(({ sid }) => sid).reverse(),
  );
  assert.ok(calls[0].startTime instanceof Date);
  const call = await twilio.calls(told[0].sid).fetch();
  assert.equal(call.duration, '18');
  const recordings = await twilio.recordings.list({ callSid: told[3].sid });
  assert.deepEqual(
    recordings.map(({ sid }) => sid),
    told[3].recordings.map(({ sid }) => sid),
  );
  const [number] = await twilio.incomingPhoneNumbers.list({ phoneNumber: LINE });
  assert.equal(number.capabilities.voice, true);
  await assert.rejects(twilio.calls(`CA${'0'.repeat(32)}`).fetch(), { status: 404, code: 20404 });
});

test('pages lead one to the next, also while calls come in', async (t) => {
  const { ask, call, told } = await served(
    t,
    Array.from({ length: 5 }, () => ({ caller: [{ hangUp: 1 }] })),
  );
  const first = (await ask('/Calls.json?PageSize=2')).json;
  assert.deepEqual(
    [first.page, first.page_size, first.start, first.end, first.previous_page_uri],
    [0, 2, 0, 1, null],
  );
  assert.match(
    first.next_page_uri,
    /^\/2010-04-01\/Accounts\/AC.*\/Calls\.json\?PageSize=2&Page=1&PageToken=PACA/,
  );
  await call({ caller: [{ hangUp: 1 }] });
  const second = (await ask(first.next_page_uri)).json;
  const third = (await ask(second.next_page_uri)).json;
  assert.equal(third.next_page_uri, null);
  const seen = [first, second, third].flatMap((page) => page.calls.map(({ sid }) => sid));
  assert.deepEqual(seen, told.map(({ sid }) => sid).reverse());
  assert.deepEqual((await ask(third.previous_page_uri)).json.calls, second.calls);
});

test('filters of calls', async (t) => {
  const { ask, told } = await served(t, [
    { caller: [{ hangUp: 1 }] },
    { from: '+447700900123', caller: [{ hangUp: 1 }] },
    { caller: leavesMessage, startsAfter: 24 * 3600 },
  ]);
  const found = async (query) =>
    (await ask(`/Calls.json?${query}`)).json.calls.map(({ sid }) =>
      told.findIndex((call) => call.sid === sid),
    );
  assert.deepEqual(await found('From=%2B447700900123'), [1]);
  assert.deepEqual(await found('Status=busy'), []);
  assert.deepEqual(await found('StartTime=2026-11-22'), [1, 0]);
  assert.deepEqual(await found('StartTime%3E=2026-11-23'), [2]);
  assert.deepEqual(await found('StartTime>=2026-11-22T09:00:01Z'), [2, 1]);
  assert.deepEqual(await found('StartTime<=2026-11-22'), [1, 0]);
  assert.deepEqual(await found('EndTime%3C=2026-11-22T09:00:01Z&To=%2B15550100001'), [0]);
});

test("credentials: the account's, an API key's, and nothing else", async (t) => {
  const { ask } = await served(t, []);
  const path = '/Calls.json';
  assert.equal((await ask(path)).status, 200);
  assert.equal((await ask(path, { headers: basic('SKkey', 'hush') })).status, 200);
  for (const headers of [{ Authorization: '' }, basic(ACCOUNT, 'wrong'), basic('SKkey', TOKEN)]) {
    const { status, json, headers: got } = await ask(path, { headers });
    assert.equal(status, 401);
    assert.deepEqual(json, {
      code: 20003,
      message: 'Authenticate',
      more_info: 'https://www.twilio.com/docs/errors/20003',
      status: 401,
    });
    assert.match(got.get('www-authenticate'), /^Basic/);
  }
});

test('what is not there is 20404', async (t) => {
  const { ask } = await served(t, []);
  for (const path of [
    `/Calls/CA${'0'.repeat(32)}.json`,
    '/Calls/x.json',
    '/Nothing.json',
    `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Calls.json`,
  ]) {
    const { status, json } = await ask(path);
    assert.deepEqual([status, json.code, json.status], [404, 20404, 404]);
  }
});

test('a call under way can be ended', async (t) => {
  const { network, post, ask } = await served(t, [], {
    speed: 50,
    people: { '*': { does: 'answers', talks: 4000 } },
  });
  const call = network.place({ from: '+15550123456', to: LINE, caller: [{ press: '1' }] });
  await call.leg.next(['talking']);
  assert.equal((await ask(`/Calls/${call.sid}.json`)).json.status, 'in-progress');
  const { status, json } = await post(`/Calls/${call.sid}.json`, { Status: 'completed' });
  assert.deepEqual([status, json.status], [200, 'completed']);
  await call.finished;
  const refused = await post(`/Calls/${call.sid}.json`, { Status: 'completed' });
  assert.deepEqual([refused.status, refused.json.code], [400, 21220]);
});

test('a number can be pointed elsewhere, and calls follow it', async (t) => {
  const { network, post, call, server } = await served(t, []);
  const { sid } = network.numbers[LINE];
  const { json } = await post(`/IncomingPhoneNumbers/${sid}.json`, {
    VoiceUrl: `${server.origin}/twilio/fallback`,
    VoiceMethod: 'POST',
    StatusCallback: '',
    FriendlyName: 'Main',
  });
  assert.deepEqual(
    [json.voice_url, json.status_callback, json.friendly_name],
    [`${server.origin}/twilio/fallback`, '', 'Main'],
  );
  await call({ caller: [{ hangUp: 1 }] });
  assert.deepEqual(
    server.asked.map(({ path }) => path),
    ['/twilio/fallback'],
  );
});

test('an application or a trunk turns VoiceUrl off, and each the other', async (t) => {
  const { network, post, call } = await served(t, []);
  const { sid } = network.numbers[LINE];
  const change = async (form) => (await post(`/IncomingPhoneNumbers/${sid}.json`, form)).json;
  const trunk = `TK${'0'.repeat(32)}`;
  const application = `AP${'0'.repeat(32)}`;
  assert.equal(
    (await change({ VoiceApplicationSid: application })).voice_application_sid,
    application,
  );
  const both = await change({ TrunkSid: trunk });
  assert.deepEqual([both.trunk_sid, both.voice_application_sid], [trunk, '']);
  assert.throws(() => call(), /VoiceUrl is ignored/);
  assert.equal((await change({ TrunkSid: '' })).trunk_sid, null);
});

test('events show what was asked and answered', async (t) => {
  const {
    ask,
    told: [call],
  } = await served(t);
  const {
    json: { events },
  } = await ask(`/Calls/${call.sid}/Events.json`);
  assert.equal(events.length, call.requests.length);
  assert.deepEqual(
    [
      events[0].request.method,
      events[0].request.parameters.call_status,
      events[0].response.response_code,
    ],
    ['POST', 'ringing', 200],
  );
});

test('a call that starts later is not there before; one that is forgotten keeps its row', async (t) => {
  const { network, ask } = await served(t, []);
  const release = network.clock.hold();
  const call = network.place({
    from: '+15550123456',
    to: LINE,
    caller: leavesMessage,
    startsAfter: 60,
  });
  assert.deepEqual((await ask('/Calls.json')).json.calls, []);
  release();
  await call.finished;
  assert.equal(
    (await ask('/Calls.json')).json.calls[0].start_time,
    'Sun, 22 Nov 2026 09:01:00 +0000',
  );
  network.forget(call);
  assert.equal(network.calls.size, 0);
  assert.equal((await ask('/Calls.json')).json.calls.length, 1);
  assert.deepEqual((await ask(`/Calls/${call.sid}/Events.json`)).json.events, []);
});

test('faults on request: 429, 5xx with Retry-After, latency', async (t) => {
  const { network, ask } = await served(t, []);
  network.rest.fail({ status: 429, retryAfter: 2 });
  network.rest.fail({ status: 503, times: 2, path: /Recordings/ });
  const limited = await ask('/Calls.json');
  assert.deepEqual(
    [limited.status, limited.json.code, limited.headers.get('retry-after')],
    [429, 20429, '2'],
  );
  assert.equal((await ask('/Calls.json')).status, 200);
  assert.equal((await ask('/Recordings.json')).status, 503);
  assert.equal((await ask('/Recordings.json')).status, 503);
  assert.equal((await ask('/Recordings.json')).status, 200);
  network.rest.latencyMs = 80;
  const before = performance.now();
  await ask('/Calls.json');
  assert.ok(performance.now() - before >= 75);
  assert.deepEqual(
    network.rest.requests.map(({ status }) => status),
    [429, 200, 503, 503, 200, 200],
  );
});
