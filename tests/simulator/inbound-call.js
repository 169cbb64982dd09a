// One inbound call, from its first ring to the last callback about it.

import { END, playDocument } from './interpreter.js';
import { HungUp, Leg } from './leg.js';
import { Recordings } from './recordings.js';
import { problem, TwimlError } from './twiml/errors.js';
import { readResponse } from './twiml/document.js';
import { ordered, progress, standard } from './wire/parameters.js';
import { resolveUrl } from './wire/url.js';

/** What a caller hears when neither the webhook nor its fallback gave a document. */
const APPLICATION_ERROR = 'We are sorry. An application error has occurred. Goodbye.';
const APPLICATION_ERROR_S = 4;
/** A call that asks for more documents than this goes round in circles. */
const MAX_DOCUMENTS = 500;

export class InboundCall {
  #number;
  #options;
  #recordings = new Recordings(this);
  #pending = new Set();
  #failures = [];
  #counts = new Map();
  #documents = 0;

  /**
   * @param {import('./network.js').PhoneNetwork} network
   * @param {import('./network.js').CallOptions} options
   * @param {import('./random.js').Chance} chance this call's own
   */
  constructor(network, options, chance) {
    this.network = network;
    this.chance = chance;
    this.#options = options;
    this.#number = network.account.rulingSettings(options.to);
    this.sid = `CA${chance.hex('call')}`;
    /** @type {import('./wire/webhooks.js').WebhookRequest[]} every attempt, in the order sent */
    this.requests = [];
    /** @type {import('./wire/webhooks.js').WebhookRequest[]} callbacks that the courier dropped */
    this.lost = [];
    /** @type {import('./twiml/errors.js').Problem[]} */
    this.problems = [];
    /** True once the caller heard the application error. */
    this.applicationError = false;
    /** @type {Leg[]} the inbound one first */
    this.legs = [];
    this.leg = this.addLeg({ from: options.from, to: options.to });
    /** @type {Promise<InboundCall>} resolves when all of it, callbacks too, has been delivered */
    this.finished = Promise.resolve(this);
  }

  get from() {
    return this.leg.from;
  }

  get to() {
    return this.leg.to;
  }

  get status() {
    return this.leg.status;
  }

  /** What the caller heard, in order. */
  get heard() {
    return this.leg.heard;
  }

  get recordings() {
    return this.#recordings.all;
  }

  /** What becomes of its recordings, as the test wants it. */
  get recording() {
    return { ...this.network.recording, ...this.#options.recording };
  }

  // ---- the call as a whole

  /** Run to the very end. @returns {Promise<this>} */
  async run() {
    if (this.#options.startsAfter > 0) await this.network.clock.sleep(this.#options.startsAfter);
    this.leg.createdAt = this.network.clock.now();
    this.network.account.putCall(this.leg, this);
    this.give(this.leg, this.#options.caller);
    try {
      await this.#converse();
    } catch (error) {
      if (!(error instanceof HungUp)) throw error;
    } finally {
      this.leg.end('completed', 200);
    }
    this.#statusCallback();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (this.#failures.length > 0) throw this.#failures[0];
    return this;
  }

  async #converse() {
    const context = { call: this, leg: this.leg, clock: this.network.clock, screening: false };
    const { voiceUrl, voiceMethod } = this.#number;
    let document = await this.#orFallback(() => {
      const values = { CallToken: this.#callToken() };
      return this.fetch(this.leg, {
        kind: 'voice',
        url: voiceUrl,
        base: voiceUrl,
        method: voiceMethod,
        values,
      });
    });
    while (document !== END) {
      const current = document;
      document = await this.#orFallback(() => playDocument(context, current));
    }
    this.leg.answer();
  }

  async #orFallback(attempt) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TwimlError)) throw error;
      return this.#fallback(error);
    }
  }

  /** https://www.twilio.com/docs/usage/security/availability-reliability */
  async #fallback(error) {
    this.reportError(error);
    this.leg.check();
    const { voiceFallbackUrl: url, voiceFallbackMethod: method } = this.#number;
    if (!url) return this.#apologise(error);
    const values = { ErrorCode: error.code, ErrorUrl: error.url.replace(/#.*$/s, '') };
    try {
      return await this.fetch(this.leg, { kind: 'fallback', url, base: url, method, values });
    } catch (second) {
      if (!(second instanceof TwimlError)) throw second;
      this.reportError(second);
      return this.#apologise(second);
    }
  }

  async #apologise(error) {
    this.applicationError = true;
    this.leg.answer();
    this.leg.tell('application-error', { text: APPLICATION_ERROR, code: error.code });
    await this.leg.wait(APPLICATION_ERROR_S);
    return END;
  }

  /** Tokens like this make up much of the size of a real request. */
  #callToken() {
    const parts = [0, 1, 2, 3, 4].map((part) => this.chance.hex('call token', part));
    return JSON.stringify({
      parentCallInfoToken: Buffer.from(parts.join('')).toString('base64url'),
    });
  }

  // ---- legs

  /**
   * @param {{parent?: Leg, from: string, to: string, watch?: (leg: Leg, moment: object) => void}} about
   * @returns {Leg}
   */
  addLeg({ parent, from, to, watch }) {
    const sid = parent ? `CA${this.chance.hex('leg', this.legs.length)}` : this.sid;
    const leg = new Leg({
      clock: this.network.clock,
      sid,
      parent,
      from,
      to,
      watch: (changed, moment) => {
        this.network.account.putCall(changed, this);
        this.network.emit('moment', { call: this, leg: changed, moment });
        watch?.(changed, moment);
      },
    });
    this.legs.push(leg);
    if (parent) this.network.account.putCall(leg, this);
    return leg;
  }

  /** Put a leg into somebody's hand. */
  give(leg, person) {
    this.later(async () => {
      try {
        await person(leg, this);
      } catch (error) {
        if (!(error instanceof HungUp)) throw error;
      }
    });
  }

  /** Something that goes on beside the call and that its end waits for. */
  later(task) {
    const running = task()
      .catch((error) => this.#failures.push(error))
      .finally(() => this.#pending.delete(running));
    this.#pending.add(running);
  }

  // ---- requests for TwiML

  /**
   * Ask for a document. Throws a TwimlError for what Twilio would refuse, and
   * HungUp if the leg has ended by the time the answer is there.
   * @param {Leg} leg
   * @param {{kind: string, url: string, base: string, method?: string, values?: object}} about
   * @returns {Promise<import('./twiml/document.js').TwimlDocument>}
   */
  async fetch(leg, { kind, url, base, method, values }) {
    this.#documents += 1;
    if (this.#documents > MAX_DOCUMENTS) {
      throw new Error(`${this.sid} asked for more than ${MAX_DOCUMENTS} documents: ${url}`);
    }
    const absolute = resolveUrl(url, base);
    const answered = await this.#ask(leg, { kind, url: absolute, method, values });
    const document = this.#read(answered);
    document.problems.forEach((found) => this.report(found));
    leg.check();
    // Relative URLs start where the document was found, HTTP redirects followed.
    const moved = answered.method === 'POST' && answered.url !== absolute.replace(/#.*$/s, '');
    return { ...document, url: moved ? answered.url : absolute };
  }

  /** The same, after the leg has ended: the answer is read for its faults only. */
  async notify(leg, { kind, url, base, method, values }) {
    try {
      const answered = await this.#ask(leg, { kind, url: resolveUrl(url, base), method, values });
      this.#read(answered).problems.forEach((found) => this.report(found));
    } catch (error) {
      if (!(error instanceof TwimlError)) throw error;
      this.reportError(error);
    }
  }

  /** The bytes of a Play's audio, or null if it lies on another server than the document. */
  async fetchAudio(leg, url, base) {
    if (new URL(url).origin !== new URL(base).origin) return null;
    const request = this.#request(leg, { kind: 'media', url, method: 'GET' }, []);
    const { response, error } = await this.network.deliver(this, request);
    if (error) throw new TwimlError(error.code, url, error.message);
    if (response.status !== 200) throw new TwimlError(11200, url, `HTTP ${response.status}`);
    const type = response.headers['content-type'] ?? '';
    if (!type.startsWith('audio/')) throw new TwimlError(13420, url, type);
    return response.body;
  }

  async #ask(leg, about) {
    const { fromPlace, params } = this.#options;
    const inbound = leg === this.leg && { StirVerstat: this.#options.stirVerstat, ...params };
    const values = { ...this.#standard(leg, fromPlace), ...inbound, ...about.values };
    const request = this.#request(leg, about, ordered(values));
    const failing = this.#failure(request);
    if (failing !== null && !failing.delivered) throw this.#simulated(request, failing);
    const answered = await this.network.ask(this, request);
    if (failing !== null) throw this.#simulated(request, failing);
    return answered;
  }

  /** @param {import('./wire/webhooks.js').WebhookRequest} answered */
  #read({ response, error, url, method }) {
    if (error) throw new TwimlError(error.code, url, error.message);
    if (response.headers['content-length'] === undefined && response.status === 200) {
      this.report({
        ...problem(12100, 'no Content-Length: Twilio may cut the document'),
        level: 'warning',
        url,
      });
    }
    return readResponse(response, url, method);
  }

  #standard(leg, fromPlace) {
    const shown = leg.from === this.from ? fromPlace : undefined;
    return standard(leg, { sid: this.network.accountSid }, { fromPlace: shown });
  }

  /** Does the test want this request to fail? Only the first that matches does. */
  #failure(request) {
    const { failAt } = this.#options;
    if (failAt === undefined) return null;
    const {
      step,
      delivered = false,
      status = 502,
    } = typeof failAt === 'object' && !(failAt instanceof RegExp) ? failAt : { step: failAt };
    const path = request.url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\?.*/s, '');
    const hit = step instanceof RegExp ? step.test(request.url) : path.endsWith(`/${step}`);
    if (!hit) return null;
    this.#options = { ...this.#options, failAt: undefined };
    return { delivered, status };
  }

  /** As if the answer had been a gateway's; the fault is the test's, so it is no problem. */
  #simulated(request, { delivered, status }) {
    const error = new TwimlError(11200, request.url, `HTTP ${status}, as the test wanted`);
    error.simulated = true;
    if (!delivered) this.requests.push({ ...request, at: this.network.clock.now(), error });
    return error;
  }

  // ---- callbacks

  /** @see https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
  #statusCallback() {
    const { statusCallback, statusCallbackMethod } = this.#number;
    if (!statusCallback) return;
    const { fromPlace, stirVerstat, params } = this.#options;
    const values = {
      ...this.#standard(this.leg, fromPlace),
      StirVerstat: stirVerstat,
      ...params,
      ...progress(this.leg, { at: this.leg.endedAt, callStatus: this.leg.status }),
    };
    this.callback(this.leg, {
      kind: 'status',
      url: statusCallback,
      method: statusCallbackMethod,
      values,
    });
  }

  /** A child leg's progress. */
  legCallback(leg, { url, base, method }) {
    const values = {
      ...this.#standard(leg, this.#options.fromPlace),
      ...progress(leg, { at: this.network.clock.now(), callStatus: leg.status }),
    };
    this.callback(leg, { kind: 'leg', url: resolveUrl(url, base), method, values });
  }

  callback(leg, { kind, url, method, values }) {
    const request = this.#request(leg, { kind, url, method }, ordered(values));
    this.later(() => this.network.post(this, request));
  }

  /** A request with a name of its own, from which its chances and its token are drawn. */
  #request(leg, { kind, url, method }, params) {
    const ordinal = this.#counts.get(`${leg.sid} ${kind}`) ?? 0;
    this.#counts.set(`${leg.sid} ${kind}`, ordinal + 1);
    const name = `${leg.sid} ${kind} ${ordinal}`;
    const token = this.chance.uuid('token', name);
    return this.network.webhooks.prepare({
      kind,
      name,
      callSid: this.sid,
      legSid: leg.sid,
      url,
      method,
      params,
      token,
    });
  }

  // ---- recordings and problems

  startRecording(leg, settings) {
    return this.#recordings.start(leg, settings);
  }

  discardRecording(recording) {
    this.#recordings.discard(recording);
  }

  finishRecording(leg, recording, taken) {
    this.#recordings.finish(leg, recording, taken);
  }

  report(found) {
    const whole = { ...found, callSid: this.sid };
    this.problems.push(whole);
    this.network.report(whole);
  }

  reportError(error) {
    if (!error.simulated)
      this.report({ ...problem(error.code), message: error.message, url: error.url });
  }
}
