// How pages of the feed fit together.  The API's order never changes: a page is a
// contiguous piece of it, newest first.

import type { Call, CallPage } from '../api/types.ts';

export interface Known {
  calls: readonly Call[];
  /** Cursor behind the oldest call; null when that is the first there ever was. */
  next: string | null;
}

/** The newest page over what is known: it replaces its stretch, older calls stay. */
export function mergeNewest(known: Known, page: CallPage): Known {
  const oldest = page.calls.at(-1);
  if (oldest === undefined || page.next === null) return page;
  const seam = known.calls.findIndex(({ sid }) => sid === oldest.sid);
  // Without a seam the page is either longer than what we know, or so much came in since that
  // there is a gap: in both cases the page is all that hangs together.
  if (seam === -1) return page;
  return { calls: [...page.calls, ...known.calls.slice(seam + 1)], next: known.next };
}

/** A page asked for with the cursor `after`; nothing changes if that is no longer our end. */
export function appendOlder(known: Known, after: string, page: CallPage): Known {
  if (known.next !== after) return known;
  const have = new Set(known.calls.map(({ sid }) => sid));
  return {
    calls: [...known.calls, ...page.calls.filter(({ sid }) => !have.has(sid))],
    next: page.next,
  };
}
