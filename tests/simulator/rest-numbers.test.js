import assert from 'node:assert/strict';
import test from 'node:test';
import { LINE } from './testing/fake-mainline.js';
import { ACCOUNT, TOKEN } from './testing/network.js';
import { answerValidator, fieldsOf, officialDescription } from './testing/official.js';
import { basic, served } from './testing/rest.js';

const hangsUp = [{ hangUp: 1 }];
const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

test("applications and numbers for sale: every field of Twilio's", async (t) => {
  const { ask, post } = await served(t, []);
  const made = await post('/Applications.json', { FriendlyName: 'Front desk' });
  assert.equal(made.status, 201);
  assert.deepEqual(
    Object.keys(made.json).sort(),
    fieldsOf('ApplicationResource').map(snake).sort(),
  );
  const { json } = await ask('/AvailablePhoneNumbers/US/Local.json?AreaCode=510');
  assert.equal(json.available_phone_numbers.length, 3);
  assert.deepEqual(
    Object.keys(json.available_phone_numbers[0]).sort(),
    fieldsOf('LocalResource').map(snake).sort(),
  );
});

test('a number is searched, bought once, and is then of the account', async (t) => {
  const { ask, post, client } = await served(t, []);
  const numbers = async (path) =>
    (await ask(`/AvailablePhoneNumbers/${path}`)).json.available_phone_numbers.map(
      (row) => row.phone_number,
    );
  assert.deepEqual(await numbers('US/Local.json?VoiceEnabled=true&Contains=%2B1212'), [
    '+12125550113',
  ]);
  assert.deepEqual(await numbers('US/Local.json?Contains=510555011*&PageSize=2'), [
    '+15105550110',
    '+15105550111',
  ]);
  assert.equal((await ask('/AvailablePhoneNumbers/FR/Local.json')).status, 404);
  const buy = (PhoneNumber, more = {}) =>
    post('/IncomingPhoneNumbers.json', { PhoneNumber, ...more });
  const bought = await buy('+15105550110', { VoiceUrl: 'https://a.example/twilio/voice' });
  assert.deepEqual([bought.status, bought.json.voice_url], [201, 'https://a.example/twilio/voice']);
  assert.ok(!(await numbers('US/Local.json')).includes('+15105550110'));
  const codes = [];
  for (const [number, more] of [
    ['+15105550110'],
    ['+15105550999'],
    ['4711'],
    ['+442079460116'],
    ['+15105550111', { VoiceUrl: 'localhost/x' }],
  ])
    codes.push((await buy(number, more)).json.code);
  assert.deepEqual(codes, [21422, 21422, 21421, 21631, 21402]);
  assert.equal((await client().incomingPhoneNumbers.list()).length, 2);
});

test('a trial account has one number', async (t) => {
  const { network, post } = await served(t, []);
  network.account.isTrial = true;
  const refused = await post('/IncomingPhoneNumbers.json', { PhoneNumber: '+15105550110' });
  assert.deepEqual([refused.status, refused.json.code], [400, 21404]);
});

test('what an application says is followed, and a trunk takes the call', async (t) => {
  const { network, ask, post, call } = await served(t, []);
  const { sid } = (await ask('/IncomingPhoneNumbers.json')).json.incoming_phone_numbers[0];
  const { voiceUrl } = network.numbers[LINE];
  const set = (form) => post(`/IncomingPhoneNumbers/${sid}.json`, form);
  const application = (await post('/Applications.json', { FriendlyName: 'x' })).json;
  await post(`/Applications/${application.sid}.json`, { VoiceUrl: voiceUrl });
  assert.equal((await set({ VoiceUrl: 'https://nowhere.example/' })).status, 200);
  const ours = await set({ VoiceApplicationSid: application.sid });
  assert.equal(ours.json.voice_application_sid, application.sid);
  assert.equal((await call({ caller: hangsUp })).status, 'completed');
  const trunk = (await set({ TrunkSid: `TK${'1'.repeat(32)}` })).json;
  assert.deepEqual([trunk.trunk_sid?.slice(0, 2), trunk.voice_application_sid], ['TK', '']);
  assert.throws(() => network.place({ from: LINE, to: LINE }), /a trunk/);
  assert.equal((await set({ TrunkSid: '' })).json.trunk_sid, null);
  assert.equal(
    (await ask('/Applications.json?FriendlyName=x')).json.applications[0].sid,
    application.sid,
  );
  const gone = await ask(`/Applications/${application.sid}.json`, { method: 'DELETE' });
  assert.equal(gone.status, 204);
  assert.equal((await ask(`/Applications/${application.sid}.json`)).status, 404);
});

test('prices are at a path without the account', async (t) => {
  const { origin } = await served(t, []);
  const headers = basic(ACCOUNT, TOKEN);
  const price = await fetch(`${origin}/v1/PhoneNumbers/Countries/US`, { headers });
  assert.deepEqual((await price.json()).phone_number_prices[0], {
    number_type: 'local',
    base_price: '1.15',
    current_price: '1.15',
  });
  assert.equal((await fetch(`${origin}/v1/PhoneNumbers/Countries/XX`, { headers })).status, 404);
  assert.equal((await fetch(`${origin}/v1/PhoneNumbers/Countries/US`)).status, 401);
});

const description = officialDescription();
const pricing = officialDescription('twilio_pricing_v1');
// script/test fetches the descriptions; without them there is nothing to hold it against.
if (description !== null && pricing !== null) {
  test("what is said of numbers is valid by Twilio's own descriptions", async (t) => {
    const { ask, post, origin } = await served(t, []);
    const { sid } = (await post('/Applications.json', { FriendlyName: 'Front desk' })).json;
    const account = '/2010-04-01/Accounts/{AccountSid}';
    const held = (path, json, of = description) => {
      const validate = answerValidator(of, path);
      assert.ok(validate(json), `${path}: ${JSON.stringify(validate.errors)}`);
    };
    for (const [path, asked] of [
      [`${account}/Applications.json`, '/Applications.json'],
      [`${account}/Applications/{Sid}.json`, `/Applications/${sid}.json`],
      ...['Local', 'TollFree'].map((kind) => [
        `${account}/AvailablePhoneNumbers/{CountryCode}/${kind}.json`,
        `/AvailablePhoneNumbers/US/${kind}.json`,
      ]),
    ])
      held(path, (await ask(asked)).json);
    const price = await fetch(`${origin}/v1/PhoneNumbers/Countries/US`, {
      headers: basic(ACCOUNT, TOKEN),
    });
    const { phone_number_prices: prices, ...rest } = await price.json();
    // Twilio's own examples have strings, where this description has numbers.
    const asDescribed = prices.map((each) => ({
      ...each,
      base_price: Number(each.base_price),
      current_price: Number(each.current_price),
    }));
    held(
      '/v1/PhoneNumbers/Countries/{IsoCountry}',
      { ...rest, phone_number_prices: asDescribed },
      pricing,
    );
  });
}
