// Everything that goes on behind the pages while somebody is signed in: it follows what
// happens, keeps the lists and the band up to date, and tells who listens.

import { alertMessage } from '../alerts/alerts.ts';
import { Arrivals } from '../alerts/arrivals.ts';
import { callDetail, callsGoingOn } from '../api/calls.ts';
import { Failure } from '../api/failure.ts';
import { companyLines, type Line } from '../api/lines.ts';
import { currentSession } from '../api/session.ts';
import type { Call, Counts, Live } from '../api/types.ts';
import { Follower } from '../live/follower.ts';
import * as boards from './board.ts';
import { Feed } from './feed.ts';
import { NO_FILTERS, searchOf, type Filters } from './filters.ts';
import { linkAnswered, linkFailed, NEW_LINK, type Link } from './link.ts';
import { newsOf } from './news.ts';
import { FLOODED, FOLLOWING, Poller, POLLING } from './poller.ts';
import { conditionsOf } from './query.ts';

/** What is followed needs no session: whether there is one still is asked now and then. */
const SESSION_EVERY_MS = 60_000;
/** Lists that somebody may come back to. */
const FEEDS_KEPT = 4;

export class Desk {
  feed: Feed;
  board: boards.Board = boards.EMPTY_BOARD;
  /** What waits for somebody; null where the server does not count. */
  counts: Counts | null = null;
  lines: Line[] = [];
  link: Link = NEW_LINK;
  /** The latest sentence for those who listen to the page. */
  news: string | null = null;

  readonly poller = new Poller(() => this.#turn());
  readonly #onEnded: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #feeds = new Map<string, Feed>();
  readonly #arrivals = new Arrivals();
  readonly #follower = new Follower({
    onLive: (live) => this.#onLive(live),
    onGap: () => this.refreshSoon(),
  });
  /** The list has to be asked for anew. */
  #isStale = true;
  #sessionAskedAt = Date.now();

  constructor(onEnded: () => void) {
    this.#onEnded = onEnded;
    this.feed = this.#feedOf(NO_FILTERS);
  }

  start(): void {
    this.poller.start();
    void this.#learnLines();
  }

  stop(): void {
    this.poller.stop();
    this.#follower.stop();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The list with these filters is looked at from now on.  May be called while it is drawn. */
  show(filters: Filters): void {
    if (searchOf(filters) === searchOf(this.feed.filters)) return;
    this.feed = this.#feedOf(filters);
    queueMicrotask(() => this.refreshSoon());
  }

  refreshSoon(): void {
    this.#isStale = true;
    this.poller.now();
  }

  async loadOlder(): Promise<void> {
    try {
      this.#arrivals.learn(await this.feed.loadOlder());
    } catch (error) {
      this.endIfSignedOut(error);
    }
  }

  /** Calls as the reader has just marked them: in every list, in their place. */
  patch(calls: readonly Call[]): void {
    for (const feed of this.#feeds.values()) feed.patch(calls);
    this.#tell();
  }

  /** Says a sentence to those who listen to the page. */
  say(sentence: string): void {
    this.news = sentence;
    this.#tell();
  }

  endIfSignedOut(error: unknown): void {
    if (error instanceof Failure && error.isSignedOut) this.#onEnded();
  }

  /** One round of questions; false when the server did not answer them. */
  async #turn(): Promise<boolean> {
    this.#tell();
    const { feed } = this;
    const before = feed.state;
    try {
      await this.#ask();
    } catch (error) {
      this.endIfSignedOut(error);
      this.link = linkFailed(this.link, failureFrom(error));
      this.#tell();
      return false;
    }
    if (feed === this.feed) this.news = newsOf(before, feed.state, Date.now()) ?? this.news;
    const had = new Set(before.calls.map(({ sid }) => sid));
    const arrived = before.isLoaded
      ? feed.state.calls.filter(({ sid }) => !had.has(sid)).length
      : 0;
    this.link = linkAnswered(this.link, arrived, Date.now());
    this.#tell();
    return true;
  }

  async #ask(): Promise<void> {
    const isFirst = this.#follower.isThere !== false && (await this.#follower.turn());
    const isFollowing = this.#follower.isThere === true;
    this.poller.pace = !isFollowing ? POLLING : this.#follower.isInFlood ? FLOODED : FOLLOWING;
    if (this.#isStale || !isFollowing) await this.#refresh();
    else this.feed.settle();
    if (isFirst) await this.#follower.readOnce();
    await this.#learnProgress(boards.progressWanted(this.board, Date.now()));
    if (isFollowing) await this.#checkSession();
  }

  async #checkSession(): Promise<void> {
    if (Date.now() - this.#sessionAskedAt < SESSION_EVERY_MS) return;
    this.#sessionAskedAt = Date.now();
    if ((await currentSession()) === null) this.#onEnded();
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    const { feed } = this;
    try {
      const calls = await feed.refresh();
      if (calls !== null) this.#told(calls.map((call) => ({ call })));
      if (hidesLive(feed.filters)) {
        this.#told((await callsGoingOn()).map((call) => ({ call })));
      } else if (calls !== null) {
        await this.#learnProgress(boards.beyond(this.board, calls, Date.now()));
      }
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  #onLive({ counts, calls, removed }: Live): void {
    this.counts = counts;
    const told = calls.map((live) => {
      const { steps, legs } = live;
      return { call: boards.plainCall(live), progress: { steps, legs } };
    });
    this.board = boards.without(this.board, removed);
    this.#told(told);
    const plain = told.map(({ call }) => call);
    for (const feed of this.#feeds.values()) feed.change(plain, removed);
    this.#tell();
  }

  /** Whatever the server says of calls goes through here. */
  #told(told: readonly boards.Told[]): void {
    this.board = boards.withTold(this.board, told, Date.now());
    const calls = told.map(({ call }) => call);
    if (this.link.freshAt === null) this.#arrivals.learn(calls);
    for (const call of this.#arrivals.fresh(calls, Date.now())) alertMessage(call);
  }

  async #learnProgress(sids: string[]): Promise<void> {
    await Promise.all(
      sids.map(async (sid) => {
        const detail = await callDetail(sid);
        if (detail === null) {
          this.board = boards.without(this.board, [sid]);
          this.feed.change([], [sid]);
          return;
        }
        const { steps, legs } = detail;
        const call = boards.plainCall(detail);
        this.#told([{ call, progress: { steps, legs } }]);
        this.feed.change([call], []);
      }),
    );
  }

  async #learnLines(): Promise<void> {
    try {
      this.lines = await companyLines();
      this.#tell();
    } catch {
      // Then lines go by their numbers.
    }
  }

  #feedOf(filters: Filters): Feed {
    const key = searchOf(filters);
    const feed = this.#feeds.get(key) ?? new Feed(filters, () => this.#tell());
    this.#feeds.delete(key);
    this.#feeds.set(key, feed);
    const [oldest] = this.#feeds.keys();
    if (this.#feeds.size > FEEDS_KEPT && oldest !== undefined) this.#feeds.delete(oldest);
    return feed;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Whether these filters leave out calls that still last, which the band shows all the same. */
function hidesLive(filters: Filters): boolean {
  const { outcomes, voicemail, heard, isToDo } = conditionsOf(filters);
  return outcomes.length > 0 || voicemail === true || heard === true || isToDo;
}

function failureFrom(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(0, 'not_understood', String(error));
}
