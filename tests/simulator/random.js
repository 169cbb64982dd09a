// Chance that can be repeated.  Every draw is named by what it is for (a call's
// SID, a callback's fate), so one draw more or less elsewhere changes nothing.

import { createHash, randomBytes } from 'node:crypto';

/** A seed to print, so that a run without one can be repeated all the same. */
export function freshSeed() {
  return randomBytes(6).readUIntBE(0, 6);
}

export class Chance {
  #key;

  /** @param {...(string|number)} key the seed first, then what the draws are for */
  constructor(...key) {
    this.#key = key;
  }

  /** Chance for a narrower purpose. */
  of(...names) {
    return new Chance(...this.#key, ...names);
  }

  /** A number in [0, 1) for this purpose; the same each time it is asked. */
  number(...names) {
    return this.#digest(names).readUInt32BE() / 2 ** 32;
  }

  /** A number in [low, high). */
  between(low, high, ...names) {
    return low + (high - low) * this.number(...names);
  }

  /** 32 hexadecimal digits, the body of a SID. */
  hex(...names) {
    return this.#digest(names).toString('hex').slice(0, 32);
  }

  /** The same 32 digits with the dashes of a UUID. */
  uuid(...names) {
    return this.hex(...names).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  #digest(names) {
    return createHash('sha256')
      .update(JSON.stringify([...this.#key, ...names]))
      .digest();
  }
}
