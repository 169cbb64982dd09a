// After a reload the list is as far down as it was, as far as a few questions can bring it.

import { useEffect, useRef } from 'preact/hooks';
import type { Desk } from '../feed/desk.ts';
import { router } from '../router/router.ts';

/** Who was further down finds themselves here: ten pages, and the way on is the same. */
const PAGES_AT_MOST = 10;

export function useRestoredScroll(desk: Desk): void {
  const wanted = useRef(desk.feed.state.isLoaded ? null : router.scroll);
  const pages = useRef(0);
  const { state, older } = desk.feed;
  useEffect(() => {
    const to = wanted.current;
    if (to === null || to === 0 || !state.isLoaded) return;
    const reach = document.documentElement.scrollHeight - window.innerHeight;
    const isEnd = state.next === null || pages.current >= PAGES_AT_MOST || older === 'failed';
    if (reach < to && !isEnd) {
      pages.current += 1;
      void desk.loadOlder();
      return;
    }
    wanted.current = null;
    window.scrollTo(0, to);
  }, [desk, state, older]);
}
