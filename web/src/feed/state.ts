// A filtered list of calls as the page knows it, and how it changes.  Pure.

import type { Call, CallPage } from '../api/types.ts';
import { isLive } from '../call/outcome.ts';
import { withLaterAnswer } from './called-later.ts';
import type { Filters } from './filters.ts';
import { matches } from './matches.ts';
import { appendOlder, mergeNewest } from './pages.ts';

export interface FeedState {
  /** Newest first, live ones among them. */
  calls: readonly Call[];
  next: string | null;
  isLoaded: boolean;
  /** Calls that belong into the list but are kept back while somebody uses it. */
  waiting: ReadonlySet<string>;
  /** Calls that belong out of it but stay while somebody uses it. */
  leaving: ReadonlySet<string>;
}

/** Somebody points at the list or is in it; and when. */
interface Moment {
  isEngaged: boolean;
  at: number;
}

export type FeedAction =
  | ({ kind: 'refreshed'; page: CallPage } & Moment)
  | { kind: 'older'; after: string; page: CallPage }
  | ({ kind: 'changed'; calls: readonly Call[]; removed: readonly string[] } & Moment)
  /** Marked by the reader: they stay in their place. */
  | { kind: 'patched'; calls: readonly Call[] }
  | { kind: 'released' };

export const EMPTY_FEED: FeedState = {
  calls: [],
  next: null,
  isLoaded: false,
  waiting: new Set(),
  leaving: new Set(),
};

export function feedReducer(state: FeedState, action: FeedAction, filters: Filters): FeedState {
  switch (action.kind) {
    case 'refreshed': {
      const merged = mergeNewest(state, action.page);
      return settle(state, { ...state, ...merged, leaving: new Set(), isLoaded: true }, action);
    }
    case 'older':
      return { ...state, ...appendOlder(state, action.after, action.page) };
    case 'changed':
      return settle(state, withChanges(state, action, filters), action);
    case 'patched':
      return withPatched(state, action.calls, filters);
    case 'released':
      return released(state);
  }
}

function withChanges(
  state: FeedState,
  { calls, removed }: { calls: readonly Call[]; removed: readonly string[] },
  filters: Filters,
): FeedState {
  if (!state.isLoaded) return state;
  const gone = new Set(removed);
  const changed = new Map(calls.map((call) => [call.sid, call]));
  const had = new Map(state.calls.map((call) => [call.sid, call]));
  const leaving = new Set(state.leaving);
  const kept = state.calls.flatMap((call) => {
    const change = changed.get(call.sid) ?? withLaterAnswer(call, calls);
    if (gone.has(call.sid)) return [];
    if (change === call || !isNewer(change, call)) return [call];
    if (matches(change, filters)) leaving.delete(call.sid);
    else leaving.add(call.sid);
    return [change];
  });
  const added = calls.filter((call) => !had.has(call.sid) && matches(call, filters));
  return { ...state, leaving, calls: added.reduce(insert, kept.length > 0 ? kept : []) };

  function insert(list: Call[], call: Call): Call[] {
    const at = list.findIndex((known) => isBehind(known, call));
    // Beyond the end of what is known it comes with its page.
    if (at === -1) return state.next === null ? [...list, call] : list;
    return [...list.slice(0, at), call, ...list.slice(at)];
  }
}

/** In the order of the API. */
function isBehind(known: Call, call: Call): boolean {
  if (known.first_seen_at !== call.first_seen_at) return known.first_seen_at < call.first_seen_at;
  return known.sid < call.sid;
}

/** What is told may be older than what we hold: answers overtake each other. */
export function isNewer(change: Call, known: Call): boolean {
  return Date.parse(change.updated_at) >= Date.parse(known.updated_at);
}

function withPatched(state: FeedState, calls: readonly Call[], filters: Filters): FeedState {
  const patched = new Map(calls.map((call) => [call.sid, call]));
  const leaving = new Set(state.leaving);
  const list = state.calls.map((call) => {
    const change = patched.get(call.sid);
    if (change === undefined) return call;
    if (matches(change, filters)) leaving.delete(call.sid);
    else leaving.add(call.sid);
    return change;
  });
  return { ...state, calls: list, leaving };
}

function released(state: FeedState): FeedState {
  if (state.waiting.size === 0 && state.leaving.size === 0) return state;
  return {
    ...state,
    calls: state.calls.filter(({ sid }) => !state.leaving.has(sid)),
    waiting: new Set(),
    leaving: new Set(),
  };
}

/** What is new to the list waits while somebody uses it. */
function settle(before: FeedState, after: FeedState, { isEngaged, at }: Moment): FeedState {
  if (!isEngaged || !before.isLoaded) return released(after);
  const listed = new Set(listedCalls(before, at).map(({ sid }) => sid));
  const ended = after.calls.filter((call) => !isLive(call, at));
  const waiting = ended.filter(({ sid }) => !listed.has(sid));
  // After a gap nothing of the list is left, and there is nothing to keep still.
  if (waiting.length === ended.length && listed.size > 0) return released(after);
  return { ...after, waiting: new Set(waiting.map(({ sid }) => sid)) };
}

/** The list; calls that still last stand in the band above it. */
export function listedCalls(state: FeedState, now: number): Call[] {
  return state.calls.filter((call) => !isLive(call, now) && !state.waiting.has(call.sid));
}
