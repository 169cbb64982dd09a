// GET /api/feed.atom: read by a feed library, its enclosures played, its address
// made and revoked.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseFeed } from '@rowanmanning/feed-parser';
import { XmlDocument } from 'libxml2-wasm';
import { openDoor, until } from './support/door.js';
import { freePort, Stack } from './support/stack.js';

const ATOM = { a: 'http://www.w3.org/2005/Atom' };
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @type {Stack} */
let stack;
let network;
let door;
let key;
let newest;

const feed = (query, options) =>
  stack.api.request(`/api/feed.atom${query}`, { token: null, ...options });
const code = ({ status, json }) => [status, json?.code];
const token = async (name, scope) =>
  (await stack.mainline(['token', 'add', '--name', name, '--scope', scope])).out.trim();

/** A caller who leaves a message of 8 s, which is kept here. */
async function message(from, options = {}) {
  const call = await network.call({
    from,
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
    ...options,
  });
  const { sid } = call.recordings[0];
  await until(
    async () => (await stack.sql('SELECT 1 FROM recordings WHERE sid = $1', [sid])).length,
  );
  return { ...call, recording: sid };
}

before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network({ people: { '*': { does: 'busy' } } });
  door = await openDoor(port, await network.listen());
  key = await token('podcast', 'feed');
});
after(async () => {
  await door.close();
  await network.close();
  await stack.close();
});

test('without a message it is a feed all the same', async () => {
  const { status, headers, body } = await feed(`?key=${key}`);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/atom+xml; charset=utf-8');
  assert.equal(headers['cache-control'], 'private, no-cache');
  assert.deepEqual(parseFeed(body).items, []);
});

test('a feed library reads who called, and what is to be played', async () => {
  await message('+15550001001');
  newest = await message('+15550001002');
  await stack.sql(
    `UPDATE calls SET caller_name = 'Jane <b>Doe</b> & "Co"', transcript = E'Hello.\\nIt is me \\u0007 <script>',
      caller_city = 'SPRINGFIELD', heard_at = now(), updated_at = now() + interval '1 day' WHERE sid = $1`,
    [newest.sid],
  );
  const { body } = await feed(`?key=${key}`);
  const { meta, title, items, self } = parseFeed(body);
  assert.equal(meta.type, 'atom');
  assert.equal(title, 'Messages');
  assert.equal(self, `${stack.publicUrl}/api/feed.atom?key=${key}`);
  assert.equal(items.length, 2);
  assert.equal(items[1].title, 'Message from +1 555 000 1001 (0:08)');
  const [item] = items;
  assert.equal(item.title, 'Message from Jane <b>Doe</b> & "Co", +1 555 000 1002 (0:08)');
  assert.deepEqual(
    item.authors.map(({ name, url }) => [name, url]),
    [['Jane <b>Doe</b> & "Co"', 'tel:+15550001002']],
  );
  assert.equal(item.url, `${stack.publicUrl}/calls/${newest.sid}`);
  assert.match(item.description, /^Hello\.\nIt is me \ufffd <script>\n\nFrom: Jane/);
  assert.match(item.description, /\nPlace: SPRINGFIELD/);
  assert.match(item.description, /\nLength: 0:08$/);
  const [row] = await stack.sql('SELECT * FROM recordings WHERE sid = $1', [newest.recording]);
  assert.deepEqual(
    item.media.map(({ url, mimeType, length }) => [url, mimeType, length]),
    [
      [
        `${stack.publicUrl}/api/recordings/${newest.recording}.mp3?key=${key}`,
        'audio/mpeg',
        Number(row.mp3_bytes),
      ],
    ],
  );
  assert.equal(item.updated.getTime(), row.archived_at.getTime(), 'a mark is nothing new');
});

/** What RFC 4287 asks of a feed and of its entries, by XPath. */
test('it is valid', async () => {
  const { body } = await feed(`?key=${key}`);
  const document = XmlDocument.fromString(body);
  const one = (at, path) => {
    const found = at.find(path, ATOM);
    assert.equal(found.length ?? 1, 1, path);
    return at.get(path, ATOM).content;
  };
  const texts = (path) => document.find(path, ATOM).map((node) => node.content);
  try {
    const { root } = document;
    assert.equal(root.namespaceUri, ATOM.a);
    const ids = texts('//a:id');
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    for (const at of texts('//a:updated | //a:published')) assert.match(at, RFC3339);
    for (const name of texts('//a:author/a:name')) assert.notEqual(name, '');
    for (const path of ['a:id', 'a:title', 'a:updated', "a:link[@rel='self']"])
      one(root, `/a:feed/${path}`);
    const entries = document.find('/a:feed/a:entry', ATOM);
    assert.equal(entries.length, 2);
    for (let i = 1; i <= entries.length; i += 1)
      for (const path of [
        'a:id',
        'a:title',
        'a:published',
        'a:updated',
        'a:author/a:name',
        'a:summary',
        "a:link[@rel='alternate']/@href",
        "a:link[@rel='enclosure'][@type='audio/mpeg']/@length",
      ])
        one(root, `/a:feed/a:entry[${i}]/${path}`);
    const updated = texts('/a:feed/a:entry/a:updated').toSorted();
    assert.equal(texts('/a:feed/a:updated')[0], updated.at(-1));
    assert.deepEqual(document.find('//a:script | //a:b', ATOM), [], 'text, never markup');
  } finally {
    document.dispose();
  }
  const again = await feed(`?key=${key}`);
  assert.equal(again.body, body, 'the same until there is something new');
});

test('who holds it is not sent it again; HEAD', async () => {
  const { headers, body } = await feed(`?key=${key}`);
  const again = await feed(`?key=${key}`, { headers: { 'If-None-Match': headers.etag } });
  assert.deepEqual([again.status, again.body], [304, '']);
  const head = await feed(`?key=${key}`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body, head.headers.etag], [200, '', headers.etag]);
  assert.equal(Number(head.headers['content-length']), Buffer.byteLength(body));
});

test('an enclosure plays, in parts as well, and it is noted who listens', async () => {
  const { items } = parseFeed((await feed(`?key=${key}`)).body);
  const { pathname, search } = new URL(items[0].media[0].url);
  const play = (options) => stack.api.request(pathname + search, { token: null, ...options });
  const whole = await play();
  assert.equal(whole.status, 200);
  assert.equal(whole.bytes.length, items[0].media[0].length);
  const file = join(stack.settings.MAINLINE_DATA, 'recordings', `${newest.recording}.mp3`);
  assert.deepEqual(whole.bytes, readFileSync(file));
  const part = await play({ headers: { Range: 'bytes=100-199' } });
  assert.equal(part.status, 206);
  assert.deepEqual(part.bytes, whole.bytes.subarray(100, 200));
  assert.equal((await play({ method: 'HEAD' })).status, 200);
  const { listens } = await stack.api.call(newest.sid);
  assert.deepEqual(
    listens.map(({ who }) => who),
    ['podcast'],
  );
});

test('the key opens the feed and its audio, and nothing else', async () => {
  const mp3 = `/api/recordings/${newest.recording}.mp3`;
  for (const path of [
    mp3.replace('.mp3', '.wav'),
    `/api/calls`,
    `/api/calls/${newest.sid}`,
    '/api/calls.csv',
    '/api/session',
    '/api/feed',
    '/metrics',
  ]) {
    const { status } = await stack.api.request(`${path}?key=${key}`, { token: null });
    assert.equal(status, 401, path);
  }
  // As a bearer token it is one of the scope feed alone.
  for (const path of ['/api/calls', mp3, '/api/feed.atom', '/api/calls.csv'])
    assert.deepEqual(code(await stack.api.request(path, { token: key })), [403, 'scope_missing']);
});

test('what is no key', async () => {
  const reader = await token('reader', 'read,audio');
  for (const query of [
    '?key=ml_nobody',
    `?key=${key.slice(0, -1)}`,
    `?key=${key}x`,
    `?key=${stack.token}`, // an address must not carry what may do more
    `?key=${reader}`,
    `?key=%FF%00`,
    '?key=',
  ])
    assert.deepEqual(code(await feed(query)), [401, 'token_unknown'], query);
  assert.deepEqual(code(await feed('')), [401, 'token_needed']);
  assert.deepEqual(code(await feed(`?key=${key}&key=${key}`)), [401, 'token_needed']);
  const more = await feed(`?key=${key}&limit=3`);
  assert.deepEqual(code(more), [400, 'bad_parameter']);
  const mp3 = await stack.api.request(`/api/recordings/${newest.recording}.mp3?key=${key}&x=1`, {
    token: null,
  });
  assert.deepEqual(code(mp3), [400, 'bad_parameter']);
});

test('a bearer token of the scope read, whose enclosures need one of audio', async () => {
  const ear = await token('ear', 'audio');
  const deaf = await token('deaf', 'read');
  assert.deepEqual(code(await feed('', { token: ear })), [403, 'scope_missing'], 'names callers');
  const { status, body } = await feed('', { token: deaf });
  assert.equal(status, 200);
  const { items, self } = parseFeed(body);
  assert.equal(self, `${stack.publicUrl}/api/feed.atom`);
  const { pathname, search } = new URL(items[0].media[0].url);
  assert.equal(search, '');
  assert.equal((await stack.api.request(pathname, { token: null })).status, 401);
  assert.equal((await stack.api.request(pathname, { token: ear })).status, 200);
  assert.deepEqual(code(await stack.api.request(pathname, { token: deaf })), [
    403,
    'scope_missing',
  ]);
});

test('what is not here yet, or not any more, is left out', async () => {
  door.upstream = (request, response) => response.writeHead(503).end();
  const call = await network.call({
    from: '+15550001003',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  await until(async () => (await stack.api.call(call.sid)).outcome === 'voicemail');
  const count = async () => parseFeed((await feed(`?key=${key}`)).body).items.length;
  assert.equal(await count(), 2);
  door.upstream = null;
  await stack.mainline(['jobs', 'retry', '--all']);
  await stack.sql(`UPDATE jobs SET due_at = now() WHERE kind = 'archive'`);
  await until(async () => (await count()) === 3, 30_000);
  await stack.sql('UPDATE recordings SET removed_at = now() WHERE sid = $1', [
    call.recordings[0].sid,
  ]);
  assert.equal(await count(), 2);
});

test('a revoked token opens nothing any more', async () => {
  const once = await token('once', 'feed');
  assert.equal((await feed(`?key=${once}`)).status, 200);
  await stack.mainline(['token', 'revoke', 'once']);
  assert.deepEqual(code(await feed(`?key=${once}`)), [401, 'token_unknown']);
});

/** Signs in by the link of a new user; gives the cookie. */
async function user(name, role) {
  const { out, err } = await stack.mainline(['user', 'add', name, '--role', role, '--link']);
  const link = out.trim().match(/[A-Za-z0-9_-]{43}$/)?.[0];
  assert.ok(link, `${out}${err}`);
  const { status, headers, body } = await stack.api.request('/api/session', {
    method: 'POST',
    token: null,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ link }),
  });
  assert.equal(status, 200, body);
  return headers['set-cookie'][0].split(';')[0];
}

const mine = (cookie, method = 'GET', headers = {}) =>
  stack.api.request('/api/feed', { method, token: null, headers: { Cookie: cookie, ...headers } });

test('a user makes an address, makes it anew, and revokes it', async () => {
  const ann = await user('ann', 'agent');
  assert.deepEqual((await mine(ann)).json, { created_at: null, last_used_on: null });
  const made = await mine(ann, 'POST');
  assert.equal(made.status, 201);
  assert.match(made.headers['cache-control'], /no-store/);
  const { origin, pathname, search } = new URL(made.json.url);
  assert.deepEqual([origin, pathname], [stack.publicUrl, '/api/feed.atom']);
  assert.match(search, /^\?key=ml_[A-Za-z0-9_-]{43}$/);
  const before = (await mine(ann)).json;
  assert.match(before.created_at, RFC3339);
  assert.equal(before.last_used_on, null);
  const { status, body } = await feed(search);
  assert.equal(status, 200);
  assert.match((await mine(ann)).json.last_used_on, /^\d{4}-\d\d-\d\d$/);

  const { pathname: audio, search: its } = new URL(parseFeed(body).items[0].media[0].url);
  assert.equal((await stack.api.request(audio + its, { token: null })).status, 200);
  const { listens } = await stack.api.call(newest.sid);
  assert.equal(listens[0].who, 'ann (feed)');

  const again = new URL((await mine(ann, 'POST')).json.url).search;
  assert.notEqual(again, search);
  assert.deepEqual(code(await feed(search)), [401, 'token_unknown'], 'the one before');
  assert.equal((await feed(again)).status, 200);
  assert.equal((await mine(ann, 'DELETE')).status, 204);
  assert.equal((await mine(ann, 'DELETE')).status, 204, 'also when there is none');
  assert.deepEqual(code(await feed(again)), [401, 'token_unknown']);
  assert.deepEqual((await mine(ann)).json, { created_at: null, last_used_on: null });
});

test('it ends with the right to hear, and with its user', async () => {
  const bob = await user('bob', 'agent');
  const { search } = new URL((await mine(bob, 'POST')).json.url);
  assert.equal((await feed(search)).status, 200);
  await stack.mainline(['user', 'role', 'bob', 'reader']);
  assert.deepEqual(code(await feed(search)), [401, 'token_unknown']);
  assert.deepEqual(code(await mine(bob)), [403, 'scope_missing']);
  await stack.mainline(['user', 'role', 'bob', 'admin']);
  assert.equal((await feed(search)).status, 200);
  await stack.mainline(['user', 'remove', 'bob']);
  assert.deepEqual(code(await feed(search)), [401, 'token_unknown']);
});

test('who is no user has no address, and no other site makes one', async () => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await stack.api.request('/api/feed', { method });
    assert.deepEqual(code(answer), [403, 'not_a_user'], method);
    assert.equal((await stack.api.request('/api/feed', { method, token: null })).status, 401);
  }
  const carl = await user('carl', 'agent');
  const cross = await mine(carl, 'POST', { 'Sec-Fetch-Site': 'cross-site' });
  assert.deepEqual(code(cross), [403, 'cross_site']);
  assert.deepEqual((await mine(carl)).json.created_at, null);
});

test('no log holds a key', async () => {
  const { search } = new URL((await mine(await user('dora', 'agent'), 'POST')).json.url);
  const audio = `/api/recordings/${newest.recording}.mp3${search}`;
  const file = join(stack.settings.MAINLINE_DATA, 'recordings', `${newest.recording}.mp3`);
  await feed(search);
  await feed('?key=ml_nobody');
  // What nginx cannot open it would say with the whole address.
  renameSync(file, `${file}.away`);
  symlinkSync(file, file);
  assert.equal((await stack.api.request(audio, { token: null })).status, 503);
  unlinkSync(file);
  assert.equal((await stack.api.request(audio, { token: null })).status, 410);
  renameSync(`${file}.away`, file);
  const logs = readdirSync(join(stack.data, 'log'));
  assert.ok(logs.includes('access.log') && logs.includes('nginx-error.log'), logs.join());
  for (const name of logs) {
    const text = readFileSync(join(stack.data, 'log', name), 'utf8');
    for (const secret of [key, search.slice(5), 'key=', 'ml_nobody'])
      assert.ok(!text.includes(secret), `${name} holds ${secret}`);
  }
});
