// What has happened in a call, in order and numbered, for whoever looks on: also
// for who comes late, or comes back.

import { EventEmitter } from 'node:events';

export class Happenings {
  #all = [];
  #emitter = new EventEmitter().setMaxListeners(0);
  #ended = false;

  get hasEnded() {
    return this.#ended;
  }

  /** @param {object} what */
  add(what) {
    const numbered = { n: this.#all.length + 1, ...what };
    this.#all.push(numbered);
    this.#emitter.emit('one', numbered);
  }

  /** Nothing more will happen. */
  end() {
    this.#ended = true;
    this.#emitter.emit('end');
  }

  /**
   * Be told of everything after number `after`, what has been included.
   * @param {number} after
   * @param {{one: (what: object) => void, end: () => void}} listener
   * @returns {() => void} no longer
   */
  follow(after, { one, end }) {
    this.#all.slice(after).forEach(one);
    if (this.#ended) {
      end();
      return () => {};
    }
    this.#emitter.on('one', one);
    this.#emitter.on('end', end);
    return () => {
      this.#emitter.off('one', one);
      this.#emitter.off('end', end);
    };
  }
}
