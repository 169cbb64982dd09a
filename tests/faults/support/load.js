// Simulated calls of all stories, by the thousand, with each answer in a ledger.

import { PhoneNetwork, STORIES } from '../../simulator/index.js';
import { personOf } from '../../simulator/people.js';
import { numberSettings } from '../../simulator/tool/stack.js';
import { randomOf } from '../../e2e/support/orders.js';
import { Ledger } from './ledger.js';
import { wantedOf } from './model.js';

const CALLBACK = /\/twilio\/(status|leg|recording|transcription)(\?|$)/;
const pathOf = (url) => url.replace(/^https:\/\/[^/]+/, '').replace(/#.*/, '');

/** One network, whose virtual time is its own. */
class Lane {
  #stories = new Map();
  #disturbed = new Set();
  #copies = [];

  constructor(load, number) {
    this.load = load;
    this.random = randomOf(`${load.seed} lane ${number}`);
    const { stack, options } = load;
    this.network = new PhoneNetwork({
      accountSid: stack.settings.TWILIO_ACCOUNT_SID,
      authToken: stack.settings.TWILIO_AUTH_TOKEN.split(',')[0],
      connect: { host: '127.0.0.1', port: stack.httpsPort, ca: stack.ca },
      numbers: { [stack.line]: numberSettings({ publicUrl: stack.publicUrl }, stack.line) },
      people: { '*': (leg, call) => this.#pickUp(leg, call) },
      seed: `${load.seed} ${number}`,
      disorder: options.shuffleS > 0 ? { delay: [0, options.shuffleS], reorder: true } : {},
      ...(options.speed && { speed: options.speed }),
    });
    this.network.on('answer', ({ call, request }) => this.#answered(call, request));
  }

  /** Whoever is rung behaves as the call's story has it. */
  #pickUp(leg, call) {
    return personOf(this.#stories.get(call.sid).people['*'] ?? { does: 'bad-number' })(leg, call);
  }

  #note(callSid, request) {
    const { url, body, response } = request;
    return this.load.ledger.note({ path: pathOf(url), body, callSid, request }, response);
  }

  #answered(call, request) {
    if (this.#note(call.sid, request) === 'nginx') this.#disturbed.add(call.sid);
    // Twilio's retries come besides; what is drawn is how often one and the same is sent.
    if (request.attempt > 0) return;
    const { copies, shuffleS } = this.load.options;
    const more = Math.floor(this.random() * copies);
    for (let i = 0; i < more; i += 1) this.#copies.push(this.#again(request, shuffleS));
  }

  async #again(request, withinS) {
    await this.network.clock.sleep(this.random() * withinS);
    this.#note(request.callSid, await this.network.send(request));
  }

  async place(story, startsAfter) {
    const call = this.network.place({
      from: '+15550123456',
      to: this.load.stack.line,
      caller: story.caller,
      failAt: story.failAt,
      startsAfter,
    });
    this.#stories.set(call.sid, story);
    await call.finished;
    if (call.applicationError) this.load.ledger.faults.push(`${call.sid}: application error`);
    this.load.models.push(wantedOf(call, story, this.#disturbed.has(call.sid)));
    this.network.forget(call);
  }

  /** When the last copy has been answered as well. */
  async rest() {
    await Promise.all(this.#copies);
  }

  /** Send once more what no worker took, as who asks Twilio later would learn it. */
  async makeUp(entry) {
    this.#note(entry.callSid, await this.network.send(entry.request));
  }

  async close() {
    // A callback's 5xx is Twilio's to repeat and ours to count; all else is a fault.
    const wrong = this.network.problems.filter(({ url }) => !CALLBACK.test(url ?? ''));
    this.load.ledger.faults.push(...wrong.map(({ code, message }) => `${code} ${message}`));
    await this.network.close();
  }
}

export class Load {
  #lanes;

  /**
   * @param {import('../../e2e/support/stack.js').Stack} stack
   * @param {object} options
   * @param {number|string} options.seed
   * @param {number} [options.lanes] networks beside each other, each a request at a time
   *   where time jumps
   * @param {number} [options.copies] each webhook is sent 1 to so many times
   * @param {number} [options.shuffleS] seconds of virtual time within which copies and
   *   callbacks come in any order
   * @param {number} [options.speed] of virtual time; by default it jumps
   */
  constructor(stack, { seed, lanes = 1, ...options }) {
    this.stack = stack;
    this.seed = seed;
    this.options = { copies: 1, shuffleS: 0, ...options };
    this.ledger = new Ledger();
    /** @type {ReturnType<typeof wantedOf>[]} of the calls that have ended */
    this.models = [];
    this.#lanes = Array.from({ length: lanes }, (_, i) => new Lane(this, i));
  }

  /**
   * Place calls, the stories in turn.
   * @param {number} count
   * @param {number} perS how many begin in a second of each lane's virtual time
   */
  async run(count, perS) {
    const lanes = this.#lanes;
    await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const startsAfter = Math.floor(i / lanes.length) / perS;
        return lanes[i % lanes.length].place(STORIES[i % STORIES.length], startsAfter);
      }),
    );
    await Promise.all(lanes.map((lane) => lane.rest()));
  }

  /** Callbacks that were refused, until a worker has taken each. */
  async makeUp() {
    const refused = this.ledger.refusedCallbacks;
    for (const entry of refused)
      for (let i = 0; i < 20 && !entry.acknowledged; i += 1) await this.#lanes[0].makeUp(entry);
    return refused.length;
  }

  async close() {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}
