// The telephone network and Twilio in one process: it places calls, asks the
// server under test what to do with them, does it, and reports.

import { EventEmitter } from 'node:events';
import { Account } from './account.js';
import { callerOf } from './caller.js';
import { Clock } from './clock.js';
import { InboundCall } from './inbound-call.js';
import { modelOf } from './model.js';
import { personOf } from './people.js';
import { Chance, freshSeed } from './random.js';
import { RestServer } from './rest/server.js';
import { readResponse } from './twiml/document.js';
import { problem } from './twiml/errors.js';
import { E164 } from './twiml/rules.js';
import { Courier } from './wire/courier.js';
import { Transport } from './wire/transport.js';
import { Webhooks } from './wire/webhooks.js';

/**
 * @typedef {object} NumberSettings a Twilio number; the REST API can change it
 * @property {string} voiceUrl
 * @property {'GET'|'POST'} [voiceMethod]
 * @property {string} [voiceFallbackUrl]
 * @property {'GET'|'POST'} [voiceFallbackMethod]
 * @property {string} [statusCallback]
 * @property {'GET'|'POST'} [statusCallbackMethod]
 * @property {string} [friendlyName]
 * @property {string} [voiceApplicationSid] its settings are followed, not the number's; a trunk turns both off
 * @property {string} [trunkSid]
 * @property {'voice'|'fax'} [voiceReceiveMode]
 * @property {boolean} [voice] false: it cannot be called
 * @property {boolean} [voiceCallerIdLookup]
 * @property {string} [sid] given by the network
 * @property {number} [createdAt] given by the network
 */

/**
 * @typedef {object} CallOptions
 * @property {string} from +15550123456, anonymous, client:…, sip:…, or empty
 * @property {string} to a number of the network
 * @property {import('./caller.js').Script} [caller] what the caller does
 * @property {string|RegExp|{step: string|RegExp, delivered?: boolean, status?: number}} [failAt]
 *   the first request for TwiML whose path ends in this fails as if answered 502; it is not
 *   sent, or with `delivered` it is and its answer is lost
 * @property {{city: string, state: string, zip: string, country: string}} [fromPlace]
 * @property {string} [stirVerstat]
 * @property {Record<string, string>} [params] further parameters of the inbound leg's requests
 * @property {number} [startsAfter] seconds of virtual time
 * @property {Partial<import('./recordings.js').Fate>} [recording] what becomes of its recordings
 */

/**
 * Events: 'moment' {call, leg, moment}, 'request' and 'answer' {call, request}, 'problem'.
 */
export class PhoneNetwork extends EventEmitter {
  #transport;
  #courier;
  #chance;
  #placed = 0;
  /** @type {Map<string, import('./model.js').Model>} of calls that were forgotten */
  #models = new Map();

  /**
   * @param {object} options
   * @param {string} options.accountSid
   * @param {string|string[]} options.authToken the first signs; all may call the REST API
   * @param {{sid: string, secret: string}[]} [options.apiKeys] may call the REST API
   * @param {{host?: string, port?: number, ca?: string|Buffer}} [options.connect] where webhooks
   *   go, whatever host their URL names
   * @param {Record<string, NumberSettings>} options.numbers
   * @param {Record<string, import('./people.js').Person|import('./people.js').Behaviour>} [options.people] by number;
   *   '*' answers for all others, and without it they do not exist
   * @param {number} [options.seed] draws SIDs and every chance; printed by who wants to repeat a run
   * @param {number} [options.speed] 1 is real time; by default time jumps
   * @param {Date} [options.startAt] virtual time at the start; by default now
   * @param {import('./wire/courier.js').Disorder} [options.disorder]
   * @param {'action'|'action-saved'|'falls-through'} [options.emptyRecording] Twilio's documents
   *   disagree about a silent recording: the action is asked and the recording turns out absent;
   *   or it is saved with 0 s; or the verb after Record runs as if there had been no Record
   * @param {Partial<import('./recordings.js').Fate>} [options.recording] what becomes of recordings
   * @param {string[]} [options.verifiedNumbers] may be shown as callerId besides our own numbers
   * @param {boolean} [options.keepPort] sign HTTPS URLs with their port
   * @param {object} [options.limits] real milliseconds ct, rt, tt in place of Twilio's 5000, 15000, 15000
   * @param {string} [options.apiUrl] origin of RecordingUrl; by default https://api.twilio.com
   * @param {string} [options.saveTo] a folder where calls and recordings are kept as JSON
   */
  constructor(options) {
    super();
    this.seed = options.seed ?? freshSeed();
    this.#chance = new Chance(this.seed);
    this.clock = new Clock(options);
    this.accountSid = options.accountSid;
    this.authTokens = [options.authToken].flat();
    this.apiUrl = options.apiUrl ?? 'https://api.twilio.com';
    this.emptyRecording = options.emptyRecording ?? 'action';
    this.recording = options.recording ?? {};
    this.verifiedNumbers = options.verifiedNumbers ?? [];
    this.people = { ...options.people };
    /** @type {import('./twiml/errors.js').Problem[]} everything that Twilio would have logged */
    this.problems = [];
    /** @type {Map<string, InboundCall>} */
    this.calls = new Map();
    this.account = new Account({
      sid: this.accountSid,
      numbers: options.numbers,
      chance: this.#chance.of('account'),
      apiUrl: this.apiUrl,
      clock: this.clock,
      saveTo: options.saveTo,
    });
    this.#transport = new Transport(options.connect);
    this.webhooks = new Webhooks({
      transport: this.#transport,
      clock: this.clock,
      token: () => this.authTokens[0],
      limits: options.limits,
      keepPort: options.keepPort,
    });
    const chance = new Chance(options.disorder?.seed ?? this.seed, 'courier');
    this.#courier = new Courier({ clock: this.clock, chance, disorder: options.disorder ?? {} });
    const hooks = {
      credentials: () => this.#credentials(options.apiKeys ?? []),
      endCall: (sid, status) => this.#endCall(sid, status),
    };
    this.rest = new RestServer(this.account, hooks, this.#chance.of('rest'));
  }

  get numbers() {
    return this.account.numbers;
  }

  #credentials(apiKeys) {
    const tokens = this.authTokens.map((token) => [this.accountSid, token]);
    return [...tokens, ...apiKeys.map(({ sid, secret }) => [sid, secret])];
  }

  // ---- calls

  /**
   * Place a call. The result is there at once, to be watched and taken part in;
   * `finished` resolves when all of it, callbacks too, has been delivered.
   * @param {CallOptions} options
   * @returns {InboundCall}
   */
  place({ caller = [], startsAfter = 0, stirVerstat, ...options }) {
    if (!this.numbers[options.to])
      throw new TypeError(`${options.to} is not a number of this network`);
    if (this.account.rulingSettings(options.to) === null)
      throw new TypeError(`${options.to} has a trunk, or an application that is gone: its VoiceUrl is ignored`);
    const person = callerOf(caller);
    const verstat = stirVerstat ?? (E164.test(options.from) ? 'TN-Validation-Passed-A' : undefined);
    const chance = this.#chance.of('call', this.#placed);
    this.#placed += 1;
    const call = new InboundCall(
      this,
      { ...options, caller: person, stirVerstat: verstat, startsAfter },
      chance,
    );
    this.calls.set(call.sid, call);
    call.finished = call.run();
    return call;
  }

  /**
   * Place a call and wait for its very end.
   * @param {CallOptions} options
   * @returns {Promise<InboundCall>}
   */
  call(options) {
    return this.place(options).finished;
  }

  /**
   * What really happened in a call, as it stands now.
   * @param {string} sid
   * @returns {import('./model.js').Model|undefined}
   */
  model(sid) {
    const call = this.calls.get(sid);
    return call === undefined ? this.#models.get(sid) : modelOf(call);
  }

  /** Those of all calls, forgotten ones first. @returns {import('./model.js').Model[]} */
  models() {
    return [...this.#models.values(), ...[...this.calls.values()].map(modelOf)];
  }

  /**
   * Let go of a finished call's requests, where thousands are placed. Its model and its rows in
   * the REST API are kept.
   */
  forget(call) {
    this.#models.set(call.sid, modelOf(call));
    this.calls.delete(call.sid);
    call.legs.forEach(({ sid }) => this.account.forgetRequests(sid));
  }

  #endCall(sid, status) {
    const leg = [...this.calls.values()]
      .flatMap((call) => call.legs)
      .find((each) => each.sid === sid);
    if (leg === undefined || leg.over) return false;
    if (status === 'completed') leg.end('completed', 200);
    else if (leg.answeredAt === null) leg.end('canceled', 487);
    return true;
  }

  /** Who holds the phone with this number. */
  personAt(number) {
    return personOf(this.people[number] ?? this.people['*'] ?? { does: 'bad-number' });
  }

  /** May a leg that this one dials show this number as its caller id? */
  mayShow(number, leg) {
    const ours = number in this.numbers || this.verifiedNumbers.includes(number);
    return E164.test(number) && (ours || number === leg.from || number === leg.to);
  }

  report(found) {
    this.problems.push(found);
    this.emit('problem', found);
  }

  // ---- requests

  /** Ask for TwiML; where the courier loses the answer, ask again as Twilio would. */
  async ask(call, request) {
    const answered = await this.#asked(call, request);
    if (this.#courier.echoes(request)) {
      const again = { ...request, attempt: answered.attempt + 1, duplicate: true };
      call.later(() => this.#courier.echo(request, () => this.deliver(call, again)));
    }
    return answered;
  }

  async #asked(call, request) {
    if (!this.#courier.losesAnswer(request)) return this.deliver(call, request);
    const first = await this.deliver(call, { ...request, lost: true });
    return this.deliver(call, { ...request, attempt: first.attempt + 1 });
  }

  /** Send one request, retries included, while virtual time stands still. */
  deliver(call, request) {
    return this.clock.during(
      this.webhooks.deliver(request, {
        sent: (attempt) => {
          call.requests.push(attempt);
          this.emit('request', { call, request: attempt });
        },
        answered: (attempt) => this.emit('answer', { call, request: attempt }),
      }),
    );
  }

  /** Hand a callback to the courier. */
  async post(call, request) {
    if (this.#courier.drops(request)) {
      call.lost.push(request);
      return;
    }
    await this.#courier.post(request, async (copy) => {
      const found = callbackProblem(await this.deliver(call, copy));
      if (found !== null) call.report(found);
    });
  }

  /** X-Twilio-Signature. @see Webhooks.sign */
  sign(url, params, token) {
    return this.webhooks.sign(url, params, token);
  }

  /**
   * Send a request again, possibly altered: signed anew over its URL and params,
   * unless it names a signature of its own.
   * @param {Partial<import('./wire/webhooks.js').WebhookRequest>} request
   * @param {Partial<import('./wire/webhooks.js').WebhookRequest>} [changes] of method, url, params,
   *   headers, body, signature
   * @returns {Promise<import('./wire/webhooks.js').WebhookRequest>}
   */
  async send(request, changes = {}) {
    const { callSid = '', legSid = '', kind = 'voice', name = '' } = request;
    const { url, params, method } = { method: 'POST', params: [], ...request, ...changes };
    const token = request.headers?.['I-Twilio-Idempotency-Token'] ?? this.#chance.uuid('sent', url);
    const prepared = this.webhooks.prepare({
      kind,
      name,
      callSid,
      legSid,
      url: bare(url, request),
      method,
      params,
      token,
    });
    const signature = changes.signature ?? prepared.signature;
    const body = changes.body ?? prepared.body;
    const length = method === 'GET' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const headers = {
      ...prepared.headers,
      ...length,
      'X-Twilio-Signature': signature,
      ...changes.headers,
    };
    const once = { ...prepared, body, signature, headers, fragment: 'rc=0' };
    return this.clock.during(this.webhooks.deliver(once, { sent() {}, answered() {} }));
  }

  // ---- the REST API

  /** Serve the REST API. @returns {Promise<string>} its origin, such as http://127.0.0.1:40001 */
  listen(port = 0, host = '127.0.0.1') {
    return this.rest.listen(port, host);
  }

  /** Close every connection. */
  async close() {
    this.#transport.close();
    await this.rest.close();
  }
}

/** A recorded GET carries its params in its URL already. */
function bare(url, request) {
  if (request.method !== 'GET' || url !== request.url) return url;
  const query = new URLSearchParams(request.params).toString();
  return url.replace(query, '').replace(/[?&]$/, '');
}

/**
 * What Twilio's debugger would say of a callback's answer: 204, or 200 with TwiML, is right.
 * @param {import('./wire/webhooks.js').WebhookRequest} sent
 */
function callbackProblem({ url, response, error }) {
  if (error) return { ...problem(error.code, error.message), level: 'warning', url };
  if (response.status === 204) return null;
  try {
    readResponse(response, url, 'POST');
    return null;
  } catch (refused) {
    return { ...problem(refused.code), message: refused.message, level: 'warning', url };
  }
}
