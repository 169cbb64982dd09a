// Two whole hosts, as behind a balancer: one number, one database, one bucket, and each
// with its own nginx, workers, background work and folders.  A call's requests go to
// one and the other in turn.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { STORIES } from '../simulator/index.js';
import { ACCOUNT, S3Server } from '../simulator/peers/s3.js';
import { TcpProxy } from '../simulator/peers/tcp-proxy.js';
import { through } from '../faults/support/postgres.js';
import { isAlive, kill, treeOf, until } from '../faults/support/processes.js';
import { BINARY, freePort, ROOT, run, Stack } from './support/stack.js';

/** A host writes what was published, or blocked, into its snapshot every 5 s. */
const SNAPSHOT_MS = 10_000;

/** @type {S3Server} */
let storage;
/** @type {TcpProxy} the second host's way to the database */
let way;
/** @type {Stack} */
let one;
/** @type {Stack} */
let two;
/** The hosts that the balancer has found alive. */
let alive = [];
/** One network, at which every test's calls are asked for. */
let network;
let apiPort;

before(async () => {
  storage = await S3Server.start();
  apiPort = await freePort();
  const shared = {
    TWILIO_API_URL: `http://127.0.0.1:${apiPort}`,
    TWILIO_AUTH_TOKEN: '00112233445566778899aabbccddeeff',
    MAINLINE_S3_URL: storage.url,
    MAINLINE_S3_REGION: ACCOUNT.region,
    MAINLINE_S3_KEY: ACCOUNT.key,
    MAINLINE_S3_SECRET: ACCOUNT.secret,
  };
  one = await Stack.start(shared);
  const { searchParams, host } = new URL(one.settings.DATABASE_URL);
  const sockets = searchParams.get('host') ?? decodeURIComponent(host);
  way = await TcpProxy.start({ path: join(sockets, '.s.PGSQL.5432') });
  two = await Stack.start({
    ...shared,
    DATABASE_URL: through(one.settings.DATABASE_URL, way.port),
    MAINLINE_PUBLIC_URL: one.publicUrl,
  });
  await shareCertificate();
  alive = [one, two];
  network = balanced();
  await network.listen(apiPort);
});
after(async () => {
  if (two !== undefined) kill(two.server.pid, 'SIGCONT');
  await network?.close();
  await two?.close();
  await one?.close();
  await way?.close();
  await storage?.close();
});

/** One name, one certificate: the hosts cannot be told apart. */
async function shareCertificate() {
  for (const file of ['cert.pem', 'key.pem'])
    copyFileSync(join(one.data, 'tls', file), join(two.data, 'tls', file));
  two.ca = one.ca;
  kill(Number(two.settings.NGINX_PID), 'SIGHUP');
  const isShared = () => two.api.request('/healthz', { token: null }).catch(() => null);
  await until(isShared, 'the certificate is in use');
}

/** A phone network before a balancer, which sends each request to the next host. */
function balanced(options = {}) {
  let turn = 0;
  const connect = {
    host: '127.0.0.1',
    get port() {
      turn += 1;
      return alive[turn % alive.length].httpsPort;
    },
    ca: one.ca,
  };
  return one.network({ connect, ...options });
}

async function place(story, options = {}) {
  const own = balanced({ people: story.people, ...options });
  try {
    const call = await own.call({
      from: '+15550123456',
      to: one.line,
      caller: story.caller,
      failAt: story.failAt,
    });
    assert.equal(call.applicationError, false);
    assert.deepEqual(own.problems, []);
    return call;
  } finally {
    await own.close();
  }
}

const handledBy = (stack, sid) => stack.log().filter(({ call_sid: of }) => of === sid).length;
const snapshot = (stack) => readFileSync(join(stack.settings.MAINLINE_DATA, 'flows.json'), 'utf8');

for (const story of STORIES) {
  test(`${story.name}, in turn at both hosts`, async () => {
    const call = await place(story);
    for (const host of [one, two]) {
      assert.ok(handledBy(host, call.sid) > 0, 'each host had a part in it');
      const { status, outcome, reason } = await host.api.call(call.sid);
      assert.deepEqual({ status, outcome, reason }, story.expect);
    }
  });
}

test('audio that either has archived plays at both', async () => {
  const call = await network.call({
    from: '+15550001001',
    to: one.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  const path = `/api/recordings/${call.recordings[0].sid}.mp3`;
  for (const host of [one, two]) {
    const plays = async () => (await host.api.request(path, { described: false })).status === 200;
    await until(plays, 'it plays', 20_000);
  }
});

test('each host tells its pages of calls that the other took', async () => {
  const word = async (host) => (await host.api.get('/api/changes', { described: false })).change;
  const story = STORIES.find(({ name }) => name === 'answered') ?? STORIES[0];
  const before = await word(two);
  alive = [one];
  await place(story);
  alive = [one, two];
  await until(async () => (await word(two)) !== before, 'the other word', 5000);
});

test('who signs in at one is signed in at the other', async () => {
  const { out } = await one.mainline(['token', 'add', '--name', 'both', '--scope', 'read']);
  const body = JSON.stringify({ token: out.trim() });
  const headers = { 'Content-Type': 'application/json' };
  const opened = await one.api.request('/api/session', { method: 'POST', token: null, body, headers });
  const [cookie] = [opened.headers['set-cookie']].flat().map((each) => each.split(';')[0]);
  const { status } = await two.api.request('/api/calls', { token: null, headers: { Cookie: cookie } });
  assert.equal(status, 200);
});

test('a blocked caller is turned away at both', async () => {
  const number = '+15550009999';
  const { status } = await one.api.request(`/api/blocks/${encodeURIComponent(number)}`, {
    method: 'PUT',
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
  });
  assert.equal(status, 200);
  for (const host of [one, two])
    await until(() => snapshot(host).includes(number), 'its snapshot has it', SNAPSHOT_MS);
});

test('a flow published at one is known to both before a call begins with it', async () => {
  const file = join(one.data, 'flow.json');
  const shown = await one.mainline(['flow', 'show']);
  const flow = JSON.parse(shown.out);
  flow.lines[one.line].name = 'Published at one';
  writeFileSync(file, JSON.stringify(flow));
  const published = await one.mainline(['flow', 'publish', file]);
  assert.equal(published.code, 0, published.err);
  for (const host of [one, two])
    await until(
      () => snapshot(host).includes('Published at one'),
      'its snapshot has it',
      SNAPSHOT_MS,
    );
  const rows = await one.sql("SELECT channel FROM jobs WHERE kind = 'snapshot'");
  assert.equal(new Set(rows.map(({ channel }) => channel)).size, 2);
});

/** The whole of a host is gone, as without power; its disk remains. */
function powerOff(stack) {
  kill(stack.server.pid, 'SIGSTOP'); // or it would start again what dies
  const parts = treeOf(stack.server.pid).filter((pid) => pid !== stack.server.pid);
  for (const pid of parts) kill(pid, 'SIGKILL');
  return until(() => !parts.some(isAlive), 'the host is gone', 10_000);
}

test('a host dies in the middle of a call, and the call goes on at the other', async (t) => {
  const spooled = join(two.settings.MAINLINE_DATA, 'spool');
  const story = STORIES.find(({ name }) => name === 'voicemail') ?? STORIES[1];
  const own = balanced({ people: story.people });
  let gone = null;
  // The database is out of its reach first: what it took lies on its disk.
  await way.refuse();
  way.cut();
  await wait(300);
  own.on('answer', ({ request }) => {
    if (gone === null && request.url.includes('/twilio/menu')) {
      alive = [one];
      gone = powerOff(two);
    }
  });
  const call = await own.call({ from: '+15550123457', to: one.line, caller: story.caller });
  await gone;
  assert.equal(call.applicationError, false);
  assert.deepEqual(own.problems, []);
  await own.close();
  const { status, outcome, reason } = await one.api.call(call.sid);
  assert.deepEqual({ status, outcome, reason }, story.expect);
  const acknowledged = new Set(
    call.requests.filter(({ response }) => response?.status < 300).map(({ url, body }) => url + body),
  ).size;
  const count = async () => (await one.api.call(call.sid)).events.length;
  const files = readdirSync(spooled).filter((name) => /\.(seg|own)$/.test(name));
  assert.ok(files.some((name) => statSync(join(spooled, name)).size > 16), 'something is on its disk');
  t.diagnostic(`${acknowledged} events acknowledged, ${await count()} of them in the database`);
  assert.ok((await count()) < acknowledged);

  // Its disk, on any machine that reaches the database.
  const settings = two.commandEnv({
    DATABASE_URL: one.settings.DATABASE_URL,
    MAINLINE_RUN: join(two.data, 'rescue'),
    MAINLINE_USER: two.settings.MAINLINE_USER ?? '',
  });
  const rescue = spawn(BINARY, ['serve'], { env: settings, stdio: 'ignore' });
  const ended = new Promise((resolve) => rescue.on('exit', resolve));
  try {
    await until(async () => (await count()) === acknowledged, 'all are in the database', 15_000);
  } finally {
    rescue.kill('SIGTERM');
    await ended;
  }
  const all = await run(BINARY, ['export'], { env: one.commandEnv(), cwd: ROOT });
  assert.equal(all.code, 0);
});

test('and it comes back', async () => {
  await way.open();
  kill(two.server.pid, 'SIGCONT'); // and what died is started again
  const isReady = async () =>
    (await two.api.request('/readyz', { token: null, described: false }).catch(() => null))?.status === 200;
  await until(isReady, 'it is ready', 30_000);
  alive = [one, two];
  const call = await place(STORIES[0]);
  assert.ok(handledBy(two, call.sid) > 0);
  assert.deepEqual((await two.api.call(call.sid)).outcome, STORIES[0].expect.outcome);
});
