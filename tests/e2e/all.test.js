// The container that holds all but the database (docker/all), as a place like Heroku
// runs it: a user of its own, plain HTTP on $PORT, and a router before it that ends
// TLS.  Its files are laid out as in the image; a container engine is not needed.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { STORIES } from '../simulator/index.js';
import { numberSettings } from '../simulator/tool/stack.js';
import { childrenOf, isAlive, kill, until } from '../faults/support/processes.js';
import { BINARY, cleanEnv, freePort, ROOT, Stack } from './support/stack.js';

/** What the image's stage copies; see Dockerfile. */
const FILES = ['common', 'nginx', 'stack', 'plain'].map((name) => `script/lib/${name}.sh`);
const FOLDERS = ['nginx', 'build/web'];
/** nginx, its two logs, the workers, the background work. */
const PARTS = 5;

/** @type {Stack} for its database */
let stack;
let folder;
let owner = {};
let container;
let said = '';
let exited;
let port;
let router;
let routerPort;
let publicUrl;

before(async () => {
  stack = await Stack.start({}, { jobs: false });
  folder = mkdtempSync(join(tmpdir(), 'mainline-all-'));
  chmodSync(folder, 0o755);
  for (const path of [...FILES, 'docker/all', ...FOLDERS])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  cpSync(BINARY, join(folder, 'bin/mainline'));
  mkdirSync(join(folder, 'tmp'));
  if (process.getuid() === 0) {
    const uid = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout);
    const gid = Number(spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' }).stdout);
    owner = { uid, gid };
    chownSync(join(folder, 'tmp'), uid, gid);
  }
  port = await freePort();
  routerPort = await freePort();
  publicUrl = `https://localhost:${routerPort}`;
  router = https.createServer(
    {
      cert: readFileSync(join(stack.data, 'tls/cert.pem')),
      key: readFileSync(join(stack.data, 'tls/key.pem')),
    },
    (request, response) => pass(request, response, 'https'),
  );
  await new Promise((resolve) => router.listen(routerPort, '127.0.0.1', resolve));
  await start();
});
after(async () => {
  container?.kill('SIGTERM');
  await exited;
  router?.close();
  router?.closeAllConnections();
  await stack?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** As a router does: it says who the client is behind whatever the client has said. */
function pass(request, response, proto) {
  const forwarded = [request.headers['x-forwarded-for'], '203.0.113.7'].filter(Boolean).join(', ');
  const headers = { ...request.headers, 'x-forwarded-for': forwarded, 'x-forwarded-proto': proto };
  const { method, url: path } = request;
  const onward = http.request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

async function start(env = {}) {
  container = spawn(join(folder, 'docker/all'), [], {
    cwd: '/',
    env: cleanEnv({
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      PORT: String(port),
      DATABASE_URL: stack.settings.DATABASE_URL,
      MAINLINE_PUBLIC_URL: publicUrl,
      MAINLINE_DATA: join(folder, 'tmp/data'),
      MAINLINE_RUN: join(folder, 'tmp/run'),
      MAINLINE_LINE: stack.line,
      MAINLINE_FORWARD_TO: stack.settings.MAINLINE_FORWARD_TO,
      TWILIO_ACCOUNT_SID: stack.settings.TWILIO_ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: stack.settings.TWILIO_AUTH_TOKEN,
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...owner,
  });
  for (const stream of [container.stdout, container.stderr])
    stream.on('data', (chunk) => (said += chunk));
  exited = new Promise((resolve) => container.on('exit', resolve));
  const isReady = async () => {
    assert.equal(container.exitCode, null, said);
    return (await ask('/readyz')).status === 200;
  };
  await until(isReady, 'it is ready', 30_000);
}

/** A request over the router. */
function ask(path, { method = 'GET', headers = {} } = {}) {
  return exchange(https, { port: routerPort, path, method, headers, ca: stack.ca });
}

/** One that came to the router by http. */
function askPlainly(path, { method = 'GET', headers = {} } = {}) {
  const told = { Host: `localhost:${routerPort}`, 'X-Forwarded-Proto': 'http', ...headers };
  return exchange(http, { port, path, method, headers: told });
}

function exchange(by, options) {
  return new Promise((resolve) => {
    const request = by.request({ host: '127.0.0.1', servername: 'localhost', ...options }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    if (by === https) request.setHeader('Host', `localhost:${routerPort}`);
    request.end();
  });
}

async function place(story) {
  const network = stack.network({
    people: story.people,
    connect: { host: '127.0.0.1', port: routerPort, ca: stack.ca },
    numbers: { [stack.line]: numberSettings({ publicUrl }, stack.line) },
  });
  try {
    return await network.call({ from: '+15550123456', to: stack.line, caller: story.caller });
  } finally {
    await network.close();
  }
}

const served = () => childrenOf(container.pid).map(({ pid, name }) => ({ pid, name }));

test('a caller is answered, and the signature holds behind the router', async () => {
  for (const story of STORIES.filter(({ name }) => ['answered', 'message', 'busy'].includes(name))) {
    const call = await place(story);
    assert.equal(call.applicationError, false);
    const [row] = await stack.sql('SELECT outcome FROM calls WHERE sid = $1', [call.sid]);
    assert.equal(row.outcome, story.expect.outcome);
  }
});

test('what is not signed is refused, whatever it says of itself', async () => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Forwarded-Host': 'evil.example' };
  assert.equal((await ask('/twilio/voice', { method: 'POST', headers })).status, 403);
});

test('who came by http is sent to https, and Twilio is told so plainly', async () => {
  const page = await askPlainly('/calls');
  assert.deepEqual([page.status, page.headers.location], [301, `${publicUrl}/calls`]);
  assert.equal((await askPlainly('/twilio/voice', { method: 'POST' })).status, 403);
  assert.equal((await askPlainly('/', { headers: { Host: 'other.example' } })).status, 0);
});

test('the page is there, and the client is whom the router names', async () => {
  const page = await ask('/', { headers: { 'X-Forwarded-For': '198.51.100.1' } });
  assert.equal(page.status, 200);
  assert.match(page.body, /<html/);
  assert.match(page.headers['strict-transport-security'], /max-age/);
  await until(() => said.includes('"path":"/"'), 'it is logged');
  assert.match(said, /"addr":"203\.0\.113\.7"/);
  assert.doesNotMatch(said, /198\.51\.100\.1/);
});

test('what dies is started again', async () => {
  const before = served();
  assert.equal(before.length, PARTS, JSON.stringify(before));
  for (const { pid } of before) {
    kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 'it is gone');
    await wait(500);
  }
  await until(async () => served().length === PARTS && (await ask('/readyz')).status === 200, 'all are back', 20_000);
  await wait(1000);
  assert.doesNotMatch(said, /Address already in use/);
  assert.equal((await place(STORIES[0])).applicationError, false);
});

test('asked to stop, it stops in good order', async () => {
  const parts = served();
  const began = performance.now();
  container.kill('SIGTERM');
  assert.equal(await exited, 0, said);
  assert.ok(performance.now() - began < 25_000);
  assert.deepEqual(parts.filter(({ pid }) => isAlive(pid)), []);
});

test('without what it must know it says so and does not begin', () => {
  const { status, stderr } = spawnSync(join(folder, 'docker/all'), [], {
    env: cleanEnv({ MAINLINE_DATA: join(folder, 'tmp/data') }),
    encoding: 'utf8',
    ...owner,
  });
  assert.equal(status, 1);
  assert.match(stderr, /DATABASE_URL is not set/);
});
