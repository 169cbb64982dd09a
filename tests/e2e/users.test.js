// People: signing in with a password or a link, what their role lets them do, and
// what is said to whom it does not fit.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { people } from './support/people.js';
import { Stack } from './support/stack.js';

const WORDS = 'correct horse battery';
const OTHER = 'another four words here';

/** @type {Stack} */
let stack;
let at;
before(async () => {
  stack = await Stack.start();
  at = people(stack);
  for (const [name, role] of [
    ['rita', 'reader'],
    ['Anna', 'agent'],
    ['boss', 'admin'],
  ])
    await at.add(name, role, WORDS);
});
after(() => stack.close());

const refusal = ({ status, json }) => [status, json?.code];

test('a name and its password are exchanged for a cookie, and a role for its scopes', async () => {
  for (const [name, called, role, scopes] of [
    ['rita', 'rita', 'reader', ['read']],
    ['ANNA', 'Anna', 'agent', ['read', 'audio', 'mark']],
    [' boss ', 'boss', 'admin', ['admin']],
  ]) {
    const { status, json, headers } = await at.signIn({ name, password: WORDS });
    assert.equal(status, 200);
    assert.deepEqual(json, { name: called, role, scopes, password_wanted: false });
    assert.match(
      headers['set-cookie'][0],
      /^__Host-mainline=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
    const cookie = headers['set-cookie'][0].split(';')[0];
    assert.deepEqual((await at.as(cookie, '/api/session')).json, json);
  }
});

test('a role opens what it names, and no more', async () => {
  const recording = `/api/recordings/RE${'0'.repeat(32)}.mp3`;
  for (const [name, wanted] of [
    ['rita', [200, 403, 403]],
    ['anna', [200, 404, 403]],
    ['boss', [200, 404, 200]],
  ]) {
    const cookie = await at.cookie({ name, password: WORDS });
    const paths = ['/api/calls', recording, '/api/users'];
    const got = await Promise.all(paths.map(async (path) => (await at.as(cookie, path)).status));
    assert.deepEqual(got, wanted, name);
  }
});

test('what is wrong of name and password is not said, and takes as long', async () => {
  const ms = { rita: Infinity, nobody: Infinity }; // the shortest
  for (let i = 0; i < 4; i += 1)
    for (const name of Object.keys(ms)) {
      const answer = await at.signIn({ name, password: `wrong words ${i}` });
      assert.deepEqual(refusal(answer), [401, 'wrong_password']);
      assert.doesNotMatch(answer.json.detail, new RegExp(name));
      assert.equal(answer.headers['set-cookie'], undefined);
      ms[name] = Math.min(ms[name], answer.ms);
    }
  assert.ok(ms.nobody > ms.rita / 3 && ms.rita > ms.nobody / 3, JSON.stringify(ms));
  assert.equal((await at.signIn({ name: 'rita', password: WORDS })).status, 200);
});

test('five wrong ones in a row, also at the same time, and the name has to wait', async () => {
  for (const name of ['rita', 'nobody at all']) {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => at.signIn({ name, password: 'wrong wrong wrong' })),
    );
    const codes = answers.map(({ json }) => json.code).sort();
    assert.deepEqual(codes, [...Array(11).fill('locked'), ...Array(5).fill('wrong_password')]);
    const { status, headers, json } = await at.signIn({ name, password: WORDS });
    assert.deepEqual([status, json.code], [429, 'locked']);
    assert.ok(Number(headers['retry-after']) > 50 && Number(headers['retry-after']) <= 60);
  }
  const boss = await at.cookie({ name: 'boss', password: WORDS });
  const { users } = (await at.as(boss, '/api/users')).json;
  assert.deepEqual(
    users.map(({ name, role, has_password, locked_until }) => [
      name,
      role,
      has_password,
      locked_until !== null,
    ]),
    [
      ['admin', 'admin', false, false],
      ['Anna', 'agent', true, false],
      ['boss', 'admin', true, false],
      ['rita', 'reader', true, true],
    ],
  );
  await stack.sql("UPDATE sign_in_failures SET locked_until = now() - interval '1 second'");
  assert.equal((await at.signIn({ name: 'rita', password: 'wrong again' })).status, 401);
  const longer = await at.signIn({ name: 'rita', password: WORDS });
  assert.ok(Number(longer.headers['retry-after']) > 100, 'twice as long');
  await stack.sql("UPDATE sign_in_failures SET locked_until = now() - interval '1 second'");
  assert.equal((await at.signIn({ name: 'rita', password: WORDS })).status, 200);
  assert.equal((await at.signIn({ name: 'rita', password: 'wrong once' })).status, 401);
});

test('the first link is printed by script/server, and signs in once', async () => {
  assert.match(stack.said, /^ready https:\/\/localhost:\d+$/m);
  const [, link] = stack.said.match(/^sign in once: https:\/\/localhost:\d+\/#link=(\S+)$/m);
  const first = await at.signIn({ link });
  assert.deepEqual(first.json, {
    name: 'admin',
    role: 'admin',
    scopes: ['admin'],
    password_wanted: true,
  });
  assert.deepEqual(refusal(await at.signIn({ link })), [401, 'token_unknown']);
  const cookie = first.headers['set-cookie'][0].split(';')[0];
  assert.equal((await at.setPassword(cookie, { password: OTHER })).status, 204);
  assert.equal((await at.as(cookie, '/api/session')).json.password_wanted, false);
  assert.equal((await at.signIn({ name: 'admin', password: OTHER })).status, 200);
});

test('another password asks for the one before, and ends the other sessions', async () => {
  const here = await at.cookie({ name: 'anna', password: WORDS });
  const there = await at.cookie({ name: 'anna', password: WORDS });
  const others = await at.cookie({ name: 'boss', password: WORDS });
  for (const body of [{ password: OTHER }, { password: OTHER, current: 'wrong wrong' }])
    assert.deepEqual(refusal(await at.setPassword(here, body)), [403, 'wrong_password']);
  assert.equal((await at.as(there, '/api/session')).status, 200);
  assert.equal((await at.setPassword(here, { password: OTHER, current: WORDS })).status, 204);
  assert.equal((await at.as(here, '/api/session')).status, 200);
  assert.equal((await at.as(there, '/api/session')).status, 401);
  assert.equal((await at.as(others, '/api/session')).status, 200);
  assert.equal((await at.signIn({ name: 'anna', password: WORDS })).status, 401);
  assert.equal((await at.signIn({ name: 'anna', password: OTHER })).status, 200);
});

test('a session that knows no password cannot find it by trying', async () => {
  await at.add('eve', 'reader', WORDS);
  const cookie = await at.cookie({ name: 'eve', password: WORDS });
  const codes = [];
  for (let i = 0; i < 6; i += 1)
    codes.push((await at.setPassword(cookie, { password: OTHER, current: 'wrong' })).json.code);
  assert.deepEqual(codes, [...Array(5).fill('wrong_password'), 'locked']);
  const late = await at.setPassword(cookie, { password: OTHER, current: WORDS });
  assert.ok(Number(late.headers['retry-after']) > 0);
});

test('what may not be a password, and why', async () => {
  await at.add('grandmother@example.com', 'reader', WORDS);
  const cookie = await at.cookie({ name: 'grandmother@example.com', password: WORDS });
  for (const [password, said] of [
    ['', /10 characters or more/],
    ['nine char', /10 characters or more/],
    ['é'.repeat(9), /10 characters or more/],
    ['x y'.repeat(67), /200 characters at most/],
    ['Grandmother@Example.com', /must not be the name/],
    ['Password123', /tried first/],
    ['zzzzzzzzzzzz', /tried first/],
  ]) {
    const answer = await at.setPassword(cookie, { password, current: WORDS });
    assert.deepEqual(refusal(answer), [400, 'bad_body'], password);
    assert.match(answer.json.detail, said);
  }
  let current = WORDS;
  for (const password of ['éè'.repeat(5), 'x y'.repeat(66), 'a b c d e f']) {
    assert.equal((await at.setPassword(cookie, { password, current })).status, 204, password);
    current = password;
  }
});

test('a quarter of an hour after a link the password is asked for', async () => {
  const cookie = await at.cookie({ link: await at.link('rita') });
  await stack.sql(
    "UPDATE api_sessions SET created_at = now() - interval '15 minutes' WHERE by_link",
  );
  assert.equal((await at.as(cookie, '/api/session')).status, 200);
  const late = await at.setPassword(cookie, { password: OTHER });
  assert.deepEqual(refusal(late), [403, 'wrong_password']);
  assert.match(late.json.detail, /mainline user link/);
});

test('signing out everywhere', async () => {
  const cookies = [];
  for (let i = 0; i < 3; i += 1) cookies.push(await at.cookie({ name: 'boss', password: WORDS }));
  const anna = await at.cookie({ name: 'anna', password: OTHER });
  const { status, headers } = await at.as(cookies[1], '/api/sessions', { method: 'DELETE' });
  assert.equal(status, 204);
  assert.match(headers['set-cookie'][0], /^__Host-mainline=; .*Max-Age=0$/);
  for (const cookie of cookies) assert.equal((await at.as(cookie, '/api/session')).status, 401);
  assert.equal((await at.as(anna, '/api/session')).status, 200);
  const bearer = await stack.api.request('/api/sessions', { method: 'DELETE' });
  assert.deepEqual(refusal(bearer), [401, 'token_needed']);
  // Those of a token end as well, and the token stays.
  const page = await at.cookie({ token: stack.token });
  const twin = await at.cookie({ token: stack.token });
  assert.equal((await at.as(page, '/api/sessions', { method: 'DELETE' })).status, 204);
  assert.equal((await at.as(twin, '/api/session')).status, 401);
  assert.equal((await stack.api.request('/api/session')).status, 200);
});

test('a token has no password to choose', async () => {
  const body = JSON.stringify({ password: OTHER });
  const headers = { 'Content-Type': 'application/json' };
  const path = '/api/session/password';
  const bearer = await stack.api.request(path, { method: 'PUT', headers, body });
  assert.deepEqual(refusal(bearer), [403, 'not_a_user']);
  const cookie = await at.cookie({ token: stack.token });
  assert.deepEqual(refusal(await at.setPassword(cookie, { password: OTHER })), [403, 'not_a_user']);
});

test('another role, and none any more, act at once', async () => {
  await at.add('temp', 'reader', WORDS);
  const cookie = await at.cookie({ name: 'temp', password: WORDS });
  assert.equal((await at.as(cookie, '/api/users')).status, 403);
  await at.mainline('role', 'temp', 'admin');
  assert.equal((await at.as(cookie, '/api/users')).status, 200);
  await at.mainline('role', 'temp', 'agent');
  assert.equal((await at.as(cookie, '/api/users')).status, 403);
  await at.mainline('remove', 'temp');
  assert.equal((await at.as(cookie, '/api/session')).status, 401);
  assert.equal((await at.signIn({ name: 'temp', password: WORDS })).status, 401);
});

test('the last day on which somebody was here is noted', async () => {
  const cookie = await at.cookie({ name: 'anna', password: OTHER });
  await stack.sql('UPDATE users SET last_seen_on = NULL');
  assert.equal((await at.as(cookie, '/api/session')).status, 200);
  const { users } = (await stack.api.request('/api/users')).json;
  const seen = Object.fromEntries(users.map(({ name, last_seen_on }) => [name, last_seen_on]));
  assert.equal(seen.Anna, new Date().toISOString().slice(0, 10));
  assert.equal(seen.boss, null);
});

test('workers give the memory of a password back', async (t) => {
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => at.signIn({ name: `nobody ${i}`, password: 'x' })),
  );
  const workers = at.processes('ml-api');
  assert.ok(workers.length >= 2);
  t.diagnostic(`${workers.map(({ rssKb }) => rssKb).join(', ')} kB`);
  for (const { rssKb } of workers) assert.ok(rssKb < 19_456, `${rssKb} kB stay`);
});
