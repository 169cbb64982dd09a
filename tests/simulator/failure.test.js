import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import twilio from 'twilio';
import { valueOf } from './index.js';
import { certificateFor } from './testing/certificate.js';
import { LINE } from './testing/fake-mainline.js';
import { startServer, twiml } from './testing/fake-server.js';
import {
  CALLER,
  codes,
  kinds,
  networkFor,
  said,
  TOKEN,
  withMainline,
  withRoutes,
} from './testing/network.js';
import { toObject } from './wire/form.js';
import { parseOverrides } from './wire/overrides.js';

const SORRY = twiml('<Say>Sorry</Say>');
/** Milliseconds, real ones: short, so that a test of a silent server is too. */
const limits = { ct: 800, rt: 800, tt: 2000 };

/** The call's voice request is answered like this; a fallback is there. */
function answeredWith(t, answer, options = {}) {
  return withRoutes(t, { '/voice': answer, '/fallback': SORRY }, { limits, ...options });
}

const REFUSED = [
  ['502', 502, 11200],
  ['404', 404, 11200],
  ['204', 204, 12300],
  ['JSON', { body: '{}', headers: { 'Content-Type': 'application/json' } }, 12300],
  ['an empty body', { headers: { 'Content-Type': 'text/xml' } }, 11770],
  ['half a document', '<Response><Say>', 12100],
  ['another root', '<html/>', 12102],
  ['more than 64 kB', twiml(`<Say>${'x'.repeat(70_000)}</Say>`), 11750],
  ['more than a megabyte', twiml(`<!--${'x'.repeat(3_000_000)}-->`), 11750],
  ['no answer in time', () => new Promise(() => {}), 11205],
  [
    'a body that stops',
    {
      raw: (response) => {
        response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': 100 });
        response.write('<Resp');
      },
    },
    11205,
  ],
  ['a connection that is cut', { raw: (response) => response.destroy() }, 11205],
];

for (const [name, answer, code] of REFUSED) {
  test(`${name}: ${code}, then the fallback`, async (t) => {
    const { server, call } = await answeredWith(t, answer);
    const told = await call();
    assert.deepEqual(codes(told), [code]);
    assert.deepEqual(kinds(told), ['voice', 'fallback', 'status']);
    assert.deepEqual(said(told), ['Sorry']);
    assert.equal(told.applicationError, false);
    const [fallback] = server.of('/fallback');
    assert.equal(fallback.value('ErrorCode'), String(code));
    assert.equal(fallback.value('ErrorUrl'), `${server.origin}/voice`);
    assert.equal(fallback.value('CallSid'), told.sid);
    assert.ok(
      twilio.validateRequest(
        TOKEN,
        fallback.headers['x-twilio-signature'],
        `${server.origin}/fallback`,
        toObject(fallback.params),
      ),
    );
  });
}

test('without a fallback the caller hears the application error', async (t) => {
  const { server, call } = await withRoutes(t, { '/voice': 500 });
  const told = await call();
  assert.equal(told.applicationError, true);
  assert.equal(told.heard.at(-1).kind, 'application-error');
  assert.match(told.heard.at(-1).text, /application error has occurred/);
  assert.equal(told.status, 'completed');
  assert.equal(server.of('/status')[0].value('CallStatus'), 'completed');
});

test('with a fallback that fails too', async (t) => {
  const { call } = await withRoutes(t, { '/voice': 500, '/fallback': '<oops>' });
  const told = await call();
  assert.deepEqual(codes(told), [11200, 12100]);
  assert.equal(told.applicationError, true);
});

test("an action that fails leads to the fallback as well, naming the action's URL", async (t) => {
  const { server, network, call } = await withMainline(t, { routes: { '/twilio/menu': 503 } });
  const told = await call({ caller: [{ press: '1' }, { message: 3 }] });
  const [fallback] = server.of('/twilio/fallback');
  assert.equal(fallback.value('ErrorUrl'), server.origin + server.of('/twilio/menu')[0].url);
  assert.equal(fallback.value('CallStatus'), 'in-progress');
  assert.deepEqual(
    kinds(told).filter((kind) => kind !== 'recording'),
    ['voice', 'gather', 'fallback', 'record', 'status'],
  );
  assert.equal(network.problems.length, 1);
});

test('failAt: the request is not sent, or its answer is lost; that is no problem of the server', async (t) => {
  const { server, network, call } = await withMainline(t, { people: { '*': { does: 'busy' } } });
  const caller = [{ press: '1' }, { hangUp: 1, while: 'greeting' }];
  await call({ caller, failAt: 'menu' });
  assert.deepEqual(
    [server.of('/twilio/menu').length, server.of('/twilio/fallback').length],
    [0, 1],
  );
  await call({ caller, failAt: { step: 'menu', delivered: true } });
  assert.deepEqual(
    [server.of('/twilio/menu').length, server.of('/twilio/fallback').length],
    [1, 2],
  );
  await call({ caller, failAt: /step=nothing/ });
  assert.deepEqual(
    [server.of('/twilio/menu').length, server.of('/twilio/fallback').length],
    [2, 2],
  );
  assert.deepEqual(network.problems, []);
});

test('a hung-up call asks no fallback', async (t) => {
  const { server, call } = await withMainline(t, {
    routes: { '/twilio/dial': 500 },
    people: { '*': { does: 'no-answer' } },
  });
  const told = await call({ caller: [{ press: '1' }, { hangUp: 3, while: 'ringing' }] });
  assert.deepEqual(codes(told), [11200]);
  assert.equal(server.of('/twilio/fallback').length, 0);
});

test('a caller who hangs up while an answer is awaited asks no fallback either', async (t) => {
  const slowly = () => new Promise((resolve) => setTimeout(resolve, 200, 500));
  const { server, call } = await answeredWith(t, slowly, { speed: 10 });
  const told = await call({ caller: [{ hangUp: 1 }] });
  assert.deepEqual([kinds(told), told.status], [['voice', 'status'], 'no-answer']);
  assert.equal(server.of('/fallback').length, 0);
});

test('a missing Content-Length is a problem, though the document is played', async (t) => {
  const { call } = await answeredWith(t, {
    raw(response) {
      response.writeHead(200, { 'Content-Type': 'text/xml' });
      response.write(twiml('<Say>Hello</Say>'));
      response.end();
    },
  });
  const told = await call();
  assert.deepEqual(
    told.problems.map(({ code, level }) => [code, level]),
    [[12100, 'warning']],
  );
  assert.deepEqual(said(told), ['Hello']);
});

test('a 12200 is a problem, though the rest is played', async (t) => {
  const { call } = await answeredWith(t, twiml('<Whistle/><Say>Hello</Say>'));
  const told = await call();
  assert.deepEqual(codes(told), [12200]);
  assert.deepEqual(said(told), ['Hello']);
});

test('a callback that is not answered as it should be is a warning', async (t) => {
  for (const [answer, expected] of [
    [204, []],
    [twiml(''), []],
    [500, [11200]],
    [403, [11200]],
    [{ body: 'ok', headers: { 'Content-Type': 'application/json' } }, [12300]],
  ]) {
    const { call } = await withRoutes(t, { '/voice': twiml(''), '/status': answer });
    const told = await call();
    assert.deepEqual(
      told.problems.map(({ code, level }) => [code, level]),
      expected.map((code) => [code, 'warning']),
    );
  }
});

test('gzip is understood', async (t) => {
  const { gzipSync } = await import('node:zlib');
  const body = gzipSync(twiml('<Say>Zipped</Say>'));
  const { call } = await answeredWith(t, { body, headers: { 'Content-Encoding': 'gzip' } });
  assert.deepEqual(said(await call()), ['Zipped']);
});

// ---- connections

async function closedPort() {
  const server = await startServer({});
  await server.close();
  return server.port;
}

test('a refused connection is tried twice, then 11202', async (t) => {
  const port = await closedPort();
  const network = networkFor(t, {
    numbers: { [LINE]: { voiceUrl: `http://127.0.0.1:${port}/voice` } },
  });
  const call = await network.call({ from: CALLER, to: LINE });
  assert.deepEqual(
    call.requests.map(({ attempt, error }) => [attempt, error.code]),
    [
      [0, 11202],
      [1, 11202],
    ],
  );
  assert.equal(
    call.requests[0].headers['I-Twilio-Idempotency-Token'],
    call.requests[1].headers['I-Twilio-Idempotency-Token'],
  );
  assert.deepEqual(codes(call), [11202]);
});

test('a host that does not exist is 11210', async (t) => {
  const network = networkFor(t, {
    numbers: { [LINE]: { voiceUrl: 'http://nowhere.invalid/voice' } },
    limits,
  });
  const [code] = codes(await network.call({ from: CALLER, to: LINE }));
  assert.ok([11210, 11201].includes(code), String(code));
});

test('a server that accepts and says nothing over TLS does not connect', async (t) => {
  const server = net.createServer(() => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `https://127.0.0.1:${server.address().port}/voice`;
  const network = networkFor(t, { numbers: { [LINE]: { voiceUrl: `${url}#rc=0` } }, limits });
  assert.deepEqual(codes(await network.call({ from: CALLER, to: LINE })), [11201]);
});

test('a URL that is none is 11100', async (t) => {
  const { call } = await answeredWith(t, twiml('<Redirect>ftp://example.com/x</Redirect>'));
  assert.deepEqual(codes(await call()), [11100]);
  const spaced = await answeredWith(t, twiml('<Redirect>/next step</Redirect>'));
  assert.deepEqual(codes(await spaced.call()), [11100]);
});

test('rc and rp say how often and after what it is tried again; the fragment is neither sent nor signed', async (t) => {
  const { server, call } = await withRoutes(
    t,
    { '/voice': 503, '/status': 500 },
    {
      number: ({ origin }) => ({
        voiceUrl: `${origin}/voice?a=1#rc=3&rp=5xx`,
        statusCallback: `${origin}/status#rc=2&rp=4xx`,
      }),
    },
  );
  const told = await call();
  assert.equal(server.of('/voice').length, 4);
  assert.equal(server.of('/status').length, 1);
  assert.deepEqual(
    told.requests.map(({ attempt }) => attempt),
    [0, 1, 2, 3, 0],
  );
  for (const { url, headers, params } of server.of('/voice')) {
    assert.equal(url, '/voice?a=1');
    assert.ok(
      twilio.validateRequest(
        TOKEN,
        headers['x-twilio-signature'],
        `${server.origin}/voice?a=1`,
        toObject(params),
      ),
    );
  }
});

test('a retry that succeeds is all that matters', async (t) => {
  let times = 0;
  const { server, call } = await withRoutes(
    t,
    { '/voice': () => ((times += 1) < 3 ? 500 : SORRY) },
    {
      number: ({ origin }) => ({ voiceUrl: `${origin}/voice#rc=5&rp=all` }),
    },
  );
  const told = await call();
  assert.deepEqual(codes(told), []);
  assert.equal(server.of('/voice').length, 3);
  assert.deepEqual(said(told), ['Sorry']);
});

test('overrides are read strictly', () => {
  const { overrides } = parseOverrides(
    'rc=2&rp=ct,rt&rt=5000&ct=100&tt=9000&e=dublin,ashburn-ix&sni=y',
  );
  assert.deepEqual(overrides, { ct: 100, rt: 5000, tt: 9000, rc: 2, rp: ['ct', 'rt'] });
  for (const [fragment, code] of [
    ['rc=6', 11240],
    ['rt=99', 11240],
    ['tt=15001', 11240],
    ['x=1', 11240],
    ['rp=6xx', 11243],
    ['e=mars', 11241],
  ]) {
    assert.equal(parseOverrides(fragment).fault?.[0], code, fragment);
  }
});

test('HTTP redirects are followed, ten of them', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': { status: 307, headers: { Location: '/there?x=1' } },
    '/there': twiml('<Redirect>further</Redirect>'),
    '/further': SORRY,
    '/round': { status: 302, headers: { Location: '/round' } },
  });
  assert.deepEqual(said(await call()), ['Sorry']);
  assert.equal(valueOf(server.of('/there')[0].params, 'CallStatus'), 'ringing');
  const circle = await withRoutes(t, {
    '/voice': { status: 302, headers: { Location: '/voice' } },
  });
  assert.deepEqual(codes(await circle.call()), [11215]);
});

test('documents that lead round in circles end in an error, not in a hang', async (t) => {
  const { call } = await withRoutes(t, { '/voice': twiml('<Redirect>/voice</Redirect>') });
  await assert.rejects(call(), /more than 500 documents/);
});

// ---- TLS

test('over TLS: the public name is checked, whatever the address it is connected to', async (t) => {
  const tls = certificateFor('phone.example.com');
  const server = await startServer({ '/voice': SORRY }, { tls });
  t.after(() => server.close());
  const connect = { host: '127.0.0.1', port: server.port, ca: tls.cert };
  const call = (voiceUrl, options = {}) =>
    networkFor(t, { numbers: { [LINE]: { voiceUrl } }, connect, ...options }).call({
      from: CALLER,
      to: LINE,
    });

  assert.deepEqual(codes(await call('https://phone.example.com/voice')), []);
  assert.equal(server.asked[0].headers.host, 'phone.example.com');
  assert.deepEqual(codes(await call('https://phone.example.com:8443/voice')), []);
  const { headers, params } = server.asked[1];
  assert.equal(headers.host, 'phone.example.com:8443');
  assert.ok(
    twilio.validateRequest(
      TOKEN,
      headers['x-twilio-signature'],
      'https://phone.example.com/voice',
      toObject(params),
    ),
  );
  assert.deepEqual(codes(await call('https://other.example.com/voice')), [11235]);
  assert.deepEqual(
    codes(
      await call('https://phone.example.com/voice', { connect: { ...connect, ca: undefined } }),
    ),
    [11237],
  );
});

test('an expired certificate is 11236, no TLS at all 11220', async (t) => {
  const tls = certificateFor('phone.example.com', 0);
  const expired = await startServer({ '/voice': SORRY }, { tls });
  const plain = await startServer({ '/voice': SORRY });
  t.after(() => Promise.all([expired.close(), plain.close()]));
  const call = (port) =>
    networkFor(t, {
      numbers: { [LINE]: { voiceUrl: 'https://phone.example.com/voice' } },
      connect: { host: '127.0.0.1', port, ca: tls.cert },
    }).call({ from: CALLER, to: LINE });
  assert.deepEqual(codes(await call(expired.port)), [11236]);
  assert.deepEqual(codes(await call(plain.port)), [11220]);
});

test('a kept connection that the server closes under a request is no failure: it is sent again', async (t) => {
  const used = new WeakSet();
  let cut = 0;
  const { server, call } = await withRoutes(t, {
    '/voice': twiml('<Redirect>/next</Redirect>'),
    '/next': ({ socket }) => {
      if (!used.has(socket)) {
        used.add(socket);
        return SORRY;
      }
      cut += 1;
      return { raw: () => socket.destroy() };
    },
    '*': 404,
  });
  server.onRequest(({ socket, path }) => path === '/voice' && used.add(socket));
  const told = await call();
  assert.equal(cut, 1);
  assert.deepEqual(codes(told), []);
  assert.equal(told.requests.find(({ kind }) => kind === 'redirect').response.resent, true);
});
