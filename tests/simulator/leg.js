// A leg: one end of a line, with a person (or a machine) holding the phone.
// TwiML acts on it from one side, the person from the other.

import { EventEmitter } from 'node:events';
import { firstOf } from './clock.js';

/** What anything that waits on a leg throws once that leg has ended. */
export class HungUp extends Error {
  constructor(leg) {
    super(`${leg.sid} has ended`);
    this.name = 'HungUp';
  }
}

/**
 * What happens on a leg, as the person on it notices, in order:
 * ringing, answered, say, play, pause, gather, gather-end, key, tone, recorded, talking,
 * application-error, ended.
 * @typedef {object} Moment
 * @property {string} kind
 * @property {number} at milliseconds since the epoch, in virtual time
 * @property {number} s seconds since the leg began
 * @property {string} [text]
 * @property {boolean} [prompt] inside a Gather
 * @property {boolean} [cut] ended before its end
 */

export class Leg {
  #clock;
  #ended = new AbortController();
  #moments = new EventEmitter().setMaxListeners(0);
  #listener = null;
  #sequence = 0;

  /**
   * @param {object} options
   * @param {import('./clock.js').Clock} options.clock
   * @param {string} options.sid
   * @param {Leg} [options.parent] the inbound leg, for a leg that Dial made
   * @param {string} options.from
   * @param {string} options.to
   * @param {(leg: Leg, moment: Moment) => void} options.watch told of every moment and change
   */
  constructor({ clock, sid, parent, from, to, watch }) {
    this.#clock = clock;
    this.sid = sid;
    this.parent = parent ?? null;
    this.from = from;
    this.to = to;
    this.watch = watch;
    this.direction = parent ? 'outbound-dial' : 'inbound';
    this.status = parent ? 'initiated' : 'ringing';
    this.createdAt = clock.now();
    this.answeredAt = null;
    this.endedAt = null;
    this.sipResponseCode = null;
    this.speaking = false;
    /** @type {Moment[]} what the person on it heard, in order */
    this.heard = [];
    /** Aborts with HungUp when the leg ends. */
    this.signal = this.#ended.signal;
  }

  get over() {
    return this.endedAt !== null;
  }

  /** Whole seconds from the answer to the end, 0 if nobody answered. */
  get duration() {
    if (this.answeredAt === null || this.endedAt === null) return 0;
    return Math.round((this.endedAt - this.answeredAt) / 1000);
  }

  /** Number the status callbacks of this leg in the order in which they are fired. */
  nextSequence() {
    this.#sequence += 1;
    return this.#sequence - 1;
  }

  /** Throw once the leg has ended: TwiML goes no further then. */
  check() {
    if (this.over) throw new HungUp(this);
  }

  /** Wait, as long as the leg lasts. */
  wait(seconds) {
    return this.#clock.sleep(seconds, this.signal);
  }

  /**
   * Tell the person on this leg, and whoever watches it, what happens.
   * @param {string} kind
   * @param {{heard?: boolean} & Record<string, unknown>} [detail] heard: false for what makes no sound
   * @returns {Moment}
   */
  tell(kind, detail = {}) {
    const { heard = true, ...about } = detail;
    const at = this.#clock.now();
    const moment = { kind, at, s: Math.round(at - this.createdAt) / 1000, ...about };
    if (heard) this.heard.push(moment);
    this.watch(this, moment);
    this.#moments.emit('moment', moment);
    return moment;
  }

  /**
   * The next moment of one of these kinds.  Moments that pass while nobody waits
   * are missed, as they are in life.
   * @param {string[]} kinds
   * @param {AbortSignal} [signal]
   * @returns {Promise<Moment>}
   */
  next(kinds, signal = this.signal) {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#moments.off('moment', hear);
        reject(signal.reason);
      };
      const hear = (moment) => {
        if (!kinds.includes(moment.kind)) return;
        this.#moments.off('moment', hear);
        signal.removeEventListener('abort', stop);
        resolve(moment);
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      this.#moments.on('moment', hear);
    });
  }

  ring() {
    this.status = 'ringing';
    this.tell('ringing', { heard: false });
  }

  answer() {
    if (this.answeredAt !== null || this.over) return;
    this.answeredAt = this.#clock.now();
    this.status = 'in-progress';
    this.tell('answered', { heard: false });
  }

  /** End the leg in one of Twilio's terminal words. */
  end(status, sipResponseCode) {
    if (this.over) return;
    this.endedAt = this.#clock.now();
    this.status = status;
    this.sipResponseCode = sipResponseCode;
    this.tell('ended', { status, heard: false });
    this.#ended.abort(new HungUp(this));
  }

  /** Put the phone down.  A caller whose call was never answered ends it as no-answer. */
  hangUp() {
    if (this.answeredAt !== null) this.end('completed', 200);
    else this.end(this.parent ? 'busy' : 'no-answer', this.parent ? 486 : 487);
  }

  /** Press keys.  Nobody may be listening; then they are lost. */
  press(keys) {
    for (const key of keys) {
      if (this.over) return;
      this.tell('key', { key, ignored: this.#listener === null, heard: false });
      this.#listener?.hear(key);
    }
  }

  /** Talk into the phone for some seconds. */
  async speak(seconds) {
    if (seconds <= 0) return;
    this.voice(true);
    try {
      await this.wait(seconds);
    } finally {
      this.voice(false);
    }
  }

  /** Begin to speak, or fall silent. */
  voice(on) {
    this.speaking = on;
    this.#moments.emit('moment', { kind: 'voice', at: this.#clock.now() });
  }

  /** Listen for keys from now on: Gather, Record and Dial do. */
  listen() {
    const listener = new KeyListener(() => {
      if (this.#listener === listener) this.#listener = null;
    });
    this.#listener = listener;
    return listener;
  }

  /** @see firstOf */
  firstOf(start) {
    return firstOf(this.signal, start);
  }
}

/** The keys pressed since it was made, one after the other. */
class KeyListener {
  #keys = [];
  #wake = new Set();

  constructor(close) {
    this.close = close;
  }

  hear(key) {
    this.#keys.push(key);
    this.#wake.forEach((wake) => wake());
  }

  /** The next key, or undefined. Apart from the waiting, so that a wait overtaken loses no key. */
  take() {
    return this.#keys.shift();
  }

  /**
   * Wait until there is a key to take.
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  pressed(signal) {
    return new Promise((resolve, reject) => {
      if (this.#keys.length > 0) {
        resolve();
        return;
      }
      const wake = () => {
        this.#wake.delete(wake);
        resolve();
      };
      this.#wake.add(wake);
      signal.addEventListener(
        'abort',
        () => {
          this.#wake.delete(wake);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }
}
