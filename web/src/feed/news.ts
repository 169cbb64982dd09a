// What a reader who cannot see the page is told of a change.

import type { Call } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { isLive } from '../call/outcome.ts';
import { text } from '../text.ts';
import type { FeedState } from './state.ts';

/** One sentence, or null when nothing happened that is worth an interruption. */
export function newsOf(before: FeedState, after: FeedState, now: number): string | null {
  if (!before.isLoaded) return null;
  const had = new Map(before.calls.map((call) => [call.sid, call]));
  const oldest = before.calls.at(-1)?.sid;
  const end = after.calls.findIndex(({ sid }) => sid === oldest);
  const recent = end === -1 ? after.calls : after.calls.slice(0, end);
  const arrived = recent.filter(({ sid }) => !had.has(sid));
  if (arrived.length > 1) return text.news.calls(arrived.length);
  const [only] = arrived;
  if (only !== undefined) return isLive(only, now) ? arrival(only) : ended(only);
  const left = after.calls.find(
    (call) => call.outcome === 'voicemail' && had.get(call.sid)?.outcome === null,
  );
  return left === undefined ? null : text.news.message(callerOf(left).name);
}

function arrival(call: Call): string {
  const { name } = callerOf(call);
  return call.forwarded_to === null
    ? text.news.call(name)
    : text.news.callRinging(name, call.forwarded_to);
}

function ended(call: Call): string {
  const { name } = callerOf(call);
  return call.outcome === 'voicemail' ? text.news.message(name) : text.news.call(name);
}
