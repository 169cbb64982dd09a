// The calls that are going on, for the band above the list.  Pure.

import type { Call, CallDetail } from '../api/types.ts';
import { isLive } from '../call/outcome.ts';
import { isNewer } from './state.ts';

/** What a caller went through so far, and the phones that were rung. */
export type Progress = Pick<CallDetail, 'steps' | 'legs'>;

export interface BoardCall {
  call: Call;
  /** null until it is known. */
  progress: Progress | null;
  /** `updated_at` of the call when the progress was told. */
  progressOf: string | null;
}

export type Board = ReadonlyMap<string, BoardCall>;

export const EMPTY_BOARD: Board = new Map();

/** A call as it was told, with its progress or without. */
export interface Told {
  call: Call;
  progress?: Progress;
}

export function withTold(board: Board, told: readonly Told[], now: number): Board {
  const next = new Map(board);
  for (const { call, progress } of told) {
    const known = next.get(call.sid);
    if (known !== undefined && !isNewer(call, known.call)) continue;
    if (!isLive(call, now)) next.delete(call.sid);
    else if (progress !== undefined) {
      next.set(call.sid, { call, progress, progressOf: call.updated_at });
    } else {
      const { progress: before = null, progressOf = null } = known ?? {};
      next.set(call.sid, { call, progress: before, progressOf });
    }
  }
  return next;
}

export function without(board: Board, sids: readonly string[]): Board {
  const gone = new Set(sids);
  return new Map([...board].filter(([sid]) => !gone.has(sid)));
}

/** Newest first. */
export function boardCalls(board: Board, now: number): BoardCall[] {
  return [...board.values()]
    .filter(({ call }) => isLive(call, now))
    .sort((a, b) => b.call.started_at.localeCompare(a.call.started_at));
}

/** Those whose progress is missing or older than what is known of the call. */
export function progressWanted(board: Board, now: number): string[] {
  return boardCalls(board, now)
    .filter(({ call, progressOf }) => progressOf === null || progressOf < call.updated_at)
    .map(({ call }) => call.sid);
}

/** Live calls that a page of the newest no longer holds: nothing else would end them. */
export function beyond(board: Board, page: readonly Call[], now: number): string[] {
  const covered = new Set(page.map(({ sid }) => sid));
  return boardCalls(board, now)
    .map(({ call }) => call.sid)
    .filter((sid) => !covered.has(sid));
}

/** Only what the list shows of a call that came with more. */
export function plainCall(call: Call & Partial<CallDetail>): Call {
  const {
    steps: _steps,
    legs: _legs,
    listens: _listens,
    events: _events,
    events_omitted: _omitted,
    ...rest
  } = call;
  return rest;
}
