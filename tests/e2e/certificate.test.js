// What is said of a certificate before nginx is started with it, and the settings with
// which none can be asked for.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { certificateFor } from '../simulator/testing/certificate.js';
import { cleanEnv, ROOT, run } from './support/stack.js';

const HOST = 'phone.mainline.example';
const folder = mkdtempSync(join(tmpdir(), 'mainline-certificate-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const good = certificateFor(HOST);
const other = certificateFor(HOST);
let n = 0;

/** A folder with such files, by name; null leaves one out. */
function holding(files) {
  const path = join(folder, String((n += 1)));
  mkdirSync(path);
  const all = { 'cert.pem': good.cert, 'key.pem': good.key, ...files };
  for (const [name, text] of Object.entries(all))
    if (text !== null) writeFileSync(join(path, name), text, { mode: 0o600 });
  return path;
}

/** What a start says of it: `code` is 0 when nginx could serve it. */
function start(path, host = HOST) {
  const script = '. script/lib/common.sh; . script/lib/certificate.sh; certificate_see_to "$@"';
  return run('bash', ['-euo', 'pipefail', '-c', script, 'start', path, host]);
}

test('one that is in order is served without a word', async () => {
  assert.deepEqual(await start(holding({})), { code: 0, out: '', err: '' });
  const chain = `${good.cert}${other.cert}`;
  assert.equal((await start(holding({ 'cert.pem': chain }))).err, '', 'a whole chain');
});

for (const [name, files, words] of [
  ['the key of another', { 'key.pem': other.key }, /key\.pem is not the key of .*cert\.pem/],
  ['no key', { 'key.pem': null }, /there is no .*key\.pem/],
  ['no certificate', { 'cert.pem': null }, /there is no .*cert\.pem/],
  ['an empty certificate', { 'cert.pem': '' }, /cert\.pem is no certificate in PEM form/],
  ['the key in its place', { 'cert.pem': good.key }, /cert\.pem is no certificate in PEM form/],
  ['no key at all in the key', { 'key.pem': good.cert }, /key\.pem is no private key/],
  [
    'the chain the wrong way round',
    { 'cert.pem': `${other.cert}${good.cert}` },
    /whose first certificate must be the server's own/,
  ],
])
  test(`${name}: it cannot be served, and the start says why`, async () => {
    const { code, err } = await start(holding(files));
    assert.equal(code, 1);
    assert.match(err, /the certificate cannot be used: /);
    assert.match(err, words);
    assert.equal(err.trim().split('\n').length, 1);
  });

test(
  'a file that may not be read',
  { skip: process.getuid() === 0 && 'root may read all' },
  async () => {
    const path = holding({});
    chmodSync(join(path, 'key.pem'), 0);
    assert.match((await start(path)).err, /key\.pem cannot be read by user \d+/);
  },
);

for (const [name, files, host, words] of [
  ['expired', certificateFor(HOST, 0), HOST, /it has expired \(.*\); Twilio does not call/],
  [
    'for another host',
    good,
    'www.mainline.example',
    /it is not for www\.\S+, .* but for DNS:phone/,
  ],
  ['for another address', good, '192.0.2.1', /it is not for 192\.0\.2\.1/],
])
  test(`${name}: callers are still answered, and it is said`, async () => {
    const { cert, key } = files;
    const { code, err } = await start(holding({ 'cert.pem': cert, 'key.pem': key }), host);
    assert.equal(code, 0);
    assert.match(err, /the certificate is served, but: /);
    assert.match(err, words);
  });

test('without one, one is made, and made again for another host; an own one is left alone', async () => {
  const path = join(folder, 'made');
  assert.match((await start(path)).err, new RegExp(`certificate for .*${HOST}`));
  const made = readFileSync(join(path, 'cert.pem'), 'utf8');
  assert.deepEqual(await start(path), { code: 0, out: '', err: '' });
  assert.equal(readFileSync(join(path, 'cert.pem'), 'utf8'), made);
  await start(path, '[2001:db8::1]');
  assert.notEqual(readFileSync(join(path, 'cert.pem'), 'utf8'), made);
  const own = holding({});
  await start(own, 'localhost');
  assert.equal(readFileSync(join(own, 'cert.pem'), 'utf8'), good.cert);
});

const certificate = (args, env) =>
  run(join(ROOT, 'script/certificate'), args, {
    env: cleanEnv({
      MAINLINE_TLS: holding({ names: '' }),
      MAINLINE_ACME_HOME: join(folder, 'acme'),
      MAINLINE_ACME_CHALLENGES: folder,
      MAINLINE_NGINX_TEMP: folder,
      MAINLINE_PUBLIC_URL: `https://${HOST}`,
      ...env,
    }),
  });

for (const [setting, value, words] of [
  [
    'MAINLINE_PUBLIC_URL',
    'https://localhost:8443',
    /no authority gives a certificate for localhost/,
  ],
  ['MAINLINE_PUBLIC_URL', 'https://192.0.2.1', /no authority gives a certificate for 192\.0\.2\.1/],
  ['MAINLINE_PUBLIC_URL', 'https://[2001:db8::1]', /no authority gives a certificate/],
  ['MAINLINE_PUBLIC_URL', 'https://phone', /which is no whole domain/],
  ['MAINLINE_PUBLIC_URL', 'http://phone.mainline.example', /must be https:\/\/HOST/],
  ['MAINLINE_PUBLIC_URL', '', /MAINLINE_PUBLIC_URL is not set/],
  ['MAINLINE_ACME_DIRECTORY', 'http://ca.example/dir', /must be the https:\/\/ address/],
  ['MAINLINE_ACME_DIRECTORY', 'https://ca.example/$(id)', /must be the https:\/\/ address/],
  ['MAINLINE_ACME_EMAIL', 'me', /is no mail address/],
  ['MAINLINE_ACME_EMAIL', 'a@b";id;"', /is no mail address/],
  ['MAINLINE_ACME_CA_FILE', '/nonexistent', /cannot read/],
])
  test(`${setting}=${value} is refused before anybody is asked`, async () => {
    const { code, err } = await certificate([], { [setting]: value });
    assert.equal(code, 1);
    assert.match(err, words);
  });

test('one of your own is not replaced', async () => {
  const own = holding({});
  const { code, err } = await certificate(['--force'], { MAINLINE_TLS: own });
  assert.equal(code, 1);
  assert.match(err, /one of your own, which is not touched/);
  assert.equal(readFileSync(join(own, 'cert.pem'), 'utf8'), good.cert);
});

test('wrong usage is 2', async () => {
  assert.equal((await certificate(['--now'], {})).code, 2);
  assert.equal((await certificate(['--help'], {})).code, 0);
});
