// Twilio's REST API over HTTP: credentials, faults on request, routes.

import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { wavOfBytes } from './audio.js';
import { send } from './delivery.js';
import { notFound, RestError, unauthorized } from './errors.js';
import { Faults, RateLimit, replacement } from './faults.js';
import { findRoute } from './routes.js';

const MAX_FORM_BYTES = 1024 * 1024;

export class RestServer {
  #account;
  #hooks;
  #server = http.createServer((request, response) => this.#serve(request, response));
  #faults;
  #limiter = new RateLimit();
  #address = { port: 0, host: '127.0.0.1' };

  /**
   * @param {import('../account.js').Account} account
   * @param {object} hooks
   * @param {() => [user: string, password: string][]} hooks.credentials
   * @param {(sid: string, status: string) => boolean} hooks.endCall
   * @param {import('../random.js').Chance} chance what faults are drawn from
   */
  constructor(account, hooks, chance) {
    this.#account = account;
    this.#hooks = { ...hooks, mediaLagMs: () => this.mediaLagMs };
    this.#faults = new Faults(chance);
    /** Twilio's setting "Enforce HTTP Auth on Media URLs". */
    this.authOnMedia = false;
    /** Milliseconds by which its clock is ahead. */
    this.clockShiftMs = 0;
    /** Milliseconds, real ones, before every answer. */
    this.latencyMs = 0;
    /** Milliseconds, real ones, for which a completed recording's audio is not there yet. */
    this.mediaLagMs = 0;
    /** @type {{perSecond: number, retryAfter?: number|string}|null} beyond it: 429 */
    this.limit = null;
    /**
     * What was asked: `at` in real milliseconds, `status` 0 where there was no answer.
     * @type {{method: string, path: string, query: string, user: string|null, at: number, status: number, form: string}[]}
     */
    this.requests = [];
    /** Called before each request is answered. */
    this.beforeRequest = () => {};
  }

  /** Let requests fail. @param {import('./faults.js').Fault} fault @returns {() => void} takes it back */
  fail(fault) {
    return this.#faults.add(fault);
  }

  /** Take back all that was to fail, the limit and the lags included. */
  mend() {
    this.#faults.clear();
    Object.assign(this, { limit: null, clockShiftMs: 0, latencyMs: 0, lagMs: 0, mediaLagMs: 0 });
  }

  /** Milliseconds, real ones, until a change of a call or a recording is shown. */
  get lagMs() {
    return this.#account.lagMs;
  }

  set lagMs(ms) {
    this.#account.lagMs = ms;
  }

  /** Connections are refused, and those there are break. */
  down() {
    return this.close();
  }

  /** Be there again, at the same port. */
  up() {
    return this.listen(this.#address.port, this.#address.host);
  }

  /** @returns {Promise<string>} the origin */
  listen(port, host) {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const { port: bound } = /** @type {import('node:net').AddressInfo} */ (
          this.#server.address()
        );
        this.#address = { port: bound, host };
        this.#server.off('error', reject);
        resolve(`http://${host}:${bound}`);
      });
    });
  }

  async close() {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request, response) {
    const [path, query = ''] = request.url.split('?');
    const { method } = request;
    const user = userOf(request.headers);
    const asked = { method, path, query, user, at: performance.now(), status: 0, form: '' };
    this.requests.push(asked);
    const fault = this.#faults.hit(method, path);
    const body = await bodyOf(request).catch(() => '');
    asked.form = body;
    if (fault.hang) return;
    if (fault.reset) {
      request.socket.resetAndDestroy();
      return;
    }
    const answer = await this.#answer(request, { path, query, body, fault }).catch(errorAnswer);
    const delayMs = this.latencyMs + (fault.delayMs ?? 0);
    if (delayMs > 0) await wait(delayMs);
    asked.status = answer.status;
    const date = new Date(Date.now() + this.clockShiftMs).toUTCString();
    answer.headers = { Date: date, ...answer.headers };
    await send(response, answer, fault, method === 'HEAD');
  }

  /** @returns {Promise<import('./delivery.js').Answer>} */
  async #answer({ method, headers }, { path, query, body, fault }) {
    if (Buffer.byteLength(body) > MAX_FORM_BYTES) {
      throw new RestError(413, 20001, 'Request body too large');
    }
    this.#limiter.check(this.limit);
    const replaced = replacement(fault);
    if (replaced !== null) return replaced;
    this.beforeRequest();
    const route = findRoute(method, path);
    if (!(route?.isMedia && !this.authOnMedia) && !this.#isAuthorized(headers))
      throw unauthorized();
    if (route === null || (route.accountSid ?? this.#account.sid) !== this.#account.sid)
      throw notFound(path);
    const form = new URLSearchParams(body);
    const asked = { path, query: new URLSearchParams(query), form, headers, sids: route.sids };
    const answer = route.handler(this.#account, asked, this.#hooks);
    return fault.bytes === undefined ? answer : { ...answer, body: wavOfBytes(fault.bytes).part() };
  }

  #isAuthorized({ authorization = '' }) {
    return this.#hooks.credentials().some(([user, password]) => {
      const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      return authorization === expected;
    });
  }
}

function userOf({ authorization }) {
  if (!authorization?.startsWith('Basic ')) return null;
  return Buffer.from(authorization.slice(6), 'base64').toString().split(':')[0];
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= 2 * MAX_FORM_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function errorAnswer(error) {
  const rest = error instanceof RestError ? error : new RestError(500, 20500, String(error.stack));
  return { status: rest.status, headers: rest.headers, body: JSON.stringify(rest) };
}
