// Virtual time: waiting costs nothing, and a run with the same seed passes the
// same moments in the same order.
//
// With speed Infinity the clock stands still while anything real is under way (a
// hold: an HTTP request, usually) and otherwise jumps to the next thing that
// somebody waits for.  With a finite speed it follows the wall clock, that many
// times as fast.

/** Why a wait ended early: somebody else was first. */
const OVERTAKEN = new Error('overtaken');

export class Clock {
  #speed;
  #start;
  #wallStart = performance.now();
  #now;
  #timers = new TimerQueue();
  #holds = 0;
  #turning = false;

  /** @param {{speed?: number, startAt?: Date}} [options] */
  constructor({ speed = Infinity, startAt = new Date() } = {}) {
    this.#speed = speed;
    this.#start = startAt.getTime();
    this.#now = this.#start;
  }

  /** Milliseconds since the epoch, in virtual time. */
  now() {
    if (this.#speed === Infinity) return this.#now;
    return this.#start + (performance.now() - this.#wallStart) * this.#speed;
  }

  date() {
    return new Date(this.now());
  }

  /**
   * Wait in virtual time.  Rejects with the signal's reason when that aborts first.
   * @param {number} seconds Infinity waits for the signal alone
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  sleep(seconds, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const cancel = this.#after(seconds * 1000, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      const stop = () => {
        cancel();
        reject(signal.reason);
      };
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Keep a jumping clock from jumping until the returned function is called. */
  hold() {
    let held = true;
    this.#holds += 1;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      this.#turn();
    };
  }

  /**
   * Hold the clock while a promise is under way.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  async during(promise) {
    const release = this.hold();
    try {
      return await promise;
    } finally {
      release();
    }
  }

  #after(ms, fire) {
    if (ms === Infinity) return () => {};
    if (this.#speed !== Infinity) {
      const timer = setTimeout(fire, ms / this.#speed);
      return () => clearTimeout(timer);
    }
    const timer = this.#timers.add(this.#now + Math.max(0, ms), fire);
    this.#turn();
    return () => {
      timer.cancelled = true;
    };
  }

  /**
   * Let the next moment come.  One timer a turn, each after everything that the
   * one before set in motion has come to rest: setImmediate runs when no promise
   * is left to settle.
   */
  #turn() {
    if (this.#speed !== Infinity || this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      if (this.#holds > 0) return;
      const timer = this.#timers.take();
      if (timer === undefined) return;
      this.#now = Math.max(this.#now, timer.at);
      timer.fire();
      this.#turn();
    });
  }
}

/** Timers by time, and by order of arrival where times are equal: a binary heap. */
class TimerQueue {
  #heap = [];
  #order = 0;

  add(at, fire) {
    const timer = { at, order: this.#order, fire, cancelled: false };
    this.#order += 1;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  /** The earliest timer that still counts, or undefined. */
  take() {
    while (this.#heap.length > 0) {
      const first = this.#heap[0];
      const last = this.#heap.pop();
      if (this.#heap.length > 0) {
        this.#heap[0] = last;
        this.#sink(0);
      }
      if (!first.cancelled) return first;
    }
    return undefined;
  }

  #before(i, j) {
    const a = this.#heap[i];
    const b = this.#heap[j];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swap(i, j) {
    [this.#heap[i], this.#heap[j]] = [this.#heap[j], this.#heap[i]];
  }

  #rise(i) {
    const parent = (i - 1) >> 1;
    if (i === 0 || !this.#before(i, parent)) return;
    this.#swap(i, parent);
    this.#rise(parent);
  }

  #sink(i) {
    let least = i;
    for (const child of [2 * i + 1, 2 * i + 2]) {
      if (child < this.#heap.length && this.#before(child, least)) least = child;
    }
    if (least === i) return;
    this.#swap(i, least);
    this.#sink(least);
  }
}

/** A promise that rejects when the signal aborts, and never resolves. */
function aborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * The first of several waits; the others are told to stop.
 * @template T
 * @param {AbortSignal} signal ends all of them, and then this rejects with its reason
 * @param {(signal: AbortSignal) => Promise<T>[]} start begins the waits
 * @returns {Promise<T>}
 */
export async function firstOf(signal, start) {
  if (signal.aborted) throw signal.reason;
  const scope = new AbortController();
  const relay = () => scope.abort(signal.reason);
  signal.addEventListener('abort', relay, { once: true });
  try {
    return await Promise.race([...start(scope.signal), aborted(scope.signal)]);
  } finally {
    signal.removeEventListener('abort', relay);
    scope.abort(OVERTAKEN);
  }
}
