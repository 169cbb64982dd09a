// GET /api/calls and what stands around it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
/** Every call placed below, the newest first. */
let placed;
let readOnly;
let audioOnly;

async function token(name, scope) {
  const { code, out, err } = await stack.mainline([
    'token',
    'add',
    '--name',
    name,
    '--scope',
    scope,
  ]);
  assert.equal(code, 0, err);
  return out.trim();
}

before(async () => {
  stack = await Stack.start();
  readOnly = await token('reader', 'read');
  audioOnly = await token('listener', 'audio');
  const network = stack.network({ people: { '*': { does: 'busy' } } });
  const scripts = [
    { from: '+15550001001', caller: [{ press: '2' }, { message: 8 }] },
    { from: '+15550001002', caller: [{ press: '1' }, { hangUp: 1, while: 'greeting' }] },
    { from: '+15550001003', caller: [{ hangUp: 1, while: 'prompt' }] },
    {
      from: '+442071838750',
      caller: [{ press: '2' }, { message: 9 }],
      params: { CallerName: 'ACME 100% Ltd' },
    },
    { from: 'anonymous', caller: [{ hangUp: 1, while: 'prompt' }] },
  ];
  placed = [];
  for (const script of scripts) placed.unshift(await network.call({ to: stack.line, ...script }));
  await network.close();
});
after(() => stack.close());

const sids = ({ calls }) => calls.map(({ sid }) => sid);
const all = () => placed.map(({ sid }) => sid);
const at = (...indexes) => indexes.map((i) => placed.at(i).sid);
// Newest first: 0 anonymous, 1 +44 message, 2 hung up in menu, 3 busy, 4 message.

test('the feed is newest first', async () => {
  const page = await stack.api.get('/api/calls');
  assert.deepEqual(sids(page), all());
  assert.equal(page.next, null);
});

test('pages of each size, one after the other, give every call once', async () => {
  for (const limit of [1, 2, 3, 5]) {
    let path = `/api/calls?limit=${limit}`;
    const seen = [];
    while (path) {
      const page = await stack.api.get(path);
      assert.ok(page.calls.length <= limit);
      seen.push(...sids(page));
      path = page.next && `/api/calls?limit=${limit}&after=${page.next}`;
    }
    assert.deepEqual(seen, all());
  }
});

test('the Link header names the next page', async () => {
  const { headers, json } = await stack.api.request('/api/calls?limit=2');
  assert.equal(headers.link, `</api/calls?limit=2&after=${json.next}>; rel="next"`);
});

for (const [query, expected] of [
  ['outcome=voicemail', [1, 4]],
  ['outcome=missed,abandoned', [0, 2, 3]],
  ['outcome=answered', []],
  ['status=completed', [0, 1, 2, 3, 4]],
  ['status=ringing,in-progress', []],
  ['has_voicemail=true', [1, 4]],
  ['has_voicemail=false', [0, 2, 3]],
  ['heard=true', []],
  ['heard=false&has_voicemail=true', [1, 4]],
  ['line=%2B15550100001', [0, 1, 2, 3, 4]],
  ['line=+15550100001', [0, 1, 2, 3, 4]],
  ['line=%2B15550100009', []],
  ['q=1002', [3]],
  ['q=%2B1%20(555)%20000-1002', [3]],
  ['q=acme', [1]],
  ['q=100%25', [1]],
  ['q=_', []],
  ['q=nobody', []],
  ['since=2000-01-01', [0, 1, 2, 3, 4]],
  ['since=2099-01-01T00:00:00Z', []],
  ['until=2000-01-01T00:00:00%2B02:00', []],
  ['until=2099-01-01', [0, 1, 2, 3, 4]],
  ['outcome=&q=&limit=', [0, 1, 2, 3, 4]],
]) {
  test(`filter ${query}`, async () => {
    assert.deepEqual(sids(await stack.api.get(`/api/calls?${query}`)), at(...expected));
  });
}

test('a cursor carries the filters of its query', async () => {
  const first = await stack.api.get('/api/calls?outcome=missed,abandoned&limit=1');
  assert.deepEqual(sids(first), at(0));
  const alone = await stack.api.get(`/api/calls?after=${first.next}`);
  assert.deepEqual(sids(alone), at(2, 3));
  const again = await stack.api.get(`/api/calls?after=${first.next}&outcome=missed,abandoned`);
  assert.deepEqual(sids(again), at(2, 3));
  await stack.api.refused(`/api/calls?after=${first.next}&outcome=voicemail`, 'after');
});

for (const [query, parameter] of [
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=1e1', 'limit'],
  ['limit=99999999999999999999', 'limit'],
  ['limit=%31%30%00', 'limit'],
  ['limit=10&limit=10', 'limit'],
  ['after=nonsense', 'after'],
  ['after=AAAA', 'after'],
  ['after=%ff', 'after'],
  [
    `after=${Buffer.from('1/CA0123456789abcdef0123456789abcdef/outcome=nonsense').toString('base64url')}`,
    'after',
  ],
  [
    `after=${Buffer.from('1/CA0123456789abcdef0123456789abcdef/limit=3').toString('base64url')}`,
    'after',
  ],
  [`after=${Buffer.from('1/CAnone/').toString('base64url')}`, 'after'],
  [
    `after=${Buffer.from('99999999999999999999/CA0123456789abcdef0123456789abcdef/').toString('base64url')}`,
    'after',
  ],
  ['since=yesterday', 'since'],
  ['since=2026-02-30', 'since'],
  ['since=2026-01-01T00:00:00', 'since'],
  ['until=2026-13-01', 'until'],
  ['status=done', 'status'],
  ['status=completed,', 'status'],
  ['outcome=lost', 'outcome'],
  ['has_voicemail=yes', 'has_voicemail'],
  ['heard=1', 'heard'],
  [`q=${'x'.repeat(65)}`, 'q'],
  ['q=%ff', 'q'],
  ['q=a%00b', 'q'],
  [`line=${'9'.repeat(300)}`, 'line'],
  ['colour=red', 'colour'],
  ['LIMIT=3', 'LIMIT'],
]) {
  test(`refused: ${query.slice(0, 60)}`, () => stack.api.refused(`/api/calls?${query}`, parameter));
}

test('what has not changed is not sent again', async () => {
  const { headers } = await stack.api.request('/api/calls?limit=3');
  const again = await stack.api.request('/api/calls?limit=3', {
    headers: { 'If-None-Match': headers.etag },
  });
  assert.equal(again.status, 304);
  assert.equal(again.body, '');
  const other = await stack.api.request('/api/calls?limit=2', {
    headers: { 'If-None-Match': headers.etag },
  });
  assert.equal(other.status, 200);
});

test('HEAD is GET without the body', async () => {
  const { status, headers, body } = await stack.api.request('/api/calls', { method: 'HEAD' });
  assert.equal(status, 200);
  assert.ok(Number(headers['content-length']) > 1000);
  assert.equal(body, '');
});

test('a call that nobody placed is not there', async () => {
  for (const sid of [
    'CA00000000000000000000000000000000',
    'CA1',
    'nonsense',
    '%00',
    "CA'--",
    'RE00000000000000000000000000000000',
  ]) {
    const { status, json } = await stack.api.request(`/api/calls/${sid}`, {
      described: sid !== '%00',
    });
    assert.equal(status, sid === '%00' ? 400 : 404, sid);
    assert.equal(json.code, sid === '%00' ? 'bad_request' : 'no_such_call');
  }
});

test('one call takes no parameters', async () => {
  const { status, json } = await stack.api.request(`/api/calls/${placed[0].sid}?limit=1&x=2`);
  assert.equal(status, 400);
  assert.equal(json.parameter, 'limit');
  assert.equal(json.code, 'bad_parameter');
});

test('an ETag is known in a list, as a weak one, and by *', async () => {
  const { headers } = await stack.api.request('/api/calls');
  for (const [value, status] of [
    [`"x", ${headers.etag}`, 304],
    [`W/${headers.etag}`, 304],
    ['*', 304],
    ['"x", "y"', 200],
    [headers.etag.slice(0, -2), 200],
  ]) {
    const asked = await stack.api.request('/api/calls', { headers: { 'If-None-Match': value } });
    assert.equal(asked.status, status, value);
  }
});

test('what nginx refuses is a problem, too', async () => {
  const long = await stack.api.request(`/api/calls?after=${'x'.repeat(40_000)}`, {
    described: false,
  });
  assert.deepEqual([long.status, long.json.code], [414, 'uri_too_long']);
});

test('nobody reads it without a token', async () => {
  for (const path of ['/api/calls', `/api/calls/${placed[0].sid}`, '/api/calls?limit=0']) {
    for (const bad of [
      null,
      '',
      'ml_',
      'ml_0000000000000000000000000000000000000000000',
      'x'.repeat(300),
      `${readOnly}x`,
      readOnly.slice(0, -1),
    ]) {
      const { status, headers, json } = await stack.api.request(path, { token: bad });
      assert.equal(status, 401);
      assert.equal(json.code, bad === null ? 'token_needed' : 'token_unknown');
      assert.match(headers['www-authenticate'], /^Bearer /);
    }
  }
  const basic = await stack.api.request('/api/calls', {
    token: null,
    headers: { Authorization: `Basic ${btoa(`x:${readOnly}`)}` },
  });
  assert.equal(basic.status, 401);
});

test('scopes: read reads, audio does not, a revoked token does nothing', async () => {
  assert.equal((await stack.api.request('/api/calls', { token: readOnly })).status, 200);
  const { status, json } = await stack.api.request('/api/calls', { token: audioOnly });
  assert.equal(status, 403);
  assert.equal(json.code, 'scope_missing');
  const gone = await token('gone', 'read');
  assert.equal((await stack.api.request('/api/calls', { token: gone })).status, 200);
  assert.equal((await stack.mainline(['token', 'revoke', 'gone'])).code, 0);
  assert.equal((await stack.api.request('/api/calls', { token: gone })).status, 401);
});

test('other methods and paths', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await stack.api.request('/api/calls', { method, described: false });
    assert.equal(status, 405);
    assert.equal(headers.allow, 'GET, HEAD, PATCH');
  }
  for (const path of [
    '/api',
    '/api/',
    '/api/nothing',
    '/api/calls/',
    '/api/calls/a/b',
    '/API/calls',
  ]) {
    const { status } = await stack.api.request(path, { described: false });
    assert.equal(status, 404, path);
  }
});

test('health: alive and ready, and to a token of what', async () => {
  assert.deepEqual(await stack.api.get('/healthz', { token: null }), { status: 'ok' });
  assert.deepEqual(await stack.api.get('/readyz', { token: null }), { ready: true });
  assert.deepEqual(await stack.api.get('/readyz', { token: 'wrong' }), { ready: true });
  const told = await stack.api.get('/readyz', { token: readOnly });
  assert.deepEqual(Object.keys(told), [
    'ready',
    'database',
    'flow_version',
    'spool',
    'jobs',
    'reconcile',
  ]);
  assert.equal(told.database, 'ok');
});

test('an answered call later is told of the missed one before', async () => {
  const network = stack.network({ people: { '*': { does: 'answers', after: 3, talks: 9 } } });
  const later = await network.call({
    from: '+15550001002',
    to: stack.line,
    caller: [{ press: '1' }],
  });
  const other = await network.call({ from: 'anonymous', to: stack.line, caller: [{ press: '1' }] });
  await network.close();
  assert.equal((await stack.api.call(placed[3].sid)).answered_later, later.sid);
  assert.equal(
    (await stack.api.call(placed[0].sid)).answered_later,
    null,
    'two callers without a number are not the same',
  );
  assert.equal((await stack.api.call(other.sid)).answered_later, null);
});
