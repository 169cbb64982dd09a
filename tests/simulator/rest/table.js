// Rows by SID, in the order of their making.  Where the API is to lag behind, a
// change is seen only after a while, and a new row is not there before.

/** @typedef {import('./rows.js').Row} Row */

export class Table {
  /** @type {Map<string, {row: Row, at: number, from: number}[]>} the newest last */
  #versions = new Map();
  #orders = new Map();
  #lagMs;

  /** @param {() => number} [lagMs] milliseconds, real ones */
  constructor(lagMs = () => 0) {
    this.#lagMs = lagMs;
  }

  set(sid, row) {
    const at = performance.now();
    const seen = this.#seen(sid);
    const before = this.#versions.get(sid) ?? [];
    const kept = before.filter((each) => each === seen || each.from > at);
    const version = { row, at, from: at + this.#lagMs() };
    this.#versions.set(sid, version.from > at ? [...kept, version] : [version]);
    if (!this.#orders.has(sid)) this.#orders.set(sid, this.#orders.size);
  }

  /** As the API shows it. @returns {Row|undefined} */
  get(sid) {
    return this.#seen(sid)?.row;
  }

  /** As it is. @returns {Row|undefined} */
  latest(sid) {
    return this.#versions.get(sid)?.at(-1).row;
  }

  /** Milliseconds, real ones, since it was last changed. */
  ageMs(sid) {
    return performance.now() - (this.#versions.get(sid)?.at(-1).at ?? Infinity);
  }

  delete(sid) {
    return this.#versions.delete(sid);
  }

  clear() {
    this.#versions.clear();
  }

  /** As the API shows them. @returns {Row[]} */
  values() {
    const shown = [...this.#versions.keys()].map((sid) => this.get(sid));
    return shown.filter((row) => row !== undefined);
  }

  get size() {
    return this.#versions.size;
  }

  /** Which row of all this is or was: a page goes on after its last one, deleted or not. */
  order(sid) {
    return this.#orders.get(sid) ?? -1;
  }

  #seen(sid) {
    const now = performance.now();
    return this.#versions.get(sid)?.findLast((each) => each.from <= now);
  }
}
