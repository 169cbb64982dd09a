// What a caller hears when no worker answers: nginx itself, a route at a time.

import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { connect as connect2 } from 'node:http2';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import tls from 'node:tls';
import { send } from '../e2e/support/http.js';
import { Stack } from '../e2e/support/stack.js';
import { assertTwiml } from '../e2e/support/twiml.js';
import { inbound, post } from '../e2e/support/webhook.js';

const RECORDS = ['voice', 'menu', 'dial', 'fallback'];
const HANGS_UP = ['screen', 'screen-key'];
const CALLBACKS = ['status', 'leg', 'recording', 'transcription'];
const DOWN_MS = 50;
const FROZEN_MS = 3200;

/** @type {Stack} */
let stack;
let agent;
before(async () => {
  stack = await Stack.start();
  agent = new Agent({ keepAlive: true, maxSockets: 16 });
});
after(async () => {
  agent.destroy();
  await stack.close();
});

const line = () => `line=${encodeURIComponent(stack.line)}`;
const ask = (route, query = `?${line()}`) =>
  post(stack, `/twilio/${route}${query}`, inbound(stack), { agent });

/** Every route gets the answer of the table, within so many milliseconds. */
async function assertTable(withinMs, t) {
  const routes = [...RECORDS, ...HANGS_UP, 'voicemail', ...CALLBACKS];
  const began = performance.now();
  const answers = await Promise.all(routes.map((route) => ask(route)));
  const took = performance.now() - began;
  for (const [i, route] of routes.entries()) {
    const answer = answers[i];
    if (CALLBACKS.includes(route)) {
      assert.ok(answer.status >= 502 && answer.status <= 504, `${route} ${answer.status}`);
      continue;
    }
    const verbs = [...assertTwiml(answer).matchAll(/<([A-Z]\w+)/g)].map(([, name]) => name);
    if (RECORDS.includes(route))
      assert.deepEqual(verbs, ['Response', 'Say', 'Record', 'Say', 'Hangup'], route);
    else if (route === 'voicemail') assert.deepEqual(verbs, ['Response', 'Say', 'Hangup']);
    else assert.deepEqual(verbs, ['Response', 'Hangup'], route);
  }
  t.diagnostic(`all ${routes.length} routes after ${Math.round(took)} ms`);
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  assert.ok(slowest < withinMs, `${Math.round(slowest)} ms`);
}

const hookWorkers = () => {
  const path = `/proc/${stack.servePid}/task/${stack.servePid}/children`;
  return readFileSync(path, 'utf8').trim().split(' ').map(Number);
};

test('the socket is not there', async (t) => {
  await ask('voice');
  const socket = join(stack.settings.MAINLINE_RUN, 'hook.sock');
  renameSync(socket, `${socket}.away`);
  try {
    await assertTable(DOWN_MS, t);
  } finally {
    renameSync(`${socket}.away`, socket);
  }
  assertTwiml(await ask('voice'));
});

test('nobody may connect to the socket', async (t) => {
  const socket = join(stack.settings.MAINLINE_RUN, 'hook.sock');
  if (process.getuid() !== 0) t.diagnostic('as the owner of the socket');
  chmodSync(socket, 0);
  try {
    await assertTable(DOWN_MS, t);
  } finally {
    chmodSync(socket, 0o660);
  }
});

test('all workers are frozen', async (t) => {
  const pids = hookWorkers();
  pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    await assertTable(FROZEN_MS, t);
  } finally {
    pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }
  await wait(200);
  assertTwiml(await ask('voice'));
});

test("the record of nginx's own answer leads back to us, with the line", async () => {
  const pids = hookWorkers();
  const socket = join(stack.settings.MAINLINE_RUN, 'hook.sock');
  renameSync(socket, `${socket}.away`);
  let recorded;
  try {
    const network = stack.network();
    const placed = network.place({
      from: '+15550123456',
      to: stack.line,
      caller: [{ message: 9 }],
    });
    // The workers are back while the caller still speaks.
    placed.network.on('moment', ({ moment }) => {
      if (/tone/.test(JSON.stringify(moment)) && existsSync(`${socket}.away`))
        renameSync(`${socket}.away`, socket);
    });
    recorded = await placed.finished;
    await network.close();
    assert.equal(recorded.applicationError, false);
    assert.deepEqual(network.problems, []);
  } finally {
    if (existsSync(`${socket}.away`)) renameSync(`${socket}.away`, socket);
  }
  assert.ok(pids.length > 0);
  const shown = await stack.api.call(recorded.sid);
  assert.deepEqual(
    [shown.outcome, shown.reason, shown.line],
    ['voicemail', 'message_left', stack.line],
  );
});

test("only a number gets into nginx's own answer", async () => {
  const socket = join(stack.settings.MAINLINE_RUN, 'hook.sock');
  renameSync(socket, `${socket}.away`);
  try {
    for (const value of [
      '',
      '%2B1',
      '%2B1555010000112345678',
      '15550100001',
      '%22%3E%3CDial%3E',
      '%2B15550100001%22',
      '%2b15550100001x',
      '%2B1555010%000001',
    ]) {
      const body = (await ask('voice', `?line=${value}`)).body;
      assert.ok(!/<Dial/.test(body) && !/line=/.test(body), value);
    }
    assert.match(
      (await ask('voice', '?line=%2B15550100001')).body,
      /voicemail\?line=%2B15550100001"/,
    );
    assert.match(
      (await ask('voice', '?n=2&line=%2B442071838750&try=1')).body,
      /line=%2B442071838750"/,
    );
  } finally {
    renameSync(`${socket}.away`, socket);
  }
});

test('the database is away: every webhook is answered within 1.5 s, and kept', async (t) => {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${stack.settings.PG_DATA}`);
      } catch {
        return false;
      }
    });
  assert.ok(pids.length > 0, 'the server is found');
  const stopped = new Set();
  const freeze = () => {
    // The server and all its children, the workers' backends among them.
    const tree = [...pids];
    for (let i = 0; i < tree.length; i += 1)
      tree.push(
        ...readFileSync(`/proc/${tree[i]}/task/${tree[i]}/children`, 'utf8')
          .trim()
          .split(' ')
          .filter(Boolean)
          .map(Number),
      );
    for (const pid of tree) {
      process.kill(pid, 'SIGSTOP');
      stopped.add(pid);
    }
  };
  const kept = async () => {
    const [{ n }] = await stack.sql(
      'SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM events_aside) AS n',
    );
    return Number(n);
  };
  await ask('voice');
  const before = await kept();
  freeze();
  try {
    const answers = await Promise.all([...RECORDS, ...CALLBACKS].map((route) => ask(route)));
    for (const answer of answers.slice(0, RECORDS.length))
      assert.doesNotMatch(assertTwiml(answer), /nobody can take your call/);
    for (const answer of answers.slice(RECORDS.length)) assert.equal(answer.status, 204);
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    t.diagnostic(`frozen: slowest ${Math.round(slowest)} ms`);
    assert.ok(slowest < 1500, `${slowest}`);
    const api = await stack.api.request('/api/calls');
    assert.equal(api.status, 503);
    assert.equal(api.headers['retry-after'], '1');
    assert.equal((await stack.api.request('/readyz', { token: null })).status, 503);
    assert.equal((await stack.api.request('/healthz', { token: null })).status, 200);
  } finally {
    for (const pid of stopped) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error; // it has ended meanwhile
      }
    }
  }
  const began = performance.now();
  while ((await kept()) < before + RECORDS.length + CALLBACKS.length) {
    assert.ok(performance.now() - began < 5000, 'all of it is in the database');
    await wait(50);
  }
});

test('TLS 1.2 and 1.3 and nothing older; HTTP/2 and HTTP/1.1', async () => {
  const handshake = (options) =>
    new Promise((resolve) => {
      const socket = tls.connect(
        {
          host: '127.0.0.1',
          port: stack.httpsPort,
          servername: 'localhost',
          ca: stack.ca,
          ...options,
        },
        () => {
          resolve([socket.getProtocol(), socket.alpnProtocol]);
          socket.destroy();
        },
      );
      socket.on('error', () => resolve(null));
    });
  assert.deepEqual(await handshake({ maxVersion: 'TLSv1.2', ALPNProtocols: ['h2', 'http/1.1'] }), [
    'TLSv1.2',
    'h2',
  ]);
  assert.deepEqual(await handshake({ minVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'] }), [
    'TLSv1.3',
    'http/1.1',
  ]);
  assert.equal(
    await handshake({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    null,
  );
  const session = connect2(`https://localhost:${stack.httpsPort}`, { ca: stack.ca });
  const stream = session.request({ ':path': '/healthz' });
  const [headers] = await new Promise((resolve) => stream.on('response', (...all) => resolve(all)));
  assert.equal(headers[':status'], 200);
  session.close();
});

test('plain HTTP: webhooks are refused, everything else goes to HTTPS', async () => {
  const webhook = await send(stack, {
    plain: true,
    method: 'POST',
    path: '/twilio/voice',
    body: '',
  });
  assert.equal(webhook.status, 403);
  const page = await send(stack, { plain: true, method: 'GET', path: '/api/calls?x=1' });
  assert.equal(page.status, 301);
  assert.match(page.headers.location, /^https:\/\/localhost(:\d+)?\/api\/calls\?x=1$/);
});

test('a host that is not ours gets no answer', async () => {
  await assert.rejects(
    send(stack, { method: 'GET', path: '/healthz', headers: { Host: 'evil.example' } }),
  );
});

test('the access log has paths without queries', async () => {
  await ask('voice', `?${line()}&secret=hunter2`);
  await wait(1200);
  const logs = join(stack.data, 'log');
  const access = readdirSync(logs)
    .filter((name) => /access/.test(name))
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('');
  assert.match(access, /\/twilio\/voice/);
  assert.ok(!access.includes('hunter2'));
});

test('serve is stopped: callers are answered, and it comes back without nginx noticing', async (t) => {
  process.kill(stack.servePid, 'SIGSTOP'); // so that script/server does not see it go
  hookWorkers().forEach((pid) => process.kill(pid, 'SIGKILL'));
  await wait(100);
  await assertTable(FROZEN_MS, t);
  process.kill(stack.servePid, 'SIGCONT');
  await wait(1500);
  assertTwiml(await ask('voice'));
});
