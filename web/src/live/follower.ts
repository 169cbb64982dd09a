// Follows the change counter: one word to ask for, and only when it is another one a file with
// what has changed.  All readers share both, so that a thousand open pages cost no worker.

import { currentChange, livePath, readLive } from '../api/live.ts';
import type { Live } from '../api/types.ts';
import { reachOf } from './reach.ts';

/** A burst of changes is read about once a second. */
const READ_EVERY_MS = 800;
/** After a gap all pages ask at once: each waits a while of its own, and asks seldom. */
const GAP_EVERY_MS = 10_000;
/** In a flood the list is another one before it is read. */
const FLOOD_EVERY_MS = 30_000;
const GAP_JITTER_MS = 2_000;
/** So many gaps in a row: more happens than any page can follow. */
const GAPS_OF_A_FLOOD = 2;

export interface Follows {
  onLive: (live: Live) => void;
  /** Ask for everything anew, by and by. */
  onGap: () => void;
}

export class Follower {
  /** null before the first answer; false where the server has no counter. */
  isThere: boolean | null = null;

  readonly #follows: Follows;
  /** What the page knows everything up to. */
  #word: string | null = null;
  #path: string | null = null;
  #readAt = 0;
  #gapAt = 0;
  #gaps = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(follows: Follows) {
    this.#follows = follows;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** There is no use in asking often: what is told is never all that has happened. */
  get isInFlood(): boolean {
    return this.#gaps >= GAPS_OF_A_FLOOD;
  }

  /** Asks once.  True at the first answer: what is asked for after it is up to its word. */
  async turn(now = Date.now()): Promise<boolean> {
    const word = await currentChange();
    this.isThere = word !== null;
    if (word === null) return false;
    if (this.#word === null) {
      this.#word = word;
      return true;
    }
    if (word === this.#word) this.#gaps = 0;
    else if (now - this.#readAt >= READ_EVERY_MS) await this.#read(now);
    return false;
  }

  /** The file as it is, for its counts: when the page was just loaded. */
  async readOnce(): Promise<void> {
    await this.#read(Date.now());
  }

  async #read(now: number): Promise<void> {
    this.#readAt = now;
    const live = await this.#file();
    if (live === null || this.#word === null) return;
    const reach = reachOf(this.#word, live);
    this.#word = live.change;
    this.#follows.onLive(live);
    this.#gaps = reach === 'gap' ? this.#gaps + 1 : 0;
    if (reach === 'gap') this.#mend(now);
  }

  async #file(): Promise<Live | null> {
    for (let i = 0; i < 2; i++) {
      this.#path ??= await livePath();
      const live = await readLive(this.#path);
      if (live !== null) return live;
      this.#path = null;
    }
    return null;
  }

  #mend(now: number): void {
    clearTimeout(this.#timer);
    const every = this.isInFlood ? FLOOD_EVERY_MS : GAP_EVERY_MS;
    const wait = Math.max(0, this.#gapAt + every - now) + Math.random() * GAP_JITTER_MS;
    this.#timer = setTimeout(() => {
      this.#gapAt = Date.now();
      this.#follows.onGap();
    }, wait);
  }
}
