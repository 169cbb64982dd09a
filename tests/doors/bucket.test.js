// The bucket, against a storage that others wrote and signatures that AWS's own
// library makes.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import fc from 'fast-check';
import { presign } from '../simulator/peers/aws.js';
import { ACCOUNT, BUCKET, S3Server } from '../simulator/peers/s3.js';
import { door, doors } from './support/doors.js';

const KEY = '2026/11/RE0123456789abcdef0123456789abcdef.wav';
let storage;
let folder;

before(async () => {
  storage = await S3Server.start();
  folder = mkdtempSync(join(tmpdir(), 'mainline-bucket-'));
});

after(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const at = ({ bucket = BUCKET, account = ACCOUNT } = {}) => [
  `${storage.origin}/${bucket}`,
  account.region,
  account.key,
  account.secret,
];

function file(bytes) {
  const path = join(folder, 'audio.wav');

  writeFileSync(path, bytes);
  return path;
}

const put = (key, bytes, { wrong = '', ...where } = {}) =>
  door('put', ...at(where), key, file(bytes), 'audio/wav', wrong);
const head = (key, where) => door('head', ...at(where), key);
const remove = (key, where) => door('delete', ...at(where), key);

async function presigned(key, { seconds = 60, nowMs = Date.now(), ...where } = {}) {
  const answer = await door('presign', ...at(where), key, String(nowMs * 1000), String(seconds));

  assert.equal(answer.error, 'ok');
  return storage.origin + answer.result;
}

test('what is put can be asked for, read by a presigned URL, and deleted', async () => {
  for (const length of [0, 1, 65537, 3_000_000]) {
    const bytes = randomBytes(length);
    const answer = await put(KEY, bytes);

    assert.deepEqual([answer.error, answer.why], ['ok', '']);
    assert.deepEqual(await head(KEY), { error: 'ok', result: String(length), why: '' });
    const got = await fetch(await presigned(KEY));
    assert.equal(got.status, 200);
    assert.equal(got.headers.get('content-type'), 'audio/wav');
    assert.ok(Buffer.from(await got.arrayBuffer()).equals(bytes));
    assert.equal((await remove(KEY)).error, 'ok');
    assert.equal((await head(KEY)).error, 'not_found');
    assert.equal((await fetch(await presigned(KEY))).status, 404);
    assert.equal((await remove(KEY)).error, 'ok', 'once more changes nothing');
  }
});

test('a presigned URL serves a range, for as long as was said', async () => {
  await put(KEY, Buffer.from('0123456789'));
  const range = await fetch(await presigned(KEY), { headers: { range: 'bytes=2-4' } });
  assert.equal(range.status, 206);
  assert.equal(await range.text(), '234');
  const late = await fetch(await presigned(KEY, { nowMs: Date.now() - 61_000 }));
  assert.equal(late.status, 403);
  const url = await presigned(KEY);
  const other = url.replace('0123456789abcdef.wav', '0123456789abcdee.wav');
  assert.notEqual(url, other);
  assert.equal((await fetch(other)).status, 403);
});

test('a wrong secret, key or region is refused, and says so', async () => {
  for (const change of [{ secret: 'S3cret' }, { key: 'OTHER' }, { region: 'us-east-1' }]) {
    const account = { ...ACCOUNT, ...change };
    const answers = [
      await put(KEY, Buffer.from('x'), { account }),
      await remove(KEY, { account }),
    ];

    for (const { error, why } of answers) {
      assert.equal(error, 'upstream');
      assert.equal(why, 'the bucket answered 403, SignatureDoesNotMatch');
    }
    assert.equal((await head(KEY, { account })).error, 'upstream');
    assert.equal((await fetch(await presigned(KEY, { account }))).status, 403);
  }
});

test('bytes that are not those of the sum are refused', async () => {
  const answer = await put('changed.wav', Buffer.from('x'), { wrong: 'wrong' });

  assert.equal(answer.error, 'upstream');
  assert.equal(answer.why, 'the bucket answered 403, XAmzContentSHA256Mismatch');
  assert.equal((await head('changed.wav')).error, 'not_found');
});

test('a bucket that is not there is nothing that could have been deleted', async () => {
  const where = { bucket: 'nowhere' };

  for (const answer of [await put(KEY, Buffer.from('x'), where), await remove(KEY, where)]) {
    assert.equal(answer.error, 'upstream');
    assert.match(answer.why, /404, NoSuchBucket/);
  }
});

test('a storage that is busy or away is asked again later', async () => {
  for (const status of [429, 500, 503]) {
    storage.fail({ status });
    const answer = await put(KEY, Buffer.from('x'));
    assert.deepEqual([answer.error, answer.why], ['busy', `the bucket answered ${status}, SlowDown`]);
  }
  const away = await door('delete', 'http://127.0.0.1:1/audio', ...at().slice(1), KEY);
  assert.equal(away.error, 'busy');
});

test('a key that would be escaped, or climbs, is refused before anything is sent', async () => {
  const before = storage.requests.length;
  const keys = ['', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/./b', 'a b', 'a%2fb', 'a?b',
    'a#b', 'a+b', 'ä', 'a\0b', 'a\nb', 'a'.repeat(513)];

  for (const key of keys) {
    assert.equal((await remove(key)).error, 'input', key);
    const answer = await door('presign', ...at(), key, '1', '60');
    assert.equal(answer.error, 'input', key);
  }
  assert.equal(storage.requests.length, before);
});

test('the secret is in nothing that is sent', async () => {
  await put(KEY, Buffer.from('x'));
  assert.ok(storage.requests.length > 10);
  assert.ok(!JSON.stringify(storage.requests).includes(ACCOUNT.secret));
});

const word = fc.stringMatching(/^[A-Za-z0-9_.~-]{1,30}$/);
const grant = fc.record({
  host: fc.stringMatching(/^[a-z][a-z0-9.-]{0,30}[a-z](:[1-9][0-9]{3})?$/),
  bucket: fc.stringMatching(/^[a-z][a-z0-9_~-]{2,20}$/),
  key: fc.array(fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,20}$/), { minLength: 1, maxLength: 5 }),
  account: fc.record({ region: word, key: word, secret: fc.string({ minLength: 1, maxLength: 60 }) }),
  seconds: fc.integer({ min: 1, max: 604_800 }),
  // The years that AWS's library can write.
  now: fc.integer({ min: 0, max: 4_000_000_000 }),
});

test('presigned URLs are those of the official library', async () => {
  const grants = fc.sample(grant, 1500).map((g) => ({
    ...g,
    account: { ...g.account, secret: g.account.secret.replaceAll('\0', 'x') },
  }));
  const answers = await doors(
    grants.map(({ host, bucket, key, account, seconds, now }) => [
      'presign', `https://${host}/${bucket}`, account.region, account.key, account.secret,
      key.join('/'), String(now * 1_000_000), String(seconds),
    ]),
  );

  for (const [i, { host, bucket, key, account, seconds, now }] of grants.entries()) {
    const path = `/${bucket}/${key.join('/')}`;
    const want = await presign(account, { host, path, date: new Date(now * 1000), expiresIn: seconds });
    const got = new URL(answers[i].result, 'https://unused');
    const query = Object.fromEntries(got.searchParams);

    assert.equal(answers[i].error, 'ok');
    assert.equal(got.pathname, path);
    assert.deepEqual(query, want);
  }
});
