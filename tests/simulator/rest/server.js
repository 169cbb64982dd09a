// Twilio's REST API over HTTP: credentials, faults on request, routes.

import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fault, notFound, RestError, unauthorized } from './errors.js';
import { findRoute } from './routes.js';

const MAX_FORM_BYTES = 1024 * 1024;

/**
 * @typedef {object} Fault
 * @property {number} status 429 or 5xx
 * @property {number} [times] how many requests it hits; 1 by default
 * @property {RegExp} [path] only these
 * @property {number} [retryAfter] seconds, sent as Retry-After
 */

export class RestServer {
  #account;
  #hooks;
  #server = http.createServer((request, response) => this.#serve(request, response));
  /** @type {Fault[]} */
  #faults = [];

  /**
   * @param {import('../account.js').Account} account
   * @param {object} hooks
   * @param {() => [user: string, password: string][]} hooks.credentials
   * @param {(sid: string, status: string) => boolean} hooks.endCall
   */
  constructor(account, hooks) {
    this.#account = account;
    this.#hooks = hooks;
    /** Twilio's setting "Enforce HTTP Auth on Media URLs". */
    this.authOnMedia = false;
    /** Milliseconds, real ones, before every answer. */
    this.latencyMs = 0;
    /** @type {{method: string, path: string, user: string|null, status: number}[]} */
    this.requests = [];
    /** Called before each request is answered. */
    this.beforeRequest = () => {};
  }

  /** Let requests fail. @param {Fault} wanted */
  fail(wanted) {
    this.#faults.push({ times: 1, path: /^/, ...wanted });
  }

  listen(port, host) {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const { port: bound } = /** @type {import('node:net').AddressInfo} */ (
          this.#server.address()
        );
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
    const [path, search] = request.url.split('?');
    const asked = { method: request.method, path, user: userOf(request.headers), status: 0 };
    this.requests.push(asked);
    const answer = await this.#answer(request, path, new URLSearchParams(search)).catch(
      errorAnswer,
    );
    if (this.latencyMs > 0) await wait(this.latencyMs);
    asked.status = answer.status;
    const body = Buffer.from(answer.body);
    const type = answer.status === 204 ? {} : { 'Content-Type': answer.type ?? 'application/json' };
    response.writeHead(answer.status, {
      ...type,
      ...answer.headers,
      'Content-Length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #answer(request, path, query) {
    const form = new URLSearchParams(await bodyOf(request));
    this.#failIfWanted(path);
    this.beforeRequest();
    const route = findRoute(request.method, path);
    if (!(route?.isMedia && !this.authOnMedia) && !this.#isAuthorized(request.headers))
      throw unauthorized();
    if (route === null || route.accountSid !== this.#account.sid) throw notFound(path);
    const asked = { path, query, form, headers: request.headers, sids: route.sids };
    return route.handler(this.#account, asked, this.#hooks);
  }

  #failIfWanted(path) {
    const due = this.#faults.find((each) => each.times > 0 && each.path.test(path));
    if (due === undefined) return;
    due.times -= 1;
    throw fault(due.status, due.retryAfter);
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
    if (bytes > MAX_FORM_BYTES) throw new RestError(413, 20001, 'Request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function errorAnswer(error) {
  const rest = error instanceof RestError ? error : new RestError(500, 20500, String(error.stack));
  return { status: rest.status, headers: rest.headers, body: JSON.stringify(rest) };
}
