import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { earlyAnswer } from '../src/api/early.ts';

const ORIGIN = 'https://office.example';

function asked(path: string, answer: Promise<Response>, askedAt = Date.now()): void {
  globalThis.mainlineEarly = { askedAt, byPath: new Map([[path, answer]]) };
}

const request = (path: string, init: RequestInit = {}): Request =>
  new Request(`${ORIGIN}${path}`, init);

beforeEach(() => {
  Object.assign(globalThis, { location: { origin: ORIGIN } });
  globalThis.mainlineEarly = undefined;
});

test('an early answer is taken by the request that would have asked the same, once', async () => {
  const answer = Response.json({ change: 'a' });
  asked('/api/changes', Promise.resolve(answer));
  assert.equal(await earlyAnswer(request('/api/calls?limit=50')), null);
  assert.equal(await earlyAnswer(request('/api/changes')), answer);
  assert.equal(await earlyAnswer(request('/api/changes')), null);
});

test('what changes something, or asks whether something has changed, is never answered early', async () => {
  asked('/api/session', Promise.resolve(Response.json({})));
  assert.equal(await earlyAnswer(request('/api/session', { method: 'DELETE' })), null);
  const headers = { 'If-None-Match': '"x"' };
  assert.equal(await earlyAnswer(request('/api/session', { headers })), null);
});

test('a refusal, a failure and an old answer are asked for again', async () => {
  asked('/api/session', Promise.resolve(new Response(null, { status: 401 })));
  assert.equal(await earlyAnswer(request('/api/session')), null);
  asked('/api/session', Promise.reject(new TypeError('no network')));
  assert.equal(await earlyAnswer(request('/api/session')), null);
  asked('/api/session', Promise.resolve(Response.json({})), Date.now() - 11_000);
  assert.equal(await earlyAnswer(request('/api/session')), null);
});

test('without the first script everything is asked for in its own time', async () => {
  assert.equal(await earlyAnswer(request('/api/session')), null);
});
