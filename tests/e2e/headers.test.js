// What browsers are told of each answer, header by header.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { send } from './support/http.js';
import { ROOT, Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.close());

const HSTS = 'max-age=63072000';
const NONE = "'none'";
const POLICY = {
  'default-src': NONE,
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'media-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': NONE,
  'form-action': NONE,
  'frame-ancestors': NONE,
};
const DOCS = { ...POLICY, 'style-src': "'self' 'unsafe-inline'" };
delete DOCS['media-src'];
delete DOCS['manifest-src'];

const policyOf = (header) =>
  Object.fromEntries(
    header.split('; ').map((part) => {
      const [name, ...values] = part.split(' ');
      return [name, values.join(' ')];
    }),
  );

async function ask(path, headers = {}) {
  const answer = await send(stack, { method: 'GET', path, headers });
  assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
  return answer;
}

test('the page may fetch from this host and run its own files alone', async () => {
  const { status, headers } = await ask('/');
  assert.equal(status, 200);
  assert.deepEqual(policyOf(headers['content-security-policy']), POLICY);
  assert.equal(headers['strict-transport-security'], HSTS);
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cache-control'], 'no-cache');
  assert.match(headers['content-type'], /^text\/html; charset=utf-8/);
});

test('so may the viewer of the description, which writes styles', async () => {
  const { status, headers } = await ask('/docs/');
  assert.equal(status, 200);
  assert.deepEqual(policyOf(headers['content-security-policy']), DOCS);
  assert.equal(headers['strict-transport-security'], HSTS);
  assert.equal(headers['referrer-policy'], 'no-referrer');
  const moved = await send(stack, { method: 'GET', path: '/docs' });
  assert.equal(moved.status, 301);
  assert.match(moved.headers.location, /\/docs\/$/);
  assert.match((await ask('/docs/mainline.yaml')).headers['content-type'], /yaml/);
});

test('assets are kept for ever, under names that change with them', async () => {
  const names = readdirSync(join(ROOT, 'build/web/assets'));
  assert.ok(names.length > 0);
  for (const name of names) {
    const { status, headers } = await ask(`/assets/${name}`);
    assert.equal(status, 200, name);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
  }
});

test('the API, a refusal, and what is not there', async () => {
  const token = { Authorization: `Bearer ${stack.token}` };
  for (const [path, headers, wanted] of [
    ['/api/calls', token, 200],
    ['/api/calls', {}, 401],
    ['/api/nothing', token, 404],
    ['/nothing', {}, 404],
    ['/assets/nothing.js', {}, 404],
    ['/docs/nothing', {}, 404],
    ['/api/%00', token, 400],
  ]) {
    const answer = await ask(path, headers);
    assert.equal(answer.status, wanted, path);
    assert.equal(answer.headers['strict-transport-security'], HSTS, path);
    assert.equal(answer.headers['referrer-policy'], 'no-referrer', path);
    assert.match(answer.headers['x-request-id'], /^[0-9a-f]{32}$/, path);
    if (wanted === 401) assert.equal(answer.headers['cache-control'], 'no-store');
  }
});
