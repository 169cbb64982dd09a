// Our signatures of webhooks, verified by the convention's official library.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { doors } from './support/doors.js';

const message = fc.record({
  key: fc.uint8Array({ minLength: 24, maxLength: 64 }),
  id: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
  age: fc.integer({ min: -200, max: 200 }),
  body: fc.oneof(fc.json(), fc.string({ unit: 'binary', maxLength: 500 })),
});

const secretOf = (key) => `whsec_${Buffer.from(key).toString('base64')}`;

test('what we sign verifies there, and is what it would sign', async () => {
  const messages = fc.sample(message, 1000);
  const now = Math.floor(Date.now() / 1000);
  const answers = await doors(
    messages.map(({ key, id, age, body }) => ['sign', secretOf(key), id, String(now - age), body]),
  );

  messages.forEach(({ key, id, age, body }, i) => {
    const webhook = new Webhook(secretOf(key));
    const { error, result } = answers[i];

    assert.equal(error, 'ok');
    assert.equal(result, webhook.sign(id, new Date((now - age) * 1000), body));
    webhook.verify(
      body,
      { 'webhook-id': id, 'webhook-timestamp': String(now - age), 'webhook-signature': result },
      { jsonParse: false },
    );
  });
});

test('another secret, id, time or body does not verify', async () => {
  const key = randomBytes(32);
  const now = String(Math.floor(Date.now() / 1000));
  const [{ result }] = await doors([['sign', secretOf(key), 'a', now, '{}']]);
  const headers = { 'webhook-id': 'a', 'webhook-timestamp': now, 'webhook-signature': result };
  const verify = (secret, body, changed) =>
    new Webhook(secretOf(secret)).verify(body, { ...headers, ...changed });

  verify(key, '{}', {});
  assert.throws(() => verify(randomBytes(32), '{}', {}));
  assert.throws(() => verify(key, '{ }', {}));
  assert.throws(() => verify(key, '{}', { 'webhook-id': 'b' }));
  assert.throws(() => verify(key, '{}', { 'webhook-timestamp': String(Number(now) - 1) }));
});

test('a secret that is none is refused', async () => {
  const answers = await doors([
    ['sign', 'whsec_', 'a', '1', ''],
    ['sign', secretOf(randomBytes(23)), 'a', '1', ''],
    ['sign', secretOf(randomBytes(65)), 'a', '1', ''],
    ['sign', randomBytes(32).toString('base64'), 'a', '1', ''],
  ]);

  assert.deepEqual(answers.map(({ error }) => error), ['input', 'input', 'input', 'input']);
});
