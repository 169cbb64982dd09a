import type { Call } from '../api/types.ts';
import type { Locale } from '../format/locale.ts';
import { dayKey } from '../format/time.ts';

export interface Day {
  key: string;
  calls: Call[];
  /** All of the day's calls are here, so they may be counted. */
  isWhole: boolean;
}

/** By the reader's calendar and the list's own time, in which the days follow each other. */
export function byDay(calls: readonly Call[], hasOlder: boolean, locale: Locale): Day[] {
  const days = new Map<string, Day>();
  for (const call of calls) {
    const key = keyOf(call, locale);
    const day = days.get(key) ?? { key, calls: [], isWhole: true };
    day.calls.push(call);
    days.set(key, day);
  }
  const all = [...days.values()];
  const last = all.at(-1);
  if (last !== undefined && hasOlder) last.isWhole = false;
  return all;
}

const keys = new WeakMap<Call, { zone: string | undefined; key: string }>();

/** A long feed is sorted into days whenever it grows, and a calendar is slow to ask. */
function keyOf(call: Call, locale: Locale): string {
  const known = keys.get(call);
  if (known !== undefined && known.zone === locale.timeZone) return known.key;
  const key = dayKey(new Date(call.first_seen_at), locale);
  keys.set(call, { zone: locale.timeZone, key });
  return key;
}
