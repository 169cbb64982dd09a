// A leg that <Dial> makes: it rings a person, runs the screening document on
// their phone, and reports its progress to <Number statusCallback>.
// https://www.twilio.com/docs/voice/twiml/number

import { HungUp } from '../leg.js';
import { END, playDocument } from '../interpreter.js';
import { TwimlError } from '../twiml/errors.js';
import { words } from './attributes.js';

/** Moment of the leg -> event of statusCallbackEvent. */
const EVENTS = { ringing: 'ringing', answered: 'answered', ended: 'completed' };

export class ChildLeg {
  #context;
  #noun;
  #documentUrl;

  constructor(context, noun, { callerId, documentUrl, ringS }) {
    const { call, leg } = context;
    this.#context = context;
    this.#noun = noun;
    this.#documentUrl = documentUrl;
    this.leg = call.addLeg({
      parent: leg,
      from: callerId,
      to: noun.text,
      watch: (_leg, moment) => this.#noticed(moment),
    });
    /** How long it may ring, in seconds. */
    this.leg.ringS = ringS;
    /** @type {Promise<void>} resolves when the leg has ended */
    this.ended = new Promise((resolve) => {
      this.leg.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #noticed(moment) {
    const { leg } = this.#context;
    if (moment.kind === 'ringing' && !leg.over) leg.tell('ringing', { number: this.leg.to });
    if (moment.kind in EVENTS) this.#callback(EVENTS[moment.kind]);
  }

  #callback(event) {
    const { statusCallback, statusCallbackMethod } = this.#noun.attributes;
    if (statusCallback === undefined) return;
    if (!words(this.#noun, 'statusCallbackEvent', 'completed').includes(event)) return;
    this.#context.call.legCallback(this.leg, {
      url: statusCallback,
      base: this.#documentUrl,
      method: statusCallbackMethod,
    });
  }

  /** Ring, and screen whoever picks up. @returns {Promise<boolean>} may it be bridged? */
  async attend() {
    this.#callback('initiated');
    const answered = this.leg.next(['answered']);
    this.#context.call.give(this.leg, this.#context.call.network.personAt(this.leg.to));
    try {
      await answered;
      if (this.#noun.attributes.url !== undefined) await this.#screen();
      return true;
    } catch (error) {
      if (error instanceof TwimlError) this.#context.call.reportError(error);
      else if (!(error instanceof HungUp)) throw error;
      this.cancel();
      return false;
    }
  }

  /** The screening document: its end accepts the call, a Hangup declines it. */
  async #screen() {
    const { call } = this.#context;
    const { url, method } = this.#noun.attributes;
    const context = { ...this.#context, leg: this.leg, screening: true };
    let document = await call.fetch(this.leg, {
      kind: 'screen',
      url,
      base: this.#documentUrl,
      method,
    });
    while (document !== END) document = await playDocument(context, document);
  }

  /** Nobody picked up in time. */
  giveUpRinging() {
    if (this.leg.answeredAt === null) this.leg.end('no-answer', 487);
  }

  /** Another was first, or the caller has gone. */
  cancel() {
    if (this.leg.answeredAt === null) this.leg.end('canceled', 487);
    else this.leg.end('completed', 200);
  }
}
