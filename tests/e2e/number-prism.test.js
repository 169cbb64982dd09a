// mainline number against Prism, which serves Twilio's own description of its REST API and
// refuses every request that it does not allow.  script/test --long fetches both.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { officialDescription } from '../simulator/testing/official.js';
import { BINARY, cleanEnv, freePort, run } from './support/stack.js';

const ACCOUNT = `AC${'a'.repeat(32)}`;
const PRISM = process.env.MAINLINE_TEST_PRISM;
const API = officialDescription();
const PRICING = officialDescription('twilio_pricing_v1');
// Without --long there is no Prism: the simulator's answers are held against the
// same descriptions in any case.
const isThere = PRISM !== undefined && existsSync(PRISM) && API !== null && PRICING !== null;
const tests = (name, body) => test(name, { skip: !isThere && 'Prism is not there' }, body);

let folder;
let door;
let seen = [];
/** What an answer is told instead. @type {(answer: string) => string} */
let retold = (answer) => answer;
const prisms = [];

/**
 * The description of numbers. An empty SID takes an application or a trunk off a number.  The description says nothing
 * of it, but its own examples have one where there is none.
 */
function ofNumbers(description) {
  // The whole of it takes Prism a quarter of a minute at its first answer.
  const paths = Object.entries(description.paths).filter(([path]) =>
    /(IncomingPhone|AvailablePhone)Numbers|Applications/.test(path),
  );
  const form =
    description.paths['/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json'].post
      .requestBody.content['application/x-www-form-urlencoded'].schema;
  for (const name of ['VoiceApplicationSid', 'TrunkSid']) {
    const { pattern, description: text } = form.properties[name];
    form.properties[name] = { type: 'string', pattern: `^$|${pattern}`, description: text };
  }
  return { ...description, paths: Object.fromEntries(paths) };
}

async function prism(name, description) {
  const file = join(folder, `${name}.json`);
  const port = await freePort();
  writeFileSync(file, JSON.stringify(description));
  const child = spawn(process.execPath, [PRISM, 'mock', '-p', String(port), file]);
  prisms.push(child);
  let said = '';
  await new Promise((resolve, reject) => {
    // Read to its end: who cannot write any more answers nobody.
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Prism is listening')) resolve();
    });
    child.on('exit', () => reject(new Error(`Prism did not start:\n${said}`)));
  });
  return port;
}

/** In front of both: what is asked, and what Prism says of it. */
function listen(api, pricing) {
  const server = http.createServer((request, response) => {
    const port = request.url.startsWith('/v1/') ? pricing : api;
    const { method, url, headers } = request;
    const asked = http.request({ port, method, path: url, headers }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      const body = retold(String(Buffer.concat(chunks)));
      const violations = JSON.parse(String(answer.headers['sl-violations'] ?? '[]'));
      seen.push({ method, url, status: answer.statusCode, said: body, violations });
      response.writeHead(answer.statusCode, { 'Content-Type': answer.headers['content-type'] });
      response.end(body);
    });
    request.pipe(asked);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

before(async () => {
  if (!isThere) return;
  folder = mkdtempSync(join(tmpdir(), 'mainline-prism-'));
  const [api, pricing] = [await prism('api', ofNumbers(API)), await prism('pricing', PRICING)];
  door = await listen(api, pricing);
  // Its first answer takes Prism longer than a command would wait.
  await fetch(`http://127.0.0.1:${api}/2010-04-01/Accounts/${ACCOUNT}/Applications.json`);
});
after(async () => {
  door?.close();
  for (const child of prisms) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  if (folder) rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  seen = [];
});

function number(args) {
  const { port } = /** @type {import('node:net').AddressInfo} */ (door.address());
  const env = cleanEnv({
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: 'the auth token',
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    MAINLINE_PUBLIC_URL: 'https://phone.example.com',
  });
  return run(BINARY, ['number', ...args], { env });
}

/**
 * Prism has allowed each request. Of answers it finds fault with Twilio's own examples, so
 * that it cannot be told to treat every violation as an error (--errors).
 */
function noneRefused() {
  for (const { method, url, status, said, violations } of seen) {
    assert.ok(status < 300, `${method} ${url}: ${status} ${said}`);
    const ofRequest = violations.filter(({ location }) => location[0] === 'request');
    assert.deepEqual(ofRequest, [], `${method} ${url}`);
  }
}

/** The same, and these were asked. */
function allowed(paths) {
  noneRefused();
  const asked = seen.map(({ method, url }) => `${method} ${url.split('?')[0].split('/').pop()}`);
  assert.deepEqual(asked, paths);
}

/** The number in the description's own examples. */
async function example() {
  const { out, err } = await number(['show']);
  const found = /^(\+\d+) /m.exec(out);
  assert.ok(found, out + err);
  seen = [];
  return found[1];
}

tests('show', async () => {
  await number(['show', await example()]);
  allowed(['GET IncomingPhoneNumbers.json']);
});

tests('point', async () => {
  const line = await example();
  const { out } = await number(['point', line, '--yes']);
  assert.match(out, /VoiceUrl .*after +POST https:\/\/phone\.example\.com\/twilio\/voice/s);
  assert.equal(seen.at(-1).method, 'POST');
  allowed(['GET IncomingPhoneNumbers.json', `POST ${seen.at(-1).url.split('/').pop()}`]);
  const bin = 'https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef';
  await number(['point', line, '--yes', '--fallback-url', bin]);
  noneRefused();
});

tests('point, with what took the calls taken off the number', async () => {
  const line = await example();
  for (const [field, sid] of [
    ['trunk_sid', `TK${'4'.repeat(32)}`],
    ['voice_application_sid', `AP${'5'.repeat(32)}`],
  ]) {
    retold = (answer) =>
      answer.replace(new RegExp(`"${field}":("[^"]*"|null)`), `"${field}":"${sid}"`);
    const { out, err } = await number(['point', line, '--yes']);
    retold = (answer) => answer;
    assert.match(out, new RegExp(`before +${sid}\\n +after +not set`), err);
    assert.ok(seen.some(({ method }) => method === 'POST'));
  }
  noneRefused();
});

tests('point at a TwiML App', async () => {
  await number(['point', await example(), '--yes', '--application']);
  assert.ok(seen.some(({ method, url }) => method === 'POST' && /\/Applications/.test(url)));
  noneRefused();
});

tests('search', async () => {
  const args = ['--area-code', '510', '--contains', '510555****', '--limit', '5'];
  const { code, out, err } = await number(['search', '--country', 'US', ...args]);
  assert.equal(code, 0, err);
  assert.match(out, /^\+\d+ +local +\S+/m);
  allowed(['GET Local.json', 'GET US']);
  for (const type of ['toll-free', 'mobile'])
    await number(['search', '--country', 'GB', '--type', type]);
  noneRefused();
});

tests('buy', async () => {
  const offered = /^(\+\d+) /m.exec((await number(['search', '--country', 'US'])).out)[1];
  seen = [];
  const more = ['--address-sid', `AD${'2'.repeat(32)}`, '--bundle-sid', `BU${'3'.repeat(32)}`];
  const { out, err } = await number([
    'buy',
    offered,
    '--country',
    'US',
    '--yes',
    '--point',
    ...more,
  ]);
  assert.match(out, /^Bought \+/m, out + err);
  const asked = ['GET Local.json', 'GET US', 'POST IncomingPhoneNumbers.json'];
  // And its application, since the number of the example has one.
  allowed([...asked, `GET ${seen.at(-1).url.split('/').pop()}`]);
});

tests('a request that the description does not allow is refused by this Prism', async () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (door.address());
  const wrong = await fetch(
    `http://127.0.0.1:${port}/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers.json`,
    {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${ACCOUNT}:x`)}` },
      body: new URLSearchParams({ PhoneNumber: '+15105550110', VoiceMethod: 'PUSH' }),
    },
  );
  assert.ok(wrong.status >= 400, String(wrong.status));
});
