import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { router } from '../router/router.ts';

/** Draws again whenever the store says that it changed. */
export function useStore(store: { subscribe: (listener: () => void) => () => void }): void {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  useEffect(() => store.subscribe(() => redraw()), [store]);
}

/** The time, anew every so many milliseconds. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function useOffline(): boolean {
  const [isOffline, setOffline] = useState(!navigator.onLine);
  useEffect(() => {
    const look = (): void => setOffline(!navigator.onLine);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, []);
  return isOffline;
}

/** A function that stays the same one, and does what the latest drawing says. */
export function useSteady<A extends unknown[], R>(does: (...args: A) => R): (...args: A) => R {
  const latest = useRef(does);
  latest.current = does;
  return useRef((...args: A): R => latest.current(...args)).current;
}

/** False for the first moments: what comes at once needs no sign of waiting. */
export function useAfter(ms: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isOver;
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/**
 * After going to another page: focus on its heading, and where the reader had scrolled to when
 * they left it.  A page that comes late takes its focus by useHeadingFocus().
 */
export function useArrival(page: string): void {
  useLayoutEffect(() => {
    if (router.isFirst) return;
    window.scrollTo(0, router.scroll ?? 0);
    focusHeading();
  }, [page]);
}

/** Unless the page has put focus somewhere by itself. */
export function focusHeading(): void {
  const main = document.getElementById('main');
  const { activeElement } = document;
  if (main === null || (main !== activeElement && main.contains(activeElement))) return;
  const heading = main.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  (heading ?? main).focus({ preventScroll: true });
}

/** For a page whose code or content came after the arrival. */
export function useHeadingFocus(): void {
  useEffect(() => {
    if (!router.isFirst) focusHeading();
  }, []);
}

/** Whether a dialog is open; closing it gives focus back to what opened it. */
export function useDialog(): { isOpen: boolean; open: () => void; close: () => void } {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<Element | null>(null);
  const open = (): void => {
    opener.current = document.activeElement;
    setOpen(true);
  };
  const close = (): void => {
    setOpen(false);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return { isOpen, open, close };
}
