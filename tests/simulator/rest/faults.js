// What tests want to go wrong in the REST API, and which request it hits.

import { fault as failure } from './errors.js';

/**
 * A fault: which requests it hits, and what becomes of them.
 * @typedef {object} Fault
 * @property {RegExp} [path] only these; without the query
 * @property {string} [method] only this
 * @property {number} [times] how many requests it hits; 1, or without end where there is a chance
 * @property {number} [skip] how many it lets pass first
 * @property {number} [chance] 0..1 for each request, drawn from the seed
 *
 * @property {number} [status] 4xx or 5xx, in Twilio's words
 * @property {number|string} [retryAfter] sent as Retry-After with it
 * @property {string} [redirect] a URL, answered as 307 (or `status`)
 * @property {string|Buffer} [body] in place of the answer, with 200 (or `status`)
 * @property {string} [type] Content-Type, in place of the right one
 * @property {number} [bytes] a WAV of so many bytes in place of the answer, streamed
 * @property {true} [hang] never answered
 * @property {true} [reset] the connection is reset in place of an answer
 *
 * @property {number} [delayMs] real milliseconds before the answer
 * @property {number} [cutAfter] bytes of the body after which the connection breaks
 * @property {{bytes: number, everyMs: number}} [drip] so much of the body at a time
 * @property {true} [chunked] without a Content-Length
 */

export class Faults {
  #chance;
  #wanted = [];
  #named = 0;

  /** @param {import('../random.js').Chance} chance */
  constructor(chance) {
    this.#chance = chance;
  }

  /** @param {Fault} fault @returns {() => void} takes it back */
  add(fault) {
    const times = fault.chance === undefined ? 1 : Infinity;
    const wanted = { times, skip: 0, path: /^/, ...fault, name: this.#named, met: 0 };
    this.#named += 1;
    this.#wanted.push(wanted);
    return () => {
      this.#wanted = this.#wanted.filter((each) => each !== wanted);
    };
  }

  clear() {
    this.#wanted = [];
  }

  /** The fault that hits this request, or an empty one. @returns {Fault} */
  hit(method, path) {
    const hit = this.#wanted.find((each) => this.#hits(each, method, path));
    if (hit === undefined) return {};
    hit.times -= 1;
    if (hit.times <= 0) this.#wanted = this.#wanted.filter((each) => each !== hit);
    return hit;
  }

  #hits(wanted, method, path) {
    if (!wanted.path.test(path) || (wanted.method ?? method) !== method) return false;
    wanted.met += 1;
    if (wanted.met <= wanted.skip) return false;
    const { chance = 1, name, met } = wanted;
    return this.#chance.number(name, met) < chance;
  }
}

/** What is answered in place of the right answer, or null where the right one is. */
export function replacement({ status, retryAfter, redirect, body, type }) {
  if (redirect !== undefined) {
    const headers = { Location: redirect };
    return { status: status ?? 307, headers, type: 'text/plain', body: '' };
  }
  if (body !== undefined) {
    return { status: status ?? 200, headers: {}, type: type ?? 'text/html', body };
  }
  if (status !== undefined) throw failure(status, retryAfter);
  return null;
}

/** At most so many requests a second, over every second that there is. */
export class RateLimit {
  #passed = [];

  /**
   * @param {{perSecond: number, retryAfter?: number|string}|null} limit
   * @throws {import('./errors.js').RestError} 429 with 20429
   */
  check(limit) {
    if (limit === null) return;
    const now = performance.now();
    this.#passed = this.#passed.filter((at) => at > now - 1000);
    if (this.#passed.length >= limit.perSecond) throw failure(429, limit.retryAfter);
    this.#passed.push(now);
  }
}
