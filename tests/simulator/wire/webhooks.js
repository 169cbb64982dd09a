// Webhooks: built, signed by the official library, sent, tried again as the
// connection overrides say, and recorded.

import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { encodeForm, toObject } from './form.js';
import { DEFAULTS, parseOverrides, retries } from './overrides.js';
import { TransportError } from './transport.js';
import { signedUrl, splitUrl, withQuery } from './url.js';

const MAX_REDIRECTS = 10;

/**
 * One request as it was sent; a retry is another one.
 * @typedef {object} WebhookRequest
 * @property {string} kind voice, gather, dial, record, redirect, screen, fallback, media (these are
 *   answered with TwiML or audio); status, leg, recording, transcription (these are callbacks)
 * @property {string} name tells a call's requests apart; retries and duplicates share it
 * @property {string} callSid the inbound leg's
 * @property {string} legSid the leg that it is about
 * @property {string} method
 * @property {string} url as sent, query included, without the fragment
 * @property {string} fragment the connection overrides
 * @property {import('./form.js').Pair[]} params in the order sent
 * @property {string} body
 * @property {Record<string, string>} headers the signature among them
 * @property {string} signature
 * @property {number} at milliseconds since the epoch, in virtual time
 * @property {number} attempt from 0
 * @property {boolean} duplicate a second copy that the courier made
 * @property {boolean} lost its answer did not reach Twilio, which therefore asked again
 * @property {import('./transport.js').Response} [response]
 * @property {{code: number, message: string}} [error] why there is no whole response
 */

/**
 * Told of every attempt, before it is sent and when it has a response or an error.
 * @typedef {{sent: (attempt: WebhookRequest) => void, answered: (attempt: WebhookRequest) => void}} Observer
 */

export class Webhooks {
  #transport;
  #clock;
  #token;
  #limits;
  #keepPort;
  #homeRegion;

  /**
   * @param {object} options
   * @param {import('./transport.js').Transport} options.transport
   * @param {import('../clock.js').Clock} options.clock
   * @param {() => string} options.token the auth token that signs at this moment
   * @param {Partial<import('./overrides.js').Overrides>} [options.limits] milliseconds, real ones
   * @param {boolean} [options.keepPort] sign HTTPS URLs with their port
   * @param {string} [options.homeRegion]
   */
  constructor({ transport, clock, token, limits, keepPort = false, homeRegion = 'us1' }) {
    this.#transport = transport;
    this.#clock = clock;
    this.#token = token;
    this.#limits = { ...DEFAULTS, ...limits };
    this.#keepPort = keepPort;
    this.#homeRegion = homeRegion;
  }

  /**
   * X-Twilio-Signature for a URL and a POST's pairs.
   * @param {string} url
   * @param {import('./form.js').Pair[]} params
   * @param {string} [token]
   */
  sign(url, params, token = this.#token()) {
    const signed = signedUrl(url, { keepPort: this.#keepPort });
    return webhooks.getExpectedTwilioSignature(token, signed, toObject(params));
  }

  /**
   * A request ready to be sent, but for its time and attempt.
   * @param {object} about
   * @param {string} about.kind
   * @param {string} about.name
   * @param {string} about.callSid
   * @param {string} about.legSid
   * @param {string} about.url absolute; its fragment holds the connection overrides
   * @param {string} [about.method]
   * @param {import('./form.js').Pair[]} about.params
   * @param {string} about.token a string for I-Twilio-Idempotency-Token
   * @returns {WebhookRequest}
   */
  prepare({ kind, name, callSid, legSid, url, method = 'POST', params, token }) {
    const verb = method.toUpperCase();
    const callback = ['status', 'leg', 'recording', 'transcription'].includes(kind);
    const form = encodeForm(params, { space: callback ? '%20' : '+' });
    const [sent, ...fragment] = (verb === 'GET' ? withQuery(url, form) : url).split('#');
    const body = verb === 'GET' ? '' : form;
    const signature = this.sign(sent, verb === 'GET' ? [] : params);
    const headers = this.#headers({ verb, body, signature, token });
    return {
      kind,
      name,
      callSid,
      legSid,
      method: verb,
      url: sent,
      fragment: fragment.join('#'),
      params,
      body,
      headers,
      signature,
      at: 0,
      attempt: 0,
      duplicate: false,
      lost: false,
    };
  }

  #headers({ verb, body, signature, token }) {
    const form = {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(body)),
    };
    return {
      ...(verb !== 'GET' && form),
      'X-Twilio-Signature': signature,
      'I-Twilio-Idempotency-Token': token,
      'X-Home-Region': this.#homeRegion,
      'User-Agent': 'TwilioProxy/1.1',
      Accept: '*/*',
      'Accept-Encoding': 'gzip',
      'Cache-Control': 'max-age=259200',
    };
  }

  /**
   * Send it until it is answered or the overrides say enough.
   * @param {WebhookRequest} request
   * @param {Observer} observer
   * @returns {Promise<WebhookRequest>} the last attempt, with its response or error
   */
  async deliver(request, observer) {
    const { overrides, fault } = parseOverrides(request.fragment, this.#limits);
    if (splitUrl(request.url) === null) return this.#refuse(request, observer, 11100, request.url);
    if (fault !== null) return this.#refuse(request, observer, ...fault);
    const deadline = performance.now() + overrides.tt;
    for (let attempt = request.attempt; ; attempt += 1) {
      const limits = { ...overrides, tt: Math.max(1, deadline - performance.now()) };
      const { sent, failure } = await this.#follow({ ...request, attempt }, limits, observer);
      const more = attempt - request.attempt < overrides.rc && performance.now() < deadline;
      if (!more || !retries(overrides, failure)) return sent;
    }
  }

  #refuse(request, observer, code, message) {
    const refused = { ...request, at: this.#clock.now(), error: { code, message } };
    observer.sent(refused);
    observer.answered(refused);
    return refused;
  }

  /** One attempt, through the redirects that the server may answer it with. */
  async #follow(request, limits, observer) {
    let sent = request;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const failure = await this.#once(sent, limits, observer);
      const location = redirection(sent);
      if (location === null) return { sent, failure };
      sent = this.#redirected(sent, location);
    }
    sent.error = { code: 11215, message: `more than ${MAX_REDIRECTS} redirects` };
    return { sent, failure: null };
  }

  #redirected(request, location) {
    const keeps = [307, 308].includes(request.response.status);
    const { response, ...again } = request;
    const url = new URL(location, request.url).href;
    const method = keeps ? request.method : 'GET';
    const token = request.headers['I-Twilio-Idempotency-Token'];
    return {
      ...again,
      ...this.prepare({ ...again, url, method, token }),
      attempt: request.attempt,
    };
  }

  /** Send one request once. Returns what kind of failure it was, in the words of `rp`. */
  async #once(request, limits, observer) {
    request.at = this.#clock.now();
    observer.sent(request);
    const failure = await this.#exchange(request, limits);
    observer.answered(request);
    return failure;
  }

  async #exchange(request, limits) {
    const target = splitUrl(request.url);
    const headers = { Host: target.authority, ...request.headers };
    try {
      const { method, body } = request;
      request.response = await this.#transport.exchange({ target, method, headers, body }, limits);
      return { 4: '4xx', 5: '5xx' }[Math.floor(request.response.status / 100)] ?? null;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      request.error = { code: error.code, message: error.message };
      return error.failure;
    }
  }
}

function redirection({ response, url }) {
  if (!response || ![301, 302, 303, 307, 308].includes(response.status)) return null;
  const location = response.headers.location;
  return location && URL.canParse(location, url) ? location : null;
}
