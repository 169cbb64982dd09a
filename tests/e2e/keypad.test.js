// The page with the keypad is there in a local stack alone, and obeys nobody but itself.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { send } from './support/http.js';
import { Stack } from './support/stack.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const FROM_PAGE = { ...JSON_TYPE, 'Sec-Fetch-Site': 'same-origin' };
const CALL = JSON.stringify({ from: '+15550100187' });

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack?.close());

const get = (path, headers = {}, of = stack) => send(of, { method: 'GET', path, headers });
const post = (path, headers, body, of = stack) => send(of, { method: 'POST', path, headers, body });

test('where Twilio is simulated the page is served, with a policy of its own', async () => {
  const { status, headers, body } = await get('/keypad/');
  assert.equal(status, 200);
  assert.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*|https?:|data:/);
  assert.equal(headers['permissions-policy'], 'microphone=(self)');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['strict-transport-security'], 'max-age=63072000');
  assert.doesNotMatch(body, /<style|style=|\son\w+=|<script(?![^>]* src=)/);
  const known = await get('/keypad/status');
  assert.deepEqual(JSON.parse(known.body), { line: stack.line, calls: 0 });
  assert.equal((await get('/keypad')).status, 301);
  for (const path of [
    '/keypad/nothing',
    '/keypad/../serve.js',
    '/keypad/calls',
    '/keypad/%2e%2e%2fcall.js',
  ])
    assert.ok([400, 404].includes((await get(path)).status), path);
});

test('only its own page places calls', async () => {
  for (const [headers, wanted] of [
    [JSON_TYPE, 403],
    [{ ...JSON_TYPE, 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ ...JSON_TYPE, 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ ...JSON_TYPE, 'Sec-Fetch-Site': 'none' }, 403],
    [{ ...JSON_TYPE, Origin: 'https://elsewhere.example' }, 403],
    [{ ...JSON_TYPE, Origin: stack.publicUrl, 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 415],
    [{ 'Content-Type': 'text/plain', 'Sec-Fetch-Site': 'same-origin' }, 415],
  ])
    assert.equal(
      (await post('/keypad/calls', headers, CALL)).status,
      wanted,
      JSON.stringify(headers),
    );
  assert.equal(JSON.parse((await get('/keypad/status')).body).calls, 0);
  const older = { ...JSON_TYPE, Origin: stack.publicUrl };
  assert.equal((await post('/keypad/calls', older, CALL)).status, 201, 'a browser that is older');
});

test('what it cannot do is refused in words', async () => {
  const { body } = await post('/keypad/calls', FROM_PAGE, CALL);
  const { id } = JSON.parse(body);
  const at = (deed) => `/keypad/calls/${id}/${deed}`;
  const sound = { ...FROM_PAGE, 'Content-Type': 'application/octet-stream' };
  for (const [path, headers, sent, wanted, code] of [
    ['/keypad/calls', FROM_PAGE, '{', 400, 'bad_json'],
    ['/keypad/calls', FROM_PAGE, 'null', 400, 'bad_json'],
    ['/keypad/calls', FROM_PAGE, '{}', 400, 'bad_number'],
    ['/keypad/calls', FROM_PAGE, '{"from":"sip:a@b"}', 400, 'bad_number'],
    ['/keypad/calls', FROM_PAGE, '{"from":["+15550100187"]}', 400, 'bad_number'],
    [at('key'), FROM_PAGE, '{"key":"12"}', 400, 'bad_key'],
    [at('key'), FROM_PAGE, '{"key":1}', 400, 'bad_key'],
    [at('colleague'), FROM_PAGE, '{"leg":1,"does":"toString"}', 400, 'bad_deed'],
    [at('colleague'), FROM_PAGE, '{"leg":0,"does":"answer"}', 409, 'out_of_turn'],
    [at('colleague'), FROM_PAGE, '{"leg":"x","does":"answer"}', 409, 'out_of_turn'],
    [at('sound'), sound, 'xx', 409, 'out_of_turn'],
    [at('sound'), sound, 'x'.repeat(65_537), 413, undefined],
    [at('sample'), FROM_PAGE, '{}', 409, 'out_of_turn'],
    [at('nothing'), FROM_PAGE, '{}', 404, 'not_found'],
    [`/keypad/calls/${'0'.repeat(32)}/key`, FROM_PAGE, '{"key":"1"}', 404, 'no_such_call'],
  ]) {
    const answer = await post(path, headers, sent);
    assert.equal(answer.status, wanted, `${path} ${sent.slice(0, 40)}: ${answer.body}`);
    if (code !== undefined) assert.equal(JSON.parse(answer.body).code, code);
  }
  const put = await send(stack, { method: 'PUT', path: '/keypad/calls', headers: FROM_PAGE });
  assert.equal(put.status, 405);
  assert.equal((await post(at('hangup'), FROM_PAGE, '{}')).status, 204);
  assert.equal((await post(at('key'), FROM_PAGE, '{"key":"1"}')).status, 409);
});

for (const [kind, env] of [
  [
    'an account at Twilio',
    { TWILIO_ACCOUNT_SID: `AC${'7'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'real' },
  ],
  ['a name that others may reach', { MAINLINE_PUBLIC_URL: 'https://phone.example.com' }],
])
  test(`a stack with ${kind} serves no keypad`, async () => {
    const other = await Stack.start(env);
    try {
      const headers = { Host: `localhost:${other.httpsPort}` };
      for (const path of ['/keypad/', '/keypad', '/keypad/status', '/keypad/main.js'])
        assert.equal((await get(path, headers, other)).status, 404, path);
      const placed = await post('/keypad/calls', { ...FROM_PAGE, ...headers }, CALL, other);
      assert.equal(placed.status, 404);
      if (other.settings.TWILIO_ACCOUNT_SID.endsWith('7'))
        assert.ok(!existsSync(join(other.settings.MAINLINE_RUN, 'keypad.sock')));
    } finally {
      await other.close();
    }
  });
