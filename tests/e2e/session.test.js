// Signing in to the page: a token for a cookie, and out again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
let listener;

before(async () => {
  stack = await Stack.start();
  const made = await stack.mainline(['token', 'add', '--name', 'Nora', '--scope', 'audio']);
  listener = made.out.trim();
});
after(() => stack.close());

const ATTRIBUTES = ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'];

function signIn(token, { headers = {}, body = JSON.stringify({ token }) } = {}) {
  return stack.api.request('/api/session', {
    method: 'POST',
    token: null,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
}

async function cookieOf(token) {
  const { status, headers } = await signIn(token);
  assert.equal(status, 200);
  return headers['set-cookie'][0].split(';')[0];
}

const withCookie = (path, cookie, options = {}) =>
  stack.api.request(path, {
    token: null,
    ...options,
    headers: { Cookie: cookie, ...options.headers },
  });

test('a token is exchanged for a cookie that no script, no http and no other site gets', async () => {
  const { status, json, headers } = await signIn(stack.token);
  assert.equal(status, 200);
  assert.deepEqual(json.scopes, ['admin']);
  assert.match(json.name, /^admin-/);
  const [pair, ...attributes] = headers['set-cookie'][0].split('; ');
  assert.match(pair, /^__Host-mainline=[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(attributes, [...ATTRIBUTES, 'Max-Age=2592000']);
  assert.match(headers['cache-control'], /no-store/);
});

test('the cookie may do what its token may, and no more', async () => {
  const admin = await cookieOf(stack.token);
  assert.equal((await withCookie('/api/calls', admin)).status, 200);
  assert.equal((await withCookie('/api/session', `a=1; ${admin}; b=2`)).json.scopes[0], 'admin');
  const audio = await cookieOf(listener);
  const refused = await withCookie('/api/calls', audio);
  assert.deepEqual([refused.status, refused.json.code], [403, 'scope_missing']);
  assert.deepEqual((await withCookie('/api/session', audio)).json, {
    name: 'Nora',
    role: null,
    scopes: ['audio'],
    password_wanted: false,
  });
  assert.ok('database' in (await withCookie('/readyz', admin)).json);
});

test('a token that is none of ours', async () => {
  for (const token of ['ml_nobody', `ml_${'a'.repeat(43)}`, '', 'x'.repeat(2000), 'é']) {
    const { status, json, headers } = await signIn(token);
    assert.deepEqual([status, json.code], [401, 'token_unknown'], token);
    assert.equal(headers['set-cookie'], undefined);
  }
});

test('a body that is none', async () => {
  for (const body of [
    '',
    '{}',
    '[]',
    '{"token":5}',
    '{"token":"a"',
    '{"token":"\\u0000"}',
    'token=a',
    '\u0000',
    '"ml_"',
  ]) {
    const { status, json } = await signIn('', { body });
    assert.deepEqual([status, json.code], [400, 'bad_body'], body);
  }
  const type = await signIn(stack.token, { headers: { 'Content-Type': 'text/plain' } });
  assert.deepEqual([type.status, type.json.code], [415, 'not_json']);
  const large = await signIn('x'.repeat(20_000));
  assert.deepEqual([large.status, large.json.code], [413, 'body_too_large']);
});

test('another site cannot sign a browser in or out', async () => {
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'Sec-Fetch-Site': site };
    const refused = await signIn(stack.token, { headers });
    assert.deepEqual([refused.status, refused.json.code], [403, 'cross_site']);
    const cookie = await cookieOf(stack.token);
    const out = await withCookie('/api/session', cookie, { method: 'DELETE', headers });
    assert.equal(out.status, 403);
    assert.equal((await withCookie('/api/session', cookie)).status, 200);
  }
  const own = await signIn(stack.token, { headers: { 'Sec-Fetch-Site': 'same-origin' } });
  assert.equal(own.status, 200);
});

test('signing out ends the session, and takes the cookie back', async () => {
  const cookie = await cookieOf(stack.token);
  const other = await cookieOf(stack.token);
  const { status, headers } = await withCookie('/api/session', cookie, { method: 'DELETE' });
  assert.equal(status, 204);
  assert.match(headers['set-cookie'][0], /^__Host-mainline=; .*Secure; .*Max-Age=0$/);
  for (const path of ['/api/session', '/api/calls']) {
    const refused = await withCookie(path, cookie);
    assert.deepEqual([refused.status, refused.json.code], [401, 'token_needed']);
  }
  assert.equal((await withCookie('/api/session', cookie, { method: 'DELETE' })).status, 204);
  assert.equal((await withCookie('/api/session', other)).status, 200);
});

test('a cookie that is none of ours, and a header beside a good one', async () => {
  for (const value of ['', 'x', 'a'.repeat(43), "' OR 1=1 --", '%00'])
    assert.equal((await withCookie('/api/calls', `__Host-mainline=${value}`)).status, 401);
  const cookie = await cookieOf(stack.token);
  const both = await stack.api.request('/api/calls', {
    token: 'ml_wrong',
    headers: { Cookie: cookie },
  });
  assert.deepEqual([both.status, both.json.code], [401, 'token_unknown']);
});

test('revoking the token ends its sessions', async () => {
  const { out } = await stack.mainline(['token', 'add', '--name', 'short', '--scope', 'read']);
  const cookie = await cookieOf(out.trim());
  assert.equal((await withCookie('/api/calls', cookie)).status, 200);
  await stack.mainline(['token', 'revoke', 'short']);
  assert.equal((await withCookie('/api/calls', cookie)).status, 401);
});

test('other methods are told which there are', async () => {
  const { status, headers } = await stack.api.request('/api/session', {
    method: 'PUT',
    described: false,
  });
  assert.equal(status, 405);
  assert.equal(headers.allow, 'GET, HEAD, POST, DELETE');
});
