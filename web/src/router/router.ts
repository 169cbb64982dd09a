// Where the reader is, by the History API.  Links are plain <a href>: a click on one that leads
// to an address of ours is taken over here, everything else is the browser's.

import { pageKey, routeOf, type Route } from './route.ts';

/** What is kept with each entry of the history, so that it outlives a reload. */
interface Kept {
  scroll: number;
}

const KEEP_AFTER_MS = 250;

export class Router {
  url = new URL(window.location.href);
  /** How far this entry was scrolled when it was left; null when it is new. */
  scroll: number | null = keptScroll(window.history.state);
  /** Nobody has gone anywhere yet: focus stays where the browser puts it. */
  isFirst = true;

  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get route(): Route | null {
    return routeOf(this.url.pathname);
  }

  start(): void {
    window.history.scrollRestoration = 'manual';
    window.addEventListener('popstate', this.#onPop);
    window.addEventListener('scroll', this.#onScroll, { passive: true });
    window.addEventListener('pagehide', this.#keepScroll);
    document.addEventListener('click', this.#onClick);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Goes to an address of ours; `replace` leaves no way back to the present one. */
  go(href: string, { replace = false } = {}): void {
    const url = new URL(href, this.url);
    const isOtherPage = pageKey(routeOf(url.pathname)) !== pageKey(this.route);
    this.#keepScroll();
    const kept: Kept = { scroll: isOtherPage ? 0 : window.scrollY };
    window.history[replace ? 'replaceState' : 'pushState'](kept, '', url);
    this.#arrive(url, null, isOtherPage);
  }

  #onPop = (): void => {
    const url = new URL(window.location.href);
    const isOtherPage = pageKey(routeOf(url.pathname)) !== pageKey(this.route);
    this.#arrive(url, keptScroll(window.history.state), isOtherPage);
  };

  #arrive(url: URL, scroll: number | null, isOtherPage: boolean): void {
    clearTimeout(this.#timer);
    this.url = url;
    this.scroll = scroll;
    if (isOtherPage) this.isFirst = false;
    for (const listener of [...this.#listeners]) listener();
  }

  #onScroll = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#keepScroll, KEEP_AFTER_MS);
  };

  #keepScroll = (): void => {
    clearTimeout(this.#timer);
    const kept: Kept = { scroll: window.scrollY };
    window.history.replaceState(kept, '');
  };

  #onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || !isOurs(link)) return;
    event.preventDefault();
    if (link.href !== this.url.href) this.go(link.href);
  };
}

export const router = new Router();

function isOurs(link: HTMLAnchorElement): boolean {
  const isPlain = link.target === '' && !link.hasAttribute('download');
  const url = new URL(link.href);
  return (
    isPlain &&
    url.origin === window.location.origin &&
    url.hash === '' &&
    routeOf(url.pathname) !== null
  );
}

function keptScroll(state: unknown): number | null {
  const has = typeof state === 'object' && state !== null && 'scroll' in state;
  return has && typeof state.scroll === 'number' ? state.scroll : null;
}
