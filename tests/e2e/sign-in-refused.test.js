// What is no sign-in, and what no browser of ours would send: each gets a 4xx with
// its code, and changes nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { people } from './support/people.js';
import { Stack } from './support/stack.js';

const WORDS = 'correct horse battery';

/** @type {Stack} */
let stack;
let at;
let cookie;
before(async () => {
  stack = await Stack.start();
  at = people(stack);
  await at.add('anna', 'agent', WORDS);
  cookie = await at.cookie({ name: 'anna', password: WORDS });
});
after(() => stack.close());

const text = (value) => JSON.stringify(value);
const refusal = ({ status, json }) => [status, json?.code];

/** Bodies that are none of what POST /api/session takes. */
const NO_PROOF = [
  '',
  ' ',
  'null',
  'true',
  '5',
  '"anna"',
  '[]',
  '[{"name":"anna","password":"x"}]',
  '{}',
  '{',
  '{"name":"anna"}',
  '{"password":"x"}',
  '{"name":"anna","password":null}',
  '{"name":null,"password":"x"}',
  '{"name":5,"password":"x"}',
  '{"name":["anna"],"password":"x"}',
  '{"name":{"$ne":""},"password":{"$ne":""}}',
  '{"name":"anna","password":5}',
  '{"name":"anna","password":true}',
  '{"name":"anna","name":"anna","password":"x"}',
  '{"name":"anna\\u0000","password":"x"}',
  '{"name":"anna","password":"\\u0000"}',
  '{"name":"\\ud800","password":"x"}',
  '{"Name":"anna","Password":"x"}',
  '{"link":5}',
  '{"link":null}',
  '{"link":[]}',
  '{"token":{}}',
  '{"link":"a","token":"b"}',
  '{"name":"anna","password":"x","token":"b"}',
  '{"name":"anna","password":"x","link":"b"}',
  '{"name":"anna","token":"b"}',
  '{"password":"x","link":"b"}',
  "{'name':'anna','password':'x'}",
  '{"name":"anna","password":"x"',
  '{"name":"anna","password":"x"}}',
  '{"name":"anna","password":"x"} {}',
  '{"name":"anna","password":"x",}',
  'name=anna&password=x',
  '<sign-in name="anna"/>',
  '\u0000',
  `${'['.repeat(40)}${']'.repeat(40)}`,
  Buffer.from('{"name":"\xff","password":"x"}', 'latin1'),
];

test('bodies that are no sign-in', async () => {
  for (const body of NO_PROOF) {
    const answer = await stack.api.request('/api/session', {
      method: 'POST',
      token: null,
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    assert.deepEqual(refusal(answer), [400, 'bad_body'], String(body));
    assert.equal(answer.headers['set-cookie'], undefined);
  }
});

/** What is read, and is nobody's. */
const NOBODYS = [
  [{ name: '', password: '' }, 'wrong_password'],
  [{ name: 'anna', password: '' }, 'wrong_password'],
  [{ name: "' OR 1=1 --", password: "' OR 1=1 --" }, 'wrong_password'],
  [{ name: 'anna%', password: WORDS }, 'wrong_password'],
  [{ name: 'x'.repeat(3000), password: 'x' }, 'wrong_password'],
  [{ name: '\u202eanna', password: WORDS }, 'wrong_password'],
  [{ name: 'аnna', password: WORDS }, 'wrong_password'], // a Cyrillic letter
  [{ name: 'bob', password: 'x'.repeat(3000) }, 'wrong_password'],
  [{ name: 'eve', password: `${WORDS} ` }, 'wrong_password'],
  [{ link: '' }, 'token_unknown'],
  [{ link: 'x' }, 'token_unknown'],
  [{ link: 'a'.repeat(43) }, 'token_unknown'],
  [{ link: 'é'.repeat(43) }, 'token_unknown'],
  [{ link: "'; DROP TABLE users; --" }, 'token_unknown'],
  [{ token: 'ml_nobody' }, 'token_unknown'],
];

test('proofs that are nobody’s', async () => {
  for (const [proof, code] of NOBODYS)
    assert.deepEqual(refusal(await at.signIn(proof)), [401, code], text(proof));
});

/** Bodies that are none of what PUT /api/session/password takes. */
const NO_WISH = [
  '',
  'null',
  '5',
  '[]',
  '{}',
  '"words"',
  '{"current":"x"}',
  '{"password":null}',
  '{"password":5}',
  '{"password":["a long enough one"]}',
  '{"password":"a long enough one","current":5}',
  '{"password":"a long enough one","current":null}',
  '{"password":"a long enough one","more":"x"}',
  '{"password":"a long enough one","name":"boss"}',
  '{"password":"a long enough one","role":"admin"}',
  '{"password":"a long enough one","password":"another of them"}',
  '{"password":"a long\\u0000 enough one"}',
  '{"password":"a long enough one"',
  'password=a+long+enough+one',
];

test('bodies that are no password', async () => {
  for (const body of NO_WISH)
    assert.deepEqual(refusal(await at.setPassword(cookie, body)), [400, 'bad_body'], body);
});

test('other types, too much, and other methods', async () => {
  const good = text({ name: 'anna', password: WORDS });
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    '',
  ]) {
    const headers = { 'Content-Type': type };
    assert.deepEqual(refusal(await at.signIn(good, headers)), [415, 'not_json'], type);
    const put = await at.setPassword(cookie, { password: 'a long enough one' }, headers);
    assert.deepEqual(refusal(put), [415, 'not_json'], type);
  }
  for (const bytes of [16_385, 20_000, 100_000]) {
    const body = text({ name: 'anna', password: 'x'.repeat(bytes) });
    assert.deepEqual(refusal(await at.signIn(body)), [413, 'body_too_large'], String(bytes));
    const put = await at.setPassword(cookie, { password: 'x'.repeat(bytes) });
    assert.deepEqual(refusal(put), [413, 'body_too_large'], String(bytes));
  }
  for (const [method, path, allowed] of [
    ['PUT', '/api/session', 'GET, HEAD, POST, DELETE'],
    ['PATCH', '/api/session', 'GET, HEAD, POST, DELETE'],
    ['POST', '/api/session/password', 'PUT'],
    ['GET', '/api/session/password', 'PUT'],
    ['GET', '/api/sessions', 'DELETE'],
    ['POST', '/api/users', 'GET, HEAD'],
    ['DELETE', '/api/users', 'GET, HEAD'],
  ]) {
    const answer = await at.as(cookie, path, { method, described: false });
    assert.deepEqual(refusal(answer), [405, 'method_not_allowed'], `${method} ${path}`);
    assert.equal(answer.headers.allow, allowed);
  }
  for (const path of ['/api/users/anna', '/api/session/', '/api//session', '/api/%73ession'])
    assert.equal((await at.as(cookie, path, { described: false })).status, 404, path);
});

test('who is nobody', async () => {
  for (const [method, path] of [
    ['GET', '/api/users'],
    ['GET', '/api/session'],
    ['DELETE', '/api/sessions'],
    ['PUT', '/api/session/password'],
  ])
    for (const headers of [
      {},
      { Cookie: `__Host-mainline=${'a'.repeat(43)}` },
      { Cookie: 'mainline=x' },
      { 'Remote-User': 'anna', REMOTE_USER: 'anna' },
      { 'X-Auth-Request-Email': 'anna', 'X-Forwarded-User': 'anna' },
    ]) {
      const answer = await stack.api.request(path, {
        method,
        token: null,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: method === 'PUT' ? text({ password: 'a long enough one' }) : undefined,
      });
      assert.deepEqual(refusal(answer), [401, 'token_needed'], `${method} ${path}`);
    }
});

/** Every way to change something, with a good cookie. */
const CHANGES = [
  ['POST', '/api/session', { name: 'anna', password: WORDS }],
  ['PUT', '/api/session/password', { password: 'a long enough one', current: WORDS }],
  ['DELETE', '/api/session'],
  ['DELETE', '/api/sessions'],
];

function change([method, path, body], headers) {
  return at.as(cookie, path, {
    method,
    headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: body && text(body),
  });
}

test('another site cannot use a browser that is signed in', async () => {
  const port = stack.httpsPort;
  for (const each of CHANGES)
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: `https://localhost:${port}` },
      { 'Sec-Fetch-Site': 'anything' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: '' + `http://localhost:${port}` },
      { Origin: 'https://localhost' },
      { Origin: `https://localhost:${port + 1}` },
      { Origin: `https://localhost.evil.example:${port}` },
      { Origin: `https://localhost:${port}@evil.example` },
      { Origin: `https://localhost:${port}/` },
      { Origin: `https://localhost:${port} https://evil.example` },
      { Origin: 'https://evil.example', Host: `localhost:${port}` },
    ])
      assert.deepEqual(
        refusal(await change(each, headers)),
        [403, 'cross_site'],
        `${each[0]} ${each[1]} ${text(headers)}`,
      );
  assert.equal((await at.as(cookie, '/api/session')).status, 200);
});

test('the page itself may, by whatever name it was opened', async () => {
  const port = stack.httpsPort;
  const session = { name: 'anna', password: WORDS };
  for (const headers of [
    {},
    { 'Sec-Fetch-Site': 'same-origin', Origin: `https://localhost:${port}` },
    { 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'none' },
    { Origin: `https://localhost:${port}` },
    { Origin: `https://LOCALHOST:${port}` },
    { Origin: `https://127.0.0.1:${port}` },
    { Origin: `https://[::1]:${port}` },
  ]) {
    const own = await at.signIn(session, headers);
    assert.equal(own.status, 200, text(headers));
  }
  // Who sends a token is no browser that another site has sent.
  const script = await stack.api.request('/api/calls/CA' + '0'.repeat(32), {
    method: 'DELETE',
    headers: { Origin: 'https://evil.example' },
  });
  assert.equal(script.status, 404);
});
