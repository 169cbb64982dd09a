// People whom oauth2-proxy has signed in: asked for by nginx, believed by the
// program, only where a setting says so.  The proxy is a fake of its contract:
// https://oauth2-proxy.github.io/oauth2-proxy/configuration/integration

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { askWorker } from './support/fastcgi.js';
import { send } from './support/http.js';
import { people } from './support/people.js';
import { freePort, Stack } from './support/stack.js';

const WORDS = 'correct horse battery';
const PROXY_COOKIE = '_oauth2_proxy=newer';
const PUBLIC = 'https://phone.example.com';

/** Who holds the cookie `_oauth2_proxy=MAIL` is signed in as MAIL. */
class Proxy {
  asked = [];
  status = null; // what it answers instead
  renews = false; // its cookie

  async listen() {
    this.port = await freePort();
    this.server = http.createServer((request, response) => this.answer(request, response));
    await new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  answer(request, response) {
    const [, mail] = request.headers.cookie?.match(/_oauth2_proxy=([^;]+)/) ?? [];
    this.asked.push({ url: request.url, headers: request.headers, method: request.method });
    if (request.url !== '/oauth2/auth')
      return response.writeHead(302, { Location: 'https://id.example.com/' }).end();
    if (this.status) return response.writeHead(this.status).end('told');
    if (!mail) return response.writeHead(401).end('Unauthorized\n');
    const renewed = this.renews ? { 'Set-Cookie': `${PROXY_COOKIE}; Secure; HttpOnly` } : {};
    return response.writeHead(202, { 'X-Auth-Request-Email': mail, ...renewed }).end();
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

const proxy = new Proxy();
/** @type {Stack} */
let stack;
let at;
before(async () => {
  await proxy.listen();
  stack = await Stack.start({
    MAINLINE_OAUTH2_PROXY: `http://127.0.0.1:${proxy.port}`,
    MAINLINE_PUBLIC_URL: PUBLIC,
  });
  at = people(stack);
  await at.add('anna@example.com', 'agent', WORDS);
  await at.mainline('add', 'boss@example.com', '--role', 'admin');
});
after(async () => {
  await stack?.close();
  await proxy.close();
});

const refusal = ({ status, json }) => [status, json?.code];
const signedIn = (mail) => `_oauth2_proxy=${mail}`;

test('who is signed in there is a user here, with the user’s role', async () => {
  for (const [mail, name, role] of [
    ['anna@example.com', 'anna@example.com', 'agent'],
    ['Boss@Example.com', 'boss@example.com', 'admin'],
  ]) {
    const { status, json } = await at.as(signedIn(mail), '/api/session');
    assert.equal(status, 200);
    assert.deepEqual([json.name, json.role, json.password_wanted], [name, role, false]);
  }
  assert.equal((await at.as(signedIn('anna@example.com'), '/api/calls')).status, 200);
  assert.equal((await at.as(signedIn('anna@example.com'), '/api/users')).status, 403);
  assert.equal((await at.as(signedIn('boss@example.com'), '/api/users')).status, 200);
  await at.mainline('role', 'anna@example.com', 'admin');
  assert.equal((await at.as(signedIn('anna@example.com'), '/api/users')).status, 200);
  await at.mainline('role', 'anna@example.com', 'agent');
});

test('who is signed in there and no user here is told so', async () => {
  for (const mail of ['eve@example.com', 'anna@example.com.evil.example', 'x'.repeat(300)]) {
    const answer = await at.as(signedIn(mail), '/api/session');
    assert.deepEqual(refusal(answer), [403, 'not_a_user'], mail);
    assert.match(answer.json.detail, /no user here; `mainline user add`/);
  }
  // Also with the cookie of a session: what the operator has set up decides.
  const cookie = await at.cookie({ name: 'anna@example.com', password: WORDS });
  const both = await at.as(`${cookie}; ${signedIn('eve@example.com')}`, '/api/session');
  assert.deepEqual(refusal(both), [403, 'not_a_user']);
});

test('who is not signed in there may have a session or a token all the same', async () => {
  assert.deepEqual(refusal(await at.as('x=1', '/api/calls')), [401, 'token_needed']);
  const cookie = await at.cookie({ name: 'anna@example.com', password: WORDS });
  assert.equal((await at.as(cookie, '/api/session')).json.name, 'anna@example.com');
  proxy.asked.length = 0;
  assert.equal((await stack.api.request('/api/calls')).status, 200);
  for (const path of ['/healthz', '/readyz'])
    assert.equal((await stack.api.request(path, { token: null })).status, 200);
  const call = await send(stack, { method: 'POST', path: '/twilio/voice', body: 'x=1' });
  assert.ok(call.status >= 400);
  assert.deepEqual(proxy.asked, [], 'it is asked of browsers alone');
});

test('no client says by itself who it is', async () => {
  for (const headers of [
    { 'Remote-User': 'boss@example.com' },
    { REMOTE_USER: 'boss@example.com' },
    { Remote_User: 'boss@example.com' },
    { 'X-Auth-Request-Email': 'boss@example.com' },
    { 'X-Forwarded-Email': 'boss@example.com' },
    { 'X-Forwarded-User': 'boss@example.com' },
    { 'X-Remote-User': 'boss@example.com' },
    { 'Http-Remote-User': 'boss@example.com' },
  ]) {
    const answer = await at.as('x=1', '/api/users', { headers });
    assert.equal(answer.status, 401, JSON.stringify(headers));
    const bearer = await stack.api.request('/api/session', {
      token: 'ml_wrong',
      headers: { Cookie: signedIn('boss@example.com'), ...headers },
    });
    assert.deepEqual(refusal(bearer), [401, 'token_unknown']);
  }
});

test('it is told of the cookie and of nothing that is private', async () => {
  proxy.asked.length = 0;
  await at.as(signedIn('anna@example.com'), '/api/calls?q=5550123456', {
    headers: { 'X-Auth-Request-Email': 'boss@example.com', Referer: 'https://x.example/5550123' },
  });
  assert.equal(proxy.asked.length, 1);
  const [{ url, method, headers }] = proxy.asked;
  assert.deepEqual([method, url, headers.host], ['GET', '/oauth2/auth', 'phone.example.com']);
  assert.equal(headers.cookie, signedIn('anna@example.com'));
  assert.doesNotMatch(JSON.stringify(headers), /5550123|boss/);
});

test('when it does not answer nobody is let in, and the page says so', async () => {
  proxy.status = 500;
  const answer = await at.as(signedIn('anna@example.com'), '/api/calls');
  assert.deepEqual(refusal(answer), [503, 'unavailable']);
  assert.equal((await stack.api.request('/api/calls')).status, 200, 'a token goes on');
  const page = await send(stack, { method: 'GET', path: '/' });
  assert.equal(page.status, 503);
  assert.match(page.body, /oauth2-proxy/);
  proxy.status = null;
});

test('the page is for who is signed in there; others are sent to sign in', async () => {
  const { status, headers } = await send(stack, { method: 'GET', path: '/' });
  assert.deepEqual([status, headers.location], [302, '/oauth2/start?rd=%2F']);
  const page = await send(stack, {
    method: 'GET',
    path: '/',
    headers: { Cookie: signedIn('anna@example.com') },
  });
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /text\/html/);
  const start = await send(stack, { method: 'GET', path: headers.location });
  assert.deepEqual([start.status, start.headers.location], [302, 'https://id.example.com/']);
  for (const path of ['/oauth2/who', '/oauth2/page'])
    assert.equal((await send(stack, { method: 'GET', path })).status, 404, path);
});

test('a cookie that it renews reaches the browser, beside what browsers are told', async () => {
  proxy.renews = true;
  const headers = { Cookie: signedIn('anna@example.com') };
  for (const path of ['/', '/api/session', '/api/nothing']) {
    const answer = await send(stack, { method: 'GET', path, headers });
    assert.deepEqual(answer.headers['set-cookie'], [`${PROXY_COOKIE}; Secure; HttpOnly`], path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(answer.headers['strict-transport-security'], /max-age/);
    assert.equal(answer.headers['referrer-policy'], 'no-referrer');
  }
  const out = await at.as(signedIn('anna@example.com'), '/api/session', { method: 'DELETE' });
  assert.equal(out.headers['set-cookie'].length, 2, 'ours is taken back as well');
  proxy.renews = false;
  const plain = await at.as(signedIn('anna@example.com'), '/api/session');
  assert.equal(plain.headers['set-cookie'], undefined);
});

test('its cookie may come from other sites, and changes nothing then', async () => {
  const cookie = signedIn('boss@example.com');
  const call = `/api/calls/CA${'0'.repeat(32)}`;
  const options = (headers) => ({ method: 'DELETE', headers });
  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'https://example.com' },
    { Origin: 'http://phone.example.com' },
    { Origin: 'https://phone.example.com:444' },
  ])
    assert.deepEqual(
      refusal(await at.as(cookie, call, options(headers))),
      [403, 'cross_site'],
      JSON.stringify(headers),
    );
  // The public URL, as a tunnel shows it; nginx's port on that host; this machine.
  for (const origin of [
    PUBLIC,
    `${PUBLIC}:${stack.httpsPort}`,
    `https://localhost:${stack.httpsPort}`,
  ])
    assert.equal((await at.as(cookie, call, options({ Origin: origin }))).status, 404, origin);
});

test('a user of another door chooses a password only with the one before', async () => {
  const password = 'another four words here';
  const path = signedIn('anna@example.com');
  assert.deepEqual(refusal(await at.setPassword(path, { password })), [403, 'wrong_password']);
  const good = await at.setPassword(path, { password, current: WORDS });
  assert.equal(good.status, 204);
});

test('the program believes nginx with that setting alone', async () => {
  const asked = { REQUEST_URI: '/api/session', REMOTE_USER: 'boss@example.com' };
  const here = await askWorker(stack, asked);
  assert.deepEqual([here.status, here.json.role], [200, 'admin']);
  const other = await Stack.start({}, { jobs: false });
  try {
    await people(other).mainline('add', 'boss@example.com', '--role', 'admin');
    assert.deepEqual(refusal(await askWorker(other, asked)), [401, 'token_needed']);
  } finally {
    await other.close();
  }
});

test('what is no origin is refused at the start', async () => {
  for (const url of ['http://127.0.0.1:4180/', 'https://id.example', 'http://x;}', 'x']) {
    const { code, err } = await stack.mainline(['config'], { env: { MAINLINE_OAUTH2_PROXY: url } });
    assert.equal(code, 1, url);
    assert.match(err, /MAINLINE_OAUTH2_PROXY: must be an origin/);
  }
});
