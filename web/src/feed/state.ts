// The feed as the page knows it, and how it changes.  Pure.

import type { Call, CallDetail, CallPage } from '../api/types.ts';
import { isLive } from '../call/outcome.ts';
import { appendOlder, mergeNewest } from './pages.ts';

export interface FeedState {
  /** Newest first, live ones among them. */
  calls: readonly Call[];
  next: string | null;
  isLoaded: boolean;
  /** Calls that belong into the list but are kept back while somebody uses it. */
  waiting: ReadonlySet<string>;
  /** Of live calls only. */
  details: ReadonlyMap<string, CallDetail>;
}

export type FeedAction =
  | { kind: 'refreshed'; page: CallPage; isEngaged: boolean; at: number }
  | { kind: 'older'; after: string; page: CallPage }
  | { kind: 'detail'; sid: string; detail: CallDetail | null; isEngaged: boolean; at: number }
  | { kind: 'released' };

export const EMPTY_FEED: FeedState = {
  calls: [],
  next: null,
  isLoaded: false,
  waiting: new Set(),
  details: new Map(),
};

export function feedReducer(state: FeedState, action: FeedAction): FeedState {
  switch (action.kind) {
    case 'refreshed': {
      const merged = mergeNewest(state, action.page);
      return settle(state, { ...state, ...merged, isLoaded: true }, action);
    }
    case 'older':
      return { ...state, ...appendOlder(state, action.after, action.page) };
    case 'detail':
      return settle(state, withDetail(state, action.sid, action.detail), action);
    case 'released':
      return { ...state, waiting: new Set() };
  }
}

function withDetail(state: FeedState, sid: string, detail: CallDetail | null): FeedState {
  if (detail === null) {
    return { ...state, calls: state.calls.filter((call) => call.sid !== sid) };
  }
  return {
    ...state,
    calls: state.calls.map((call) => (call.sid === sid ? newer(call, detail) : call)),
    details: new Map(state.details).set(sid, detail),
  };
}

/** A detail may have been asked for before the page that we hold. */
function newer(call: Call, detail: CallDetail): Call {
  if (Date.parse(detail.updated_at) < Date.parse(call.updated_at)) return call;
  const {
    steps: _steps,
    legs: _legs,
    listens: _listens,
    events: _events,
    events_omitted: _omitted,
    ...rest
  } = detail;
  return rest;
}

/** What is new to the list waits while somebody uses it; details of ended calls go. */
function settle(
  before: FeedState,
  after: FeedState,
  { isEngaged, at }: { isEngaged: boolean; at: number },
): FeedState {
  const live = new Set(liveCalls(after, at).map(({ sid }) => sid));
  const details = new Map([...after.details].filter(([sid]) => live.has(sid)));
  if (!isEngaged || !before.isLoaded) return { ...after, details, waiting: new Set() };
  const listed = new Set(listedCalls(before, at).map(({ sid }) => sid));
  const ended = after.calls.filter(({ sid }) => !live.has(sid));
  const waiting = ended.filter(({ sid }) => !listed.has(sid));
  // After a gap nothing of the list is left, and there is nothing to keep still.
  if (waiting.length === ended.length && listed.size > 0) {
    return { ...after, details, waiting: new Set() };
  }
  return { ...after, details, waiting: new Set(waiting.map(({ sid }) => sid)) };
}

/** The band above the list. */
export function liveCalls(state: FeedState, now: number): Call[] {
  return state.calls.filter((call) => isLive(call, now));
}

/** The list. */
export function listedCalls(state: FeedState, now: number): Call[] {
  return state.calls.filter((call) => !isLive(call, now) && !state.waiting.has(call.sid));
}

/** Live calls whose details are missing or older than what the page says of them. */
export function detailsWanted(state: FeedState, now: number): string[] {
  return liveCalls(state, now)
    .filter(({ sid, updated_at }) => {
      const detail = state.details.get(sid);
      return detail === undefined || Date.parse(detail.updated_at) < Date.parse(updated_at);
    })
    .map(({ sid }) => sid);
}

/** Live calls so old that the newest page no longer holds them: nothing else would end them. */
export function liveBeyond(state: FeedState, page: CallPage, now: number): string[] {
  const covered = new Set(page.calls.map(({ sid }) => sid));
  return liveCalls(state, now)
    .map(({ sid }) => sid)
    .filter((sid) => !covered.has(sid));
}
