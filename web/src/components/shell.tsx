// What stands around every page: the side bar, on a phone the top and the bottom bar.

import type { ComponentChildren } from 'preact';
import type { Line } from '../api/lines.ts';
import { useDesk } from '../feed/context.ts';
import { isInterrupted } from '../feed/link.ts';
import { grouped } from '../format/phone.ts';
import { router } from '../router/router.ts';
import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';
import { Account, TopAccount } from './account.tsx';
import { useNow, useOffline, useStore } from './hooks.ts';
import { Mark } from './mark.tsx';
import { LineLinks } from './line-links.tsx';
import { BottomNav, placesOf, SideNav } from './nav.tsx';
import { ToastPlace } from './toast.tsx';
import { useKeypad } from './use-keypad.ts';

export function Shell({ children }: { children: ComponentChildren }) {
  const { session } = useSession();
  const desk = useDesk();
  useStore(desk);
  const [line, second] = desk.lines;
  const isOnly = line !== undefined && second === undefined;
  const places = placesOf(can(session, 'admin'), useKeypad());
  const here = { path: router.url.pathname, unheard: desk.counts?.unheard ?? 0 };
  return (
    <>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      <div class="app">
        <aside class="side" aria-label={text.product}>
          <Brand line={isOnly ? line : null} />
          <SideNav places={places} {...here} />
          <LineLinks />
          <div class="foot">
            <LinkState />
            <Account />
          </div>
        </aside>
        <header class="topbar">
          <Brand line={isOnly ? line : null} />
          <TopAccount />
        </header>
        <main class="main" id="main" tabIndex={-1}>
          {children}
        </main>
        <BottomNav places={places} {...here} />
      </div>
      <ToastPlace />
    </>
  );
}

function Brand({ line }: { line: Line | null }) {
  return (
    <a class="brand" href="/">
      <Mark />
      <div>
        <b>{text.product}</b>
        {line !== null && <small>{line.name ?? grouped(line.line)}</small>}
      </div>
    </a>
  );
}

function LinkState() {
  const desk = useDesk();
  const isOffline = useOffline();
  const now = useNow(1000);
  const isLost = isInterrupted(desk.link, isOffline, now);
  const state = isOffline ? 'offline' : isLost ? 'lost' : 'live';
  return (
    <p class="linkstate">
      <span class={state === 'live' ? 'dot dot-live' : 'dot dot-off'} />
      <span>{text.link[state]}</span>
    </p>
  );
}
