import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Canary } from './peers/canary.js';
import { ACCOUNT, S3Server } from './peers/s3.js';
import { SmtpServer } from './peers/smtp.js';
import { WebhookSink } from './peers/webhook-sink.js';

/** curl, whose library the program under test uses too. */
function curl(args, input = '') {
  return new Promise((resolve) => {
    const child = spawn('curl', ['-sS', '--max-time', '8', ...args]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

// ---- mail

const MAIL = [
  'From: Mainline <phone@acme.example>',
  'To: office@acme.example',
  'Subject: =?UTF-8?Q?New_voicemail_from_Jos=C3=A9?=',
  'Message-ID: <one@acme.example>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'A message of 12 s.',
  '--b',
  'Content-Type: audio/mpeg',
  'Content-Disposition: attachment; filename="message.mp3"',
  'Content-Transfer-Encoding: base64',
  '',
  'AAEC',
  '--b--',
  '',
].join('\r\n');

async function mailServer(t, options) {
  const server = await SmtpServer.start(options);
  t.after(() => server.close());
  const to = (...addresses) => addresses.flatMap((each) => ['--mail-rcpt', each]);
  const url = `${options?.tls === 'implicit' ? 'smtps' : 'smtp'}://localhost:${server.port}`;
  const send = (...args) =>
    curl(
      [url, '--mail-from', 'phone@acme.example', ...to('office@acme.example'), '-T', '-', ...args],
      MAIL,
    );
  return { server, send };
}

test('mail is kept, read as MIME', async (t) => {
  const { server, send } = await mailServer(t);
  const { code, err } = await send();
  assert.equal(code, 0, err);
  const [mail] = await server.received(1);
  assert.deepEqual(
    [mail.from, mail.to, mail.tls, mail.user, mail.defects],
    ['phone@acme.example', ['office@acme.example'], false, null, []],
  );
  const headers = new Map(mail.headers);
  assert.equal(headers.get('Subject'), 'New voicemail from José');
  assert.equal(headers.get('Message-ID'), '<one@acme.example>');
  assert.equal(mail.text.trim(), 'A message of 12 s.');
  assert.deepEqual(mail.attachments, [
    { filename: 'message.mp3', type: 'audio/mpeg', bytes: Buffer.from([0, 1, 2]) },
  ]);
  assert.equal(server.connections, 1);
});

test('mail goes by STARTTLS and a login alone, if so asked', async (t) => {
  const account = { user: 'phone', password: 'hush', tls: 'starttls' };
  const { server, send } = await mailServer(t, account);
  const trust = ['--cacert', server.caFile];
  assert.notEqual((await send()).code, 0);
  assert.notEqual((await send('--ssl-reqd', ...trust)).code, 0);
  assert.notEqual((await send('--ssl-reqd', ...trust, '-u', 'phone:wrong')).code, 0);
  assert.notEqual((await send('--ssl-reqd', '-u', 'phone:hush')).code, 0);
  assert.equal(server.messages.length, 0);
  const { code, err } = await send('--ssl-reqd', ...trust, '-u', 'phone:hush');
  assert.equal(code, 0, err);
  const [mail] = await server.received(1);
  assert.deepEqual([mail.tls, mail.user], [true, 'phone']);
  assert.deepEqual([...new Set(server.logins.map(({ right }) => right))], [false, true]);
});

test('mail by TLS from the first byte', async (t) => {
  const { server, send } = await mailServer(t, { tls: 'implicit' });
  const { code, err } = await send('--cacert', server.caFile);
  assert.equal(code, 0, err);
  assert.equal((await server.received(1))[0].tls, true);
});

test('mail is refused at any stage for a while, is late, or is lost after it was taken', async (t) => {
  const { server, send } = await mailServer(t);
  for (const stage of ['connect', 'mail', 'rcpt', 'data']) {
    await server.fail({ stage, reply: '451 4.3.0 Try again later', times: 1 });
    assert.notEqual((await send()).code, 0, stage);
    assert.equal(server.messages.length, 0);
  }
  await server.fail({ stage: 'rcpt', reply: '550 5.1.1 Unknown', to: 'nobody@' });
  assert.equal((await send()).code, 0);
  await server.fail({ stage: 'data', lose: true, times: 1 });
  assert.notEqual((await send()).code, 0);
  assert.equal((await server.received(2)).length, 2);
  await server.delay(150);
  const before = performance.now();
  assert.equal((await send()).code, 0);
  assert.ok(performance.now() - before >= 450);
  await server.mend();
  await server.fail({ stage: 'connect', hang: true });
  assert.equal((await send('--max-time', '1')).code, 28);
});

test('a mail server that is down, and up again at the same port', async (t) => {
  const { server, send } = await mailServer(t);
  await server.down();
  assert.equal((await send()).code, 7);
  await server.up();
  assert.equal((await send()).code, 0);
});

// ---- outgoing webhooks

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;

function hook(sink, body = '{"type":"call.missed"}', changes = {}) {
  const at = new Date();
  const signature = new Webhook(SECRET).sign('msg_1', at, body);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
    ...changes,
  };
  return fetch(sink.url, { method: 'POST', headers, body, redirect: 'manual' });
}

test('webhooks are kept, and their signatures judged', async (t) => {
  const sink = await WebhookSink.start({ secret: SECRET });
  t.after(() => sink.close());
  assert.equal((await hook(sink)).status, 204);
  await hook(sink, '{"type":"other"}', { 'webhook-id': 'msg_2' });
  const [good, bad] = sink.deliveries;
  assert.deepEqual([good.id, good.payload, good.refused], ['msg_1', { type: 'call.missed' }, null]);
  assert.equal(bad.payload, null);
  assert.match(bad.refused, /signature/i);
  assert.deepEqual(
    [...sink.accepted],
    [
      ['msg_1', 1],
      ['msg_2', 1],
    ],
  );
});

test('webhooks fail on request', async (t) => {
  const sink = await WebhookSink.start({ secret: SECRET });
  t.after(() => sink.close());
  sink.fail({ status: 429, retryAfter: 3 });
  const limited = await hook(sink);
  assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '3']);
  sink.fail({ redirect: 'http://127.0.0.1:1/' });
  const moved = await hook(sink);
  assert.deepEqual([moved.status, moved.headers.get('location')], [307, 'http://127.0.0.1:1/']);
  sink.fail({ reset: true });
  await assert.rejects(hook(sink));
  await sink.down();
  await assert.rejects(hook(sink));
  await sink.up();
  assert.equal((await hook(sink)).status, 204);
  assert.deepEqual(
    sink.deliveries.map(({ status }) => status),
    [429, 307, 0, 204],
  );
  assert.deepEqual([...sink.accepted], [['msg_1', 1]]);
});

// ---- S3

test('S3: signed requests store and read; others are refused; it fails and comes back', async (t) => {
  const s3 = await S3Server.start();
  t.after(() => s3.close());
  const folder = mkdtempSync(join(tmpdir(), 's3-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a');
  const bytes = Buffer.alloc(70_000, 'RIFF');
  writeFileSync(file, bytes);
  const status = ['-o', '/dev/null', '-w', '%{http_code}'];
  const sign = ['--aws-sigv4', `aws:amz:${ACCOUNT.region}:s3`];
  const by = (user) => [...sign, '-u', user, ...status];
  const right = by(`${ACCOUNT.key}:${ACCOUNT.secret}`);
  // curl before 8 does not send this header by itself, and S3 does not do without.
  const sum = (of) => [
    '-H',
    `x-amz-content-sha256: ${createHash('sha256').update(of).digest('hex')}`,
  ];
  const put = [...sum(bytes), '-T', file, '-H', 'Content-Type: audio/x-wav', `${s3.url}/m/one.wav`];
  const remove = [...right, ...sum(''), '-X', 'DELETE'];

  assert.equal((await curl([...status, ...put])).out, '403');
  assert.equal((await curl([...by(`${ACCOUNT.key}:wrong`), ...put])).out, '403');
  assert.equal((await curl([...by(`somebody:${ACCOUNT.secret}`), ...put])).out, '403');
  assert.deepEqual(await s3.keys(), []);
  s3.fail({ status: 503, method: 'PUT' });
  assert.equal((await curl([...right, ...put])).out, '503');
  await s3.down();
  assert.equal((await curl([...right, ...put])).code, 7);
  await s3.up();
  assert.equal((await curl([...right, ...put])).out, '200');
  assert.deepEqual(await s3.keys(), ['m/one.wav']);
  const { type, body } = await s3.get('m/one.wav');
  assert.deepEqual([type, body.length], ['audio/x-wav', 70_000]);
  assert.equal((await curl([...remove, `${s3.url}/m/one.wav`])).out, '204');
  assert.equal((await s3.get('m/one.wav')).status, 404);
  assert.deepEqual(
    s3.requests.map(({ status: answered }) => answered),
    [403, 403, 403, 503, 200, 204],
  );
});

// ---- the canary

test('the canary counts connections and sees credentials, with and without TLS', async (t) => {
  const canary = await Canary.start();
  t.after(() => canary.close());
  assert.ok(canary.isUntouched);
  await curl(['-u', 'AC1:token', `http://127.0.0.1:${canary.port}/a`]);
  const secure = await curl(['-k', '-u', 'AC2:token', `https://127.0.0.1:${canary.port}/b`]);
  assert.equal(secure.out, 'RIFF', secure.err);
  await curl([`telnet://127.0.0.1:${canary.port}`, '--max-time', '0.2']);
  assert.equal(canary.connections, 3);
  assert.deepEqual(
    canary.requests.map(({ url, tls }) => [url, tls]),
    [
      ['/a', false],
      ['/b', true],
    ],
  );
  assert.deepEqual(
    canary.authorizations.map((each) => Buffer.from(each.slice(6), 'base64').toString()),
    ['AC1:token', 'AC2:token'],
  );
});
