// The feed at work: it asks, puts what it learnt into the state, and tells who listens.

import { callDetail, callsAfter, newestCalls } from '../api/calls.ts';
import { Failure } from '../api/failure.ts';
import type { CallPage } from '../api/types.ts';
import { linkAnswered, linkFailed, NEW_LINK, type Link } from './link.ts';
import { newsOf } from './news.ts';
import { Poller } from './poller.ts';
import {
  detailsWanted,
  EMPTY_FEED,
  feedReducer,
  liveBeyond,
  type FeedAction,
  type FeedState,
} from './state.ts';

export type Older = 'idle' | 'busy' | 'failed';

export class Feed {
  state: FeedState = EMPTY_FEED;
  link: Link = NEW_LINK;
  older: Older = 'idle';
  /** The latest sentence for those who listen to the page. */
  news: string | null = null;
  /** Somebody points at the list or is in it. */
  isEngaged = false;

  readonly poller = new Poller(() => this.#refresh());
  readonly #onSignedOut: () => void;
  readonly #listeners = new Set<() => void>();
  #etag: string | null = null;

  constructor(onSignedOut: () => void) {
    this.#onSignedOut = onSignedOut;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async loadOlder(): Promise<void> {
    const after = this.state.next;
    if (after === null || this.older === 'busy') return;
    this.older = 'busy';
    this.#tell();
    try {
      this.#dispatch({ kind: 'older', after, page: await callsAfter(after) });
      this.older = 'idle';
    } catch (error) {
      this.#endIfSignedOut(error);
      this.older = 'failed';
    }
    this.#tell();
  }

  /** Lets the waiting calls into the list. */
  release(): void {
    this.#dispatch({ kind: 'released' });
    this.#tell();
  }

  /** One round of questions; false when the server did not answer them. */
  async #refresh(): Promise<boolean> {
    this.#tell();
    const before = this.state;
    try {
      const newest = await newestCalls(this.#etag);
      if (newest !== null) {
        this.#etag = newest.etag;
        this.#dispatch({ kind: 'refreshed', page: newest.page, ...this.#moment() });
        await this.#refreshOlderLive(newest.page);
      }
      await this.#refreshDetails();
      if (!this.isEngaged && this.state.waiting.size > 0) this.#dispatch({ kind: 'released' });
    } catch (error) {
      this.#endIfSignedOut(error);
      this.link = linkFailed(this.link, failureFrom(error));
      this.#tell();
      return false;
    }
    this.news = newsOf(before, this.state, Date.now()) ?? this.news;
    this.link = linkAnswered(this.link, arrivedSince(before, this.state), Date.now());
    this.#tell();
    return true;
  }

  async #refreshOlderLive(page: CallPage): Promise<void> {
    await this.#askFor(liveBeyond(this.state, page, Date.now()));
  }

  async #refreshDetails(): Promise<void> {
    await this.#askFor(detailsWanted(this.state, Date.now()));
  }

  async #askFor(sids: string[]): Promise<void> {
    await Promise.all(
      sids.map(async (sid) => {
        const detail = await callDetail(sid);
        this.#dispatch({ kind: 'detail', sid, detail, ...this.#moment() });
      }),
    );
  }

  #moment(): { isEngaged: boolean; at: number } {
    return { isEngaged: this.isEngaged, at: Date.now() };
  }

  #dispatch(action: FeedAction): void {
    this.state = feedReducer(this.state, action);
  }

  #endIfSignedOut(error: unknown): void {
    if (error instanceof Failure && error.isSignedOut) this.#onSignedOut();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function arrivedSince(before: FeedState, after: FeedState): number {
  const had = new Set(before.calls.map(({ sid }) => sid));
  return after.calls.filter(({ sid }) => !had.has(sid)).length;
}

function failureFrom(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(0, 'not_understood', String(error));
}
