// Where the rows of a long list are, so that only those near the view need to be drawn.  Every
// row is as high as every other one, but the one that is open.  Pure.

import type { Day } from './days.ts';

export interface Metrics {
  row: number;
  /** Of a day's heading. */
  head: number;
}

/** The row that is open, and how much higher than others it is. */
export interface OpenRow {
  day: number;
  row: number;
  extra: number;
}

/** Rows `from` to before `to` of a day are drawn, with so much room kept around them. */
export interface Slice {
  day: Day;
  from: number;
  to: number;
  before: number;
  after: number;
}

export interface Window {
  before: number;
  slices: Slice[];
  after: number;
}

export interface Place {
  day: number;
  row: number;
}

/** What to draw of the pixels `top` to `bottom` of the list. */
export function windowOf(
  days: readonly Day[],
  metrics: Metrics,
  open: OpenRow | null,
  [top, bottom]: readonly [number, number],
): Window {
  const window: Window = { before: 0, slices: [], after: 0 };
  let y = 0;
  for (const [i, day] of days.entries()) {
    const extra = open?.day === i ? open.extra : 0;
    const height = metrics.head + day.calls.length * metrics.row + extra;
    if (y + height <= top) window.before += height;
    else if (y >= bottom) window.after += height;
    else {
      const range = [top - y - metrics.head, bottom - y - metrics.head] as const;
      window.slices.push(sliceOf(day, metrics.row, open?.day === i ? open : null, range));
    }
    y += height;
  }
  return window;
}

function sliceOf(
  day: Day,
  height: number,
  open: OpenRow | null,
  [top, bottom]: readonly [number, number],
): Slice {
  const { length } = day.calls;
  const extra = open?.extra ?? 0;
  const at = (y: number): number => rowAt(y, height, open);
  let from = Math.max(0, Math.min(length, at(top)));
  let to = Math.max(from, Math.min(length, at(bottom) + 1));
  // The open row is always drawn: it may be playing.
  if (open !== null) {
    from = Math.min(from, open.row);
    to = Math.max(to, open.row + 1);
  }
  const rest = length - to;
  return {
    day,
    from,
    to,
    before: from * height,
    after: rest * height + (open !== null && open.row >= to ? extra : 0),
  };
}

/** The row that holds this pixel of its day's rows. */
function rowAt(y: number, height: number, open: OpenRow | null): number {
  if (open === null || y < (open.row + 1) * height) return Math.floor(y / height);
  return Math.max(open.row, Math.floor((y - open.extra) / height));
}

export function placeOf(days: readonly Day[], sid: string): Place | null {
  for (const [day, { calls }] of days.entries()) {
    const row = calls.findIndex((call) => call.sid === sid);
    if (row !== -1) return { day, row };
  }
  return null;
}

/** How far down the list a row begins. */
export function topOf(
  days: readonly Day[],
  metrics: Metrics,
  open: OpenRow | null,
  place: Place,
): number {
  let y = 0;
  for (const [i, { calls }] of days.entries()) {
    const isLater = open !== null && open.day === i;
    if (i === place.day) {
      const extra = isLater && open.row < place.row ? open.extra : 0;
      return y + metrics.head + place.row * metrics.row + extra;
    }
    y += metrics.head + calls.length * metrics.row + (isLater ? open.extra : 0);
  }
  return y;
}
