// What a live file says to a page that knows the world up to some word.  Pure.

import type { Live } from '../api/types.ts';

/**
 * 'same': it tells nothing new.  'follows': with its calls the page is up to date.  'gap': more
 * has happened than it holds, so the feed has to be asked for anew.
 */
export function reachOf(word: string, live: Pick<Live, 'change' | 'since'>): Reach {
  if (live.change === word) return 'same';
  return live.since.includes(word) ? 'follows' : 'gap';
}

export type Reach = 'same' | 'follows' | 'gap';
