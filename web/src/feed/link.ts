// How the page stands with the server, as the banner tells it.  Pure.

import type { Failure } from '../api/failure.ts';

export interface Link {
  /** When the server last answered. */
  freshAt: number | null;
  failure: Failure | null;
  /** After an interruption that was shown: how many calls came in meanwhile. */
  back: { calls: number; until: number } | null;
}

/** A shorter interruption is not worth a word. */
const QUIET_MS = 5_000;
const BACK_SHOWN_MS = 4_000;

export const NEW_LINK: Link = { freshAt: null, failure: null, back: null };

export function isInterrupted(link: Link, isOffline: boolean, now: number): boolean {
  if (link.freshAt === null) return false;
  return isOffline || (link.failure !== null && now - link.freshAt > QUIET_MS);
}

export function linkAnswered(link: Link, arrived: number, now: number): Link {
  const isBack = link.failure !== null && link.freshAt !== null && now - link.freshAt > QUIET_MS;
  const held = link.back !== null && link.back.until > now ? link.back : null;
  const back = isBack ? { calls: arrived, until: now + BACK_SHOWN_MS } : held;
  return { freshAt: now, failure: null, back };
}

export function linkFailed(link: Link, failure: Failure): Link {
  return { ...link, failure, back: null };
}
