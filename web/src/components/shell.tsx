// What stands around every page: the side bar, on a phone the top and the bottom bar.

import type { ComponentChildren } from 'preact';
import { useFeed } from '../feed/context.ts';
import { isInterrupted } from '../feed/link.ts';
import { grouped } from '../format/phone.ts';
import { router } from '../router/router.ts';
import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';
import { Account, TopAccount } from './account.tsx';
import { useNow, useOffline, useStore } from './hooks.ts';
import { Mark } from './mark.tsx';
import { BottomNav, placesOf, SideNav } from './nav.tsx';

export function Shell({ children }: { children: ComponentChildren }) {
  const { session } = useSession();
  const feed = useFeed();
  useStore(feed);
  const lines = new Set(feed.state.calls.map(({ line }) => line));
  const [only] = lines;
  const line = lines.size === 1 && only !== undefined ? grouped(only) : null;
  const places = placesOf(can(session, 'admin'));
  const here = router.url.pathname;
  return (
    <>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      <div class="app">
        <aside class="side" aria-label={text.product}>
          <Brand line={line} />
          <SideNav places={places} here={here} />
          <div class="foot">
            <LinkState />
            <Account />
          </div>
        </aside>
        <header class="topbar">
          <Brand line={line} />
          <TopAccount />
        </header>
        <main class="main" id="main" tabIndex={-1}>
          {children}
        </main>
        <BottomNav places={places} here={here} />
      </div>
    </>
  );
}

function Brand({ line }: { line: string | null }) {
  return (
    <a class="brand" href="/">
      <Mark />
      <div>
        <b>{text.product}</b>
        {line !== null && <small>{line}</small>}
      </div>
    </a>
  );
}

function LinkState() {
  const feed = useFeed();
  const isOffline = useOffline();
  const now = useNow(1000);
  const isLost = isInterrupted(feed.link, isOffline, now);
  const state = isOffline ? 'offline' : isLost ? 'lost' : 'live';
  return (
    <p class="linkstate">
      <span class={state === 'live' ? 'dot dot-live' : 'dot dot-off'} />
      <span>{text.link[state]}</span>
    </p>
  );
}
