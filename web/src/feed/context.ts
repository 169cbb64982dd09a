// The feed outlives the page that shows it: counts and news go on while somebody is elsewhere.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Feed } from './feed.ts';

export const FeedContext = createContext<Feed | null>(null);

export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (feed === null) throw new Error('a page is drawn only for who is signed in');
  return feed;
}
