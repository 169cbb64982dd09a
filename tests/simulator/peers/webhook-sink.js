// Whoever receives our outgoing webhooks: keeps each request, judges its signature
// by the Standard Webhooks library, and fails as it is told.
// https://github.com/standard-webhooks/standard-webhooks

import http from 'node:http';
import https from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Chance } from '../random.js';
import { Faults } from '../rest/faults.js';

/**
 * @typedef {object} Delivery one request as it came
 * @property {number} at real milliseconds since the epoch
 * @property {string} method
 * @property {string} path
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body
 * @property {string|undefined} id webhook-id
 * @property {any} payload as signed; null where the signature is not right
 * @property {string|null} refused what the library has against it
 * @property {number} status how it was answered, 0 if not at all
 */

export class WebhookSink {
  #server;
  #secret;
  #faults;
  #address = { port: 0, host: '127.0.0.1' };

  /**
   * @param {object} options
   * @param {string} options.secret whsec_…
   * @param {{key: string, cert: string}} [options.tls]
   * @param {number} [options.seed] of faults that come by chance
   * @returns {Promise<WebhookSink>}
   */
  static async start(options) {
    const sink = new WebhookSink(options);
    await sink.up();
    return sink;
  }

  constructor({ secret, tls, seed = 1 }) {
    this.#secret = secret;
    this.#faults = new Faults(new Chance(seed, 'webhook sink'));
    /** @type {Delivery[]} */
    this.deliveries = [];
    this.scheme = tls ? 'https' : 'http';
    const listener = (request, response) =>
      this.#take(request, response).catch((error) => {
        // A client that left in the middle of its request is no fault of ours.
        if (error.code !== 'ECONNRESET') throw error;
      });
    this.#server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  }

  get url() {
    return `${this.scheme}://${this.#address.host}:${this.#address.port}/hook`;
  }

  /** Each webhook-id that was answered 2xx, and how often. @returns {Map<string, number>} */
  get accepted() {
    const counts = new Map();
    for (const { id, status } of this.deliveries) {
      if (status >= 200 && status < 300) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /**
   * Of a REST fault: path, method, times, skip, chance, status, retryAfter, redirect, hang,
   * reset, delayMs. A redirect is answered with 307 unless `status` says otherwise.
   * @param {import('../rest/faults.js').Fault} fault
   * @returns {() => void} takes it back
   */
  fail(fault) {
    return this.#faults.add(fault);
  }

  mend() {
    this.#faults.clear();
  }

  /** Listen, again at the same port after `down`. */
  up() {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#address.port, this.#address.host, () => {
        this.#server.off('error', reject);
        this.#address = { ...this.#address, port: this.#server.address().port };
        resolve();
      });
    });
  }

  /** Connections are refused, and those there are break. */
  async down() {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  close() {
    return this.down();
  }

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { method, url: path, headers } = request;
    const id = headers['webhook-id'];
    const verdict = this.#verdict(body, headers);
    const delivery = { at: Date.now(), method, path, headers, body, id, ...verdict, status: 0 };
    this.deliveries.push(delivery);
    const fault = this.#faults.hit(method, path);
    if (fault.delayMs) await wait(fault.delayMs);
    if (fault.hang) return;
    if (fault.reset) {
      request.socket.resetAndDestroy();
      return;
    }
    delivery.status = fault.status ?? (fault.redirect === undefined ? 204 : 307);
    response.writeHead(delivery.status, {
      ...(fault.retryAfter !== undefined && { 'Retry-After': String(fault.retryAfter) }),
      ...(fault.redirect !== undefined && { Location: fault.redirect }),
    });
    response.end();
  }

  #verdict(body, headers) {
    try {
      return { payload: new Webhook(this.#secret).verify(body, headers), refused: null };
    } catch (error) {
      return { payload: null, refused: error.message };
    }
  }
}
