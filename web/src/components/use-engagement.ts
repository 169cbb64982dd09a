// Does somebody use the list?  Then it keeps still, and what is new waits.

import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { Feed } from '../feed/feed.ts';

/** A finger leaves no pointer behind: only a mouse rests on a list. */
export function useEngagement(feed: Feed, list: { current: HTMLElement | null }) {
  const over = useRef({ pointer: false, focus: false });
  const tell = useCallback(() => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    feed.isEngaged = over.current.pointer || over.current.focus || top < 0;
  }, [feed, list]);
  useEffect(() => {
    tell();
    window.addEventListener('scroll', tell, { passive: true });
    return () => {
      window.removeEventListener('scroll', tell);
      feed.isEngaged = false;
    };
  }, [feed, tell]);

  const note = (change: Partial<typeof over.current>): void => {
    Object.assign(over.current, change);
    tell();
  };
  return {
    onPointerEnter: (event: PointerEvent) => note({ pointer: event.pointerType === 'mouse' }),
    onPointerLeave: () => note({ pointer: false }),
    onFocusIn: () => note({ focus: true }),
    onFocusOut: () => note({ focus: false }),
  };
}
