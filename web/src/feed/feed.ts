// One filtered list at work: it asks for its calls, and puts what it learns into its state.

import { callsAfter, newestCalls } from '../api/calls.ts';
import type { Call } from '../api/types.ts';
import type { Filters } from './filters.ts';
import { queryOf } from './query.ts';
import { EMPTY_FEED, feedReducer, type FeedAction, type FeedState } from './state.ts';

export type Older = 'idle' | 'busy' | 'failed';

export class Feed {
  readonly filters: Filters;
  state: FeedState = EMPTY_FEED;
  older: Older = 'idle';
  /** Somebody points at the list or is in it. */
  isEngaged = false;

  readonly #tell: () => void;
  #etag: string | null = null;

  /** `tell` is called after every change. */
  constructor(filters: Filters, tell: () => void) {
    this.filters = filters;
    this.#tell = tell;
  }

  /** Asks for the newest page, and gives its calls; null when they are the same as before. */
  async refresh(): Promise<Call[] | null> {
    const newest = await newestCalls(queryOf(this.filters), this.#etag);
    if (newest === null) {
      this.settle();
      return null;
    }
    this.#etag = newest.etag;
    this.#dispatch({ kind: 'refreshed', page: newest.page, ...this.#moment() });
    return newest.page.calls;
  }

  /** Rejects with what kept it from it, which is shown as `older`. */
  async loadOlder(): Promise<Call[]> {
    const after = this.state.next;
    if (after === null || this.older === 'busy') return [];
    this.older = 'busy';
    this.#tell();
    try {
      const page = await callsAfter(after);
      this.older = 'idle';
      this.#dispatch({ kind: 'older', after, page });
      return page.calls;
    } catch (error) {
      this.older = 'failed';
      this.#tell();
      throw error;
    }
  }

  /** What has changed, of all calls; only what belongs here is taken. */
  change(calls: readonly Call[], removed: readonly string[]): void {
    this.#etag = null;
    this.#dispatch({ kind: 'changed', calls, removed, ...this.#moment() });
  }

  /** What the reader did themselves. */
  patch(calls: readonly Call[]): void {
    this.#etag = null;
    this.#dispatch({ kind: 'patched', calls });
  }

  /** Lets the waiting calls into the list. */
  release(): void {
    this.#dispatch({ kind: 'released' });
  }

  /** The same, if nobody uses the list. */
  settle(): void {
    if (!this.isEngaged) this.release();
  }

  #moment(): { isEngaged: boolean; at: number } {
    return { isEngaged: this.isEngaged, at: Date.now() };
  }

  #dispatch(action: FeedAction): void {
    const before = this.state;
    this.state = feedReducer(before, action, this.filters);
    if (this.state !== before) this.#tell();
  }
}
