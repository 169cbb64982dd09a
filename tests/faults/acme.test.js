// A certificate from an authority that asks back, by ACME: got, served by our nginx,
// renewed, and swapped while callers come in.

import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import tls from 'node:tls';
import twilio from 'twilio';
import { ROOT, run, Stack } from '../e2e/support/stack.js';
import { assertTwiml } from '../e2e/support/twiml.js';
import { encode, FORM, inbound } from '../e2e/support/webhook.js';
import { missing, Pebble } from './support/pebble.js';

const HOST = 'phone.mainline.example';
const SWAPS = process.env.MAINLINE_TEST_LONG ? 100 : 3;
const CLIENTS = 4;
/** What script/certificate does when it has put a new one there. */
const RENEW = '. script/lib/common.sh; . script/lib/nginx.sh; nginx_renew "$0"';

const absent = missing('pebble', 'pebble-challtestsrv', 'dehydrated');
const long = { skip: !process.env.MAINLINE_TEST_LONG && 'script/test --long does it' };

let stack;
let pebble;
before(async () => {
  assert.ok(!absent, `there is no ${absent} here: script/bootstrap --test`);
  stack = await Stack.start({ MAINLINE_PUBLIC_URL: `https://${HOST}` });
  pebble = await Pebble.start(stack.httpPort);
});
after(async () => {
  pebble?.close();
  await stack?.close();
});

/** script/certificate ARGS, as a timer would run it. */
const certificate = (args = [], changes = {}) =>
  run(join(ROOT, 'script/certificate'), args, {
    env: {
      ...stack.env,
      MAINLINE_ACME_DIRECTORY: pebble.directory,
      MAINLINE_ACME_CA_FILE: pebble.caFile,
      ...changes,
    },
  });

const kept = (name) => join(stack.data, 'tls', name);
const ofFile = () => new X509Certificate(readFileSync(kept('cert.pem'))).serialNumber;

/** What is served, to whom trusts the authority and checks the name. */
function served() {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      { host: '127.0.0.1', port: stack.httpsPort, servername: HOST, ca: pebble.root },
      () => {
        resolve(socket.getPeerX509Certificate().serialNumber);
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

const untilServed = async (serial) => {
  while ((await served()) !== serial) await wait(10);
};

/** One signed webhook: how it was answered, or how the connection failed. */
function call(agent) {
  const path = `/twilio/voice?line=${encodeURIComponent(stack.line)}`;
  const params = inbound(stack);
  const token = stack.settings.TWILIO_AUTH_TOKEN;
  const body = encode(params);
  const headers = {
    Host: HOST,
    'Content-Type': FORM,
    'Content-Length': Buffer.byteLength(body),
    'X-Twilio-Signature': twilio.getExpectedTwilioSignature(
      token,
      `https://${HOST}${path}`,
      params,
    ),
  };
  const to = { host: '127.0.0.1', port: stack.httpsPort, servername: HOST, ca: pebble.root };
  return new Promise((resolve) => {
    const request = https.request({ ...to, method: 'POST', path, headers, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', (error) => resolve({ error }));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          reused: request.reusedSocket,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', (error) => resolve({ error }));
    request.end(body);
  });
}

/** Callers who come in all the time, by a new connection each or by kept ones. */
class Traffic {
  counts = { fresh: 0, kept: 0, reused: 0 };
  failed = [];
  #going = true;
  #clients = Array.from({ length: 2 * CLIENTS }, (_, i) => this.#go(i % 2 === 0));

  async #go(isKept) {
    const agent = isKept && new https.Agent({ keepAlive: true, maxSockets: 1 });
    while (this.#going) {
      const answer = await call(agent);
      this.counts[isKept ? 'kept' : 'fresh'] += 1;
      this.counts.reused += answer.reused ? 1 : 0;
      this.#judge(answer);
    }
    if (isKept) agent.destroy();
  }

  #judge(answer) {
    try {
      if (answer.error) throw answer.error;
      // nginx's own answer to a caller, which a worker's is not, takes a message.
      assert.doesNotMatch(assertTwiml(answer), /nobody can take your call/);
    } catch (error) {
      this.failed.push(error.message);
    }
  }

  async stop() {
    this.#going = false;
    await Promise.all(this.#clients);
  }

  toString() {
    const { fresh, kept: byKept, reused } = this.counts;
    return `${fresh} on new connections, ${byKept} of clients that keep theirs (${reused} on one that was there), ${this.failed.length} failed`;
  }
}

test('before there is one, nobody trusts what is served', async () => {
  await assert.rejects(served(), /self-signed|unable to verify/);
  const { code, err } = await certificate(['--check']);
  assert.equal(code, 1);
  assert.match(err, /self-signed/);
});

test('it is got, served, and trusted by who trusts the authority', async (t) => {
  const began = performance.now();
  const { code, err } = await certificate();
  assert.equal(code, 0, err);
  assert.match(err, new RegExp(`certificate for ${HOST.replaceAll('.', '\\.')} from https:`));
  t.diagnostic(`got and served after ${Math.round(performance.now() - began)} ms`);
  assert.equal(await served(), ofFile());
  assert.equal((await certificate(['--check'])).code, 0);
});

test('before it is time, nobody is asked', async () => {
  const serial = ofFile();
  assert.deepEqual(await certificate(), { code: 0, out: '', err: '' });
  assert.equal(ofFile(), serial);
});

test('an authority that refuses leaves what there is', async () => {
  const serial = ofFile();
  const gone = await certificate(['--force'], {
    MAINLINE_ACME_DIRECTORY: pebble.directory.replace(/:\d+/, ':1'),
  });
  assert.equal(gone.code, 1);
  assert.match(gone.err, /no certificate was got; what there is stays/);
  const stranger = await certificate(['--force'], { MAINLINE_ACME_CA_FILE: '' });
  assert.equal(stranger.code, 1, 'who cannot show a certificate is not talked to');
  assert.equal(ofFile(), serial);
  assert.equal(await served(), serial);
});

test('renewed and swapped under load: no request fails', async (t) => {
  const key = readFileSync(kept('key.pem'));
  const first = readFileSync(kept('cert.pem'));
  const traffic = new Traffic();
  try {
    const before_ = ofFile();
    const { code, err } = await certificate(['--force']);
    assert.equal(code, 0, err);
    assert.notEqual(ofFile(), before_);
    assert.equal(await served(), ofFile());
    assert.deepEqual(readFileSync(kept('key.pem')), key, 'the key stays the same');

    const two = [first, readFileSync(kept('cert.pem'))];
    for (let i = 0; i < SWAPS; i += 1) {
      writeFileSync(kept('cert.new'), two[i % 2], { mode: 0o600 });
      renameSync(kept('cert.new'), kept('cert.pem'));
      const { code: status, err: said } = await run('bash', [
        '-c',
        RENEW,
        stack.settings.NGINX_TEMP,
      ]);
      assert.equal(status, 0, said);
      await untilServed(new X509Certificate(two[i % 2]).serialNumber);
    }
  } finally {
    await traffic.stop();
  }
  t.diagnostic(`${SWAPS + 1} swaps: ${traffic}`);
  assert.ok(traffic.counts.fresh > SWAPS && traffic.counts.kept > SWAPS);
  assert.deepEqual(traffic.failed, []);
});

test('a new key when that is wished', long, async () => {
  const key = readFileSync(kept('key.pem'));
  const { code, err } = await certificate(['--new-key']);
  assert.equal(code, 0, err);
  assert.notDeepEqual(readFileSync(kept('key.pem')), key);
  assert.equal(await served(), ofFile());
});

test('a new key whose certificate did not come is made up for', long, async () => {
  const serial = ofFile();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(kept('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  assert.equal(await served(), serial, 'nginx goes on with what it has');
  const { code, err } = await certificate();
  assert.equal(code, 0, err);
  assert.notEqual(ofFile(), serial);
  assert.equal(await served(), ofFile());
});

test("an owner's folder is served after a start, and nothing is put there", async () => {
  const serial = ofFile();
  const own = join(stack.data, 'own');
  mkdirSync(own);
  for (const name of ['cert.pem', 'key.pem']) copyFileSync(kept(name), join(own, name));
  await stack.down();
  rmSync(join(stack.data, 'tls'), { recursive: true });
  stack.env.MAINLINE_TLS = own;
  await stack.up();
  assert.equal(await served(), serial);
  const { code, err } = await certificate(['--force'], { MAINLINE_TLS: '' });
  assert.equal(code, 1);
  assert.match(err, /one of your own, which is not touched/);
});
