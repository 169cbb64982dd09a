import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { TcpProxy } from './peers/tcp-proxy.js';

/** A server that sends back what it gets. */
async function echo(t, listenOn = { port: 0, host: '127.0.0.1' }) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(listenOn);
  await once(server, 'listening');
  t.after(() => server.close());
  return typeof server.address() === 'string'
    ? { path: server.address() }
    : { host: '127.0.0.1', port: server.address().port };
}

async function through(t, options) {
  const proxy = await TcpProxy.start(await echo(t), options);
  t.after(() => proxy.close());
  return proxy;
}

/** A client that keeps what it gets. */
function client(target) {
  const socket = net.connect(target);
  const seen = { socket, text: '', closed: false, error: null };
  socket.on('data', (chunk) => (seen.text += chunk));
  socket.on('error', (error) => (seen.error = error.code));
  socket.on('close', () => (seen.closed = true));
  return seen;
}

const until = async (condition) => {
  for (let i = 0; i < 200 && !condition(); i += 1) await wait(10);
  assert.ok(condition(), String(condition));
};

test('it passes everything on, and counts it', async (t) => {
  const proxy = await through(t);
  const one = client({ port: proxy.port });
  one.socket.end('hello');
  await until(() => one.closed);
  assert.equal(one.text, 'hello');
  assert.deepEqual([proxy.bytes, proxy.connections], [{ client: 5, server: 5 }, 1]);
  await until(() => proxy.openConnections === 0);
});

test('over unix sockets too', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const target = await echo(t, { path: join(folder, 'server') });
  const proxy = await TcpProxy.start(target, { path: join(folder, '.s.PGSQL.5432') });
  t.after(() => proxy.close());
  const one = client({ path: proxy.path });
  one.socket.end('hello');
  await until(() => one.closed);
  assert.equal(one.text, 'hello');
});

test('a black hole: nothing passes and nothing breaks, then all of it does', async (t) => {
  const proxy = await through(t);
  const one = client({ port: proxy.port });
  one.socket.write('a');
  await until(() => one.text === 'a');
  proxy.freeze();
  one.socket.write('b');
  const two = client({ port: proxy.port });
  two.socket.write('c');
  await wait(100);
  assert.deepEqual([one.text, one.closed, two.text, two.closed], ['a', false, '', false]);
  proxy.thaw();
  await until(() => one.text === 'ab' && two.text === 'c');
  proxy.cut();
  await until(() => one.closed && two.closed);
});

test('refuse: no new connections, until it is open again at the same port', async (t) => {
  const proxy = await through(t);
  const { port } = proxy;
  const one = client({ port });
  one.socket.write('a');
  await until(() => one.text === 'a');
  await proxy.refuse();
  const refused = client({ port });
  await until(() => refused.closed);
  assert.equal(refused.error, 'ECONNREFUSED');
  one.socket.write('b');
  await until(() => one.text === 'ab');
  await proxy.open();
  const two = client({ port });
  two.socket.end('c');
  await until(() => two.closed);
  assert.equal(two.text, 'c');
});

test('delay: later, in order; the end waits as well', async (t) => {
  const proxy = await through(t);
  proxy.delay(80);
  const before = performance.now();
  const one = client({ port: proxy.port });
  one.socket.end('ab');
  await until(() => one.closed);
  assert.ok(performance.now() - before >= 155);
  assert.equal(one.text, 'ab');
});

test('cut after the nth byte of either side, then go on', async (t) => {
  const proxy = await through(t);
  for (const [cut, text] of [
    [{ from: 'server', bytes: 3 }, 'abc'],
    [{ from: 'client', bytes: 2, reset: true }, undefined],
    [{ from: 'server', bytes: 0 }, ''],
  ]) {
    const broken = proxy.cutAfter(cut);
    const one = client({ port: proxy.port });
    one.socket.write('abcdef');
    await broken;
    await until(() => one.closed);
    if (text !== undefined) assert.equal(one.text, text);
    if (cut.reset) assert.equal(one.error, 'ECONNRESET');
    const after = client({ port: proxy.port });
    after.socket.end('whole');
    await until(() => after.closed);
    assert.equal(after.text, 'whole');
  }
});

// ---- PostgreSQL's messages

const message = (type, body = '') => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(4 + Buffer.byteLength(body, 'latin1'), 1);
  return Buffer.concat([head, Buffer.from(body, 'latin1')]);
};
const READY = message('Z', 'I');
const ANSWER = [message('1'), message('2'), message('n'), message('C', 'INSERT 0 1\0'), READY];

/** As much of a PostgreSQL as `pg` needs to insert a row; it counts what it was asked. */
async function postgres(t) {
  const seen = { syncs: 0 };
  const server = net.createServer((socket) => {
    let started = false;
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      if (!started) {
        started = true;
        rest = Buffer.alloc(0);
        socket.write(Buffer.concat([message('R', '\0\0\0\0'), READY]));
        return;
      }
      while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
        if (rest[0] === 'S'.charCodeAt(0)) {
          seen.syncs += 1;
          socket.write(Buffer.concat(ANSWER));
        }
        rest = rest.subarray(1 + rest.readInt32BE(1));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { seen, port: server.address().port };
}

async function connected(t, proxy) {
  const database = new pg.Client({ host: '127.0.0.1', port: proxy.port, user: 'u', database: 'd' });
  database.on('error', () => {});
  await database.connect();
  t.after(() => database.end().catch(() => {}));
  return database;
}

test('cut at each message of a write, in either direction, and everything else goes on', async (t) => {
  const { seen, port } = await postgres(t);
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port });
  t.after(() => proxy.close());
  const write = (database) => database.query('INSERT INTO t VALUES ($1)', ['x']);

  const whole = await connected(t, proxy);
  const before = { ...proxy.messages };
  await write(whole);
  const sent = proxy.messages.client - before.client;
  const answered = proxy.messages.server - before.server;
  assert.deepEqual([sent, answered], [5, 5]);

  for (const [from, count] of [
    ['client', sent],
    ['server', answered],
  ]) {
    for (let messages = 0; messages < count; messages += 1) {
      const database = await connected(t, proxy);
      const [syncs, passed] = [seen.syncs, proxy.messages[from]];
      const broken = proxy.cutAfter({ from, messages });
      await assert.rejects(write(database), `${messages} of ${from}`);
      await broken;
      assert.equal(proxy.messages[from] - passed, messages);
      assert.equal(seen.syncs - syncs, from === 'client' ? 0 : 1);
    }
  }
  await write(await connected(t, proxy));
});

test('cut at a message of one type', async (t) => {
  const { port } = await postgres(t);
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port });
  t.after(() => proxy.close());
  const database = await connected(t, proxy);
  const passed = proxy.messages.server;
  const broken = proxy.cutAfter({ from: 'server', messages: 1, type: 'C' });
  await assert.rejects(database.query('INSERT INTO t VALUES ($1)', ['x']));
  await broken;
  assert.equal(proxy.messages.server - passed, 4);
});
