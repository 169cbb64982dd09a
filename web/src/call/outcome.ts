// What a call's outcome looks like, and whether somebody still has to do something.

import type { Call, Outcome } from '../api/types.ts';

/** A call that has not ended, or of which nobody has told us that it did. */
export type Shape = Outcome | 'live';

/** Twilio ends a call after 4 h; one that seems to last longer has lost its end on the way. */
const LIVE_AT_MOST_MS = 4 * 3600_000;

export function isLive(call: Pick<Call, 'outcome' | 'started_at'>, now: number): boolean {
  return call.outcome === null && now - Date.parse(call.started_at) < LIVE_AT_MOST_MS;
}

export function shapeOf(call: Pick<Call, 'outcome'>): Shape {
  return call.outcome ?? 'live';
}

export function isUnheard(call: Pick<Call, 'outcome' | 'voicemail'>): boolean {
  return (
    call.outcome === 'voicemail' && call.voicemail !== null && call.voicemail.heard_at === null
  );
}

type Facts = Pick<Call, 'outcome' | 'voicemail' | 'done_at' | 'answered_later'>;

/** The caller waits for somebody: the API's filter `to_do`. */
export function isWaiting(call: Omit<Facts, 'voicemail'>): boolean {
  return (
    (call.outcome === 'missed' || call.outcome === 'abandoned') &&
    call.answered_later === null &&
    call.done_at === null
  );
}

/** Somebody has something to do about it: get back to the caller, hear the message, look at it. */
export function isToDo(call: Facts): boolean {
  if (call.done_at !== null) return false;
  if (call.outcome === 'voicemail') return isUnheard(call);
  return isWaiting(call) || call.outcome === 'failed';
}
