// When to ask again: often while somebody looks, seldom while nobody does, and ever more seldom
// while it fails.  At once when the page comes back into view or the device back online.

export interface Pace {
  everyMs: number;
  hiddenMs: number;
  /** After the first failure; doubled with each further one. */
  failingMs: number;
}

/** For a question that a file answers. */
export const FOLLOWING: Pace = { everyMs: 800, hiddenMs: 30_000, failingMs: 1_000 };
/** For the same while more changes than a page can follow. */
export const FLOODED: Pace = { everyMs: 4_000, hiddenMs: 30_000, failingMs: 1_000 };
/** For one that a worker answers. */
export const POLLING: Pace = { everyMs: 3_000, hiddenMs: 60_000, failingMs: 3_000 };

const FAILING_AT_MOST_MS = 30_000;

export function delayAfter(failures: number, isHidden: boolean, pace: Pace): number {
  const visible =
    failures === 0
      ? pace.everyMs
      : Math.min(FAILING_AT_MOST_MS, pace.failingMs * 2 ** (failures - 1));
  return isHidden ? Math.max(pace.hiddenMs, visible) : visible;
}

export class Poller {
  /** When the next request is due; null while one is under way or when stopped. */
  nextAt: number | null = null;

  /** May change from turn to turn. */
  pace: Pace = FOLLOWING;

  readonly #ask: () => Promise<boolean>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #isAsking = false;
  #isStopped = true;

  /** `ask` says whether it got an answer; it must not throw. */
  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
  }

  start(): void {
    this.#isStopped = false;
    document.addEventListener('visibilitychange', this.#wake);
    window.addEventListener('online', this.now);
    this.now();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.nextAt = null;
    document.removeEventListener('visibilitychange', this.#wake);
    window.removeEventListener('online', this.now);
  }

  /** Asks at once, unless it is asking already. */
  now = (): void => {
    void this.#turn();
  };

  #wake = (): void => {
    if (!document.hidden) this.now();
  };

  async #turn(): Promise<void> {
    if (this.#isAsking || this.#isStopped) return;
    clearTimeout(this.#timer);
    this.nextAt = null;
    this.#isAsking = true;
    const isAnswered = await this.#ask();
    this.#isAsking = false;
    this.#failures = isAnswered ? 0 : this.#failures + 1;
    if (this.#isStopped) return;
    const delay = delayAfter(this.#failures, document.hidden, this.pace);
    this.nextAt = Date.now() + delay;
    this.#timer = setTimeout(this.now, delay);
  }
}
