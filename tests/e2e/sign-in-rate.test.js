// An address's share of sign-ins, as it is by default: nginx turns the rest away
// before a worker looks at a password.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { send } from './support/http.js';
import { people } from './support/people.js';
import { Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
let at;
before(async () => {
  stack = await Stack.start({ NGINX_SIGN_IN_RATE: '' }, { jobs: false });
  at = people(stack);
});
after(() => stack.close());

test('of many sign-ins from one address only the first are looked at', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => at.signIn({ name: `nobody ${i}`, password: 'x' })),
  );
  const count = (wanted) => answers.filter(({ status }) => status === wanted).length;
  assert.ok(count(401) >= 20 && count(401) <= 24, `${count(401)} were looked at`);
  assert.equal(count(401) + count(429), 60);
  const turned = answers.find(({ status }) => status === 429);
  assert.equal(turned.json.code, 'too_many_requests');
  const put = await at.setPassword('x=1', { password: 'a long enough one' });
  assert.equal(put.status, 429, 'so it is with the choice of a password');
});

test('everything else of the API has its own share', async () => {
  for (let i = 0; i < 40; i += 1)
    assert.equal((await stack.api.request('/api/session')).status, 200);
  const out = await at.as('x=1', '/api/session', { method: 'DELETE' });
  assert.equal(out.status, 204);
});

test('of sign-ins from many addresses some wait, and the rest are turned away', async (t) => {
  const many = await Stack.start({ NGINX_SIGN_INS_RATE: '' }, { jobs: false });
  t.after(() => many.close());
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 90 }, (_, i) =>
      send(many, {
        method: 'POST',
        path: '/api/session',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: `nobody ${i}`, password: 'x' }),
        localAddress: `127.0.1.${i + 1}`,
      }),
    ),
  );
  const count = (wanted) => answers.filter(({ status }) => status === wanted).length;
  const looked = count(401);
  assert.ok(looked >= 41 && looked < 90, `${looked} were looked at`);
  assert.equal(looked + count(429), 90);
  assert.ok(performance.now() - began > 3500, 'they were let through one after the other');
  assert.equal((await many.api.request('/api/session')).status, 200, 'all else goes on');
});
