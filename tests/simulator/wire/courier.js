// The courier of callbacks.  Left alone it delivers each once, in order.  On
// request it loses, doubles, delays and disorders them, by the seed.

/**
 * @typedef {object} Disorder
 * @property {number} [seed] another seed than the network's
 * @property {number} [duplicate] chance that a callback comes again, 0..1
 * @property {number} [most] the most copies of one that does; 2 by default, as many as drawn
 * @property {number|Partial<Record<Kind, number>>} [drop] chance that it never comes, 0..1; or by
 *   kind, and none of the kinds left out is dropped
 * @property {[number, number]} [delay] seconds, least and most
 * @property {boolean} [reorder] a callback may overtake another
 * @property {number} [retry] chance that the answer to a request for TwiML is lost, so that it
 *   is asked again; without it, `duplicate`
 * @property {number} [echo] chance that a request for TwiML comes once more, delayed as callbacks
 *   are, when it has been answered; nobody follows the answer to that
 */

/** @typedef {'status'|'leg'|'recording'|'transcription'} Kind of a callback */

/** Seconds over which callbacks are spread when they are to be disordered and no delay is given. */
const REORDER_WITHIN_S = 30;

export class Courier {
  #clock;
  #chance;
  #disorder;
  #lastOf = new Map();

  /**
   * @param {object} options
   * @param {import('../clock.js').Clock} options.clock
   * @param {import('../random.js').Chance} options.chance
   * @param {Disorder} options.disorder
   */
  constructor({ clock, chance, disorder }) {
    this.#clock = clock;
    this.#chance = chance;
    this.#disorder = { duplicate: 0, most: 2, drop: 0, echo: 0, reorder: false, ...disorder };
  }

  /** Is the answer to this request for TwiML to get lost? */
  losesAnswer(request) {
    const { retry, duplicate } = this.#disorder;
    return this.#chance.number(request.name, 'retry') < (retry ?? duplicate);
  }

  /** Is this callback never to arrive? */
  drops(request) {
    const { drop } = this.#disorder;
    const chance = typeof drop === 'object' ? (drop[request.kind] ?? 0) : drop;
    return this.#chance.number(request.name, 'drop') < chance;
  }

  /** Does this request for TwiML come again, after it has been answered? */
  echoes(request) {
    return this.#chance.number(request.name, 'echo') < this.#disorder.echo;
  }

  /** @param {() => Promise<unknown>} deliver the echo of a request */
  async echo(request, deliver) {
    await this.#clock.sleep(this.#delay(request, 'echo'));
    await deliver();
  }

  #copies(request) {
    const { duplicate, most } = this.#disorder;
    if (this.#chance.number(request.name, 'duplicate') >= duplicate) return 1;
    return 2 + Math.floor(this.#chance.number(request.name, 'copies') * (most - 1));
  }

  /**
   * Deliver a callback, once or more often, sooner or later.
   * @param {import('./webhooks.js').WebhookRequest} request
   * @param {(copy: import('./webhooks.js').WebhookRequest) => Promise<unknown>} deliver
   * @returns {Promise<unknown>} when all copies have been answered
   */
  post(request, deliver) {
    const copies = Array.from({ length: this.#copies(request) }, (_, copy) =>
      copy === 0 ? request : { ...request, duplicate: true },
    );
    return Promise.all(
      copies.map((copy, index) => {
        const delay = this.#delay(request, index);
        if (this.#disorder.reorder) return this.#clock.sleep(delay).then(() => deliver(copy));
        return this.#inTurn(request.callSid, delay, () => deliver(copy));
      }),
    );
  }

  #delay(request, copy) {
    const [low, high] = this.#disorder.delay ?? [0, this.#disorder.reorder ? REORDER_WITHIN_S : 0];
    return this.#chance.between(low, high, request.name, 'delay', copy);
  }

  /** After the callback of the same call that was posted before it. */
  #inTurn(callSid, delay, deliver) {
    const before = this.#lastOf.get(callSid) ?? Promise.resolve();
    const due = delay > 0 ? this.#clock.sleep(delay) : Promise.resolve();
    const delivered = Promise.all([before, due]).then(deliver);
    this.#lastOf.set(callSid, delivered);
    const forget = () => {
      if (this.#lastOf.get(callSid) === delivered) this.#lastOf.delete(callSid);
    };
    delivered.then(forget, forget);
    return delivered;
  }
}
