// One HTTP exchange with the server under test, over connections that are kept.

import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Read no more of a response than this; TwiML ends at 64 kB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

/** Node's error code -> Twilio's, for what fails before the request is out. */
const CONNECT_ERRORS = {
  ECONNREFUSED: 11202,
  ENOTFOUND: 11210,
  EAI_AGAIN: 11210,
  ETIMEDOUT: 11201,
  CERT_HAS_EXPIRED: 11236,
  ERR_TLS_CERT_ALTNAME_INVALID: 11235,
  DEPTH_ZERO_SELF_SIGNED_CERT: 11237,
  SELF_SIGNED_CERT_IN_CHAIN: 11237,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 11237,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 11237,
};

/** An exchange that gave no whole response. */
export class TransportError extends Error {
  /**
   * @param {number} code Twilio's
   * @param {'ct'|'rt'|null} failure which retry policy covers it
   * @param {string} detail
   */
  constructor(code, failure, detail) {
    super(detail);
    this.name = 'TransportError';
    this.code = code;
    this.failure = failure;
    /** A kept connection was closed before any answer. */
    this.stale = false;
  }
}

/**
 * @typedef {object} Response
 * @property {number} status
 * @property {Record<string, string>} headers names in lower case
 * @property {Buffer} body as sent, but for gzip undone
 * @property {number} ms from the request to the end of the body
 * @property {boolean} [resent] sent twice, since a kept connection was closed under it
 */

export class Transport {
  #agents;
  #connect;
  #open = new Set();

  /**
   * @param {object} [connect] where to connect whatever the URL says; the URL's host
   *   still goes into Host, SNI and the check of the certificate
   * @param {string} [connect.host]
   * @param {number} [connect.port]
   * @param {string|Buffer} [connect.ca] a certificate to trust
   */
  constructor(connect = {}) {
    this.#connect = connect;
    const options = { keepAlive: true, maxSockets: Infinity };
    this.#agents = {
      'http:': new http.Agent(options),
      'https:': new https.Agent({ ...options, ca: connect.ca }),
    };
  }

  close() {
    for (const request of this.#open) request.destroy();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  /**
   * @param {object} request
   * @param {import('./url.js').Target} request.target
   * @param {string} request.method
   * @param {Record<string, string>} request.headers
   * @param {string|Buffer} request.body
   * @param {{ct: number, rt: number, tt: number}} limits milliseconds
   * @returns {Promise<Response>} rejects with a TransportError
   */
  async exchange(request, limits) {
    try {
      return await this.#once(request, limits);
    } catch (error) {
      // The server may close a kept connection while we write to it.  That is no
      // answer of the server's; every HTTP client asks again on a fresh one.
      if (!error.stale) throw error;
      return { ...(await this.#once(request, limits)), resent: true };
    }
  }

  #once({ target, method, headers, body }, limits) {
    const { protocol, hostname, port, path } = target;
    const client = protocol === 'https:' ? https : http;
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const request = client.request({
        agent: this.#agents[protocol],
        host: this.#connect.host ?? hostname,
        port: this.#connect.port ?? port,
        servername: isIP(hostname) ? '' : hostname,
        method,
        path,
        headers,
      });
      const watch = new Watch(request, protocol, limits);
      this.#open.add(request);
      request.on('close', () => {
        this.#open.delete(request);
        watch.stop();
      });
      request.on('error', (error) => reject(watch.judge(error)));
      request.on('response', (response) => {
        watch.answered();
        this.#read(response, watch).then(
          (whole) => resolve({ ...whole, ms: performance.now() - started }),
          (error) => reject(watch.judge(error)),
        );
      });
      request.end(body);
    });
  }

  async #read(response, watch) {
    const chunks = [];
    let bytes = 0;
    for await (const chunk of response) {
      watch.heard();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_RESPONSE_BYTES) break;
    }
    const body = Buffer.concat(chunks);
    const zipped = response.headers['content-encoding'] === 'gzip' && body.length > 0;
    return {
      status: response.statusCode,
      headers: response.headers,
      body: zipped ? gunzipSync(body) : body,
    };
  }
}

/** The time limits of one exchange, and what its failure is called. */
class Watch {
  #request;
  #limits;
  #connected = false;
  #answered = false;
  #timers = {};

  constructor(request, protocol, limits) {
    this.#request = request;
    this.#limits = limits;
    this.#set(
      'total',
      limits.tt,
      new TransportError(11203, 'rt', `no whole answer in ${limits.tt} ms`),
    );
    request.on('socket', (socket) => {
      if (request.reusedSocket) {
        this.#ready();
        return;
      }
      this.#set(
        'connect',
        limits.ct,
        new TransportError(11201, 'ct', `no connection in ${limits.ct} ms`),
      );
      socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => this.#ready());
    });
  }

  #set(name, ms, error) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => this.#request.destroy(error), ms);
  }

  #ready() {
    this.#connected = true;
    clearTimeout(this.#timers.connect);
    this.heard();
  }

  heard() {
    const { rt } = this.#limits;
    this.#set('read', rt, new TransportError(11205, 'rt', `nothing read for ${rt} ms`));
  }

  answered() {
    this.#answered = true;
    this.heard();
  }

  stop() {
    Object.values(this.#timers).forEach(clearTimeout);
  }

  /** Node's error in Twilio's words. */
  judge(error) {
    this.stop();
    if (error instanceof TransportError) return error;
    const detail = `${error.code ?? error.name}: ${error.message}`;
    if (!this.#connected) {
      const code = CONNECT_ERRORS[error.code] ?? (/SSL|TLS|EPROTO/.test(detail) ? 11220 : 11205);
      return new TransportError(code, 'ct', detail);
    }
    const judged = new TransportError(/HPE_|Z_/.test(detail) ? 11206 : 11205, null, detail);
    judged.stale = this.#request.reusedSocket && !this.#answered && error.code === 'ECONNRESET';
    return judged;
  }
}
