// The keyboard in the list: which row is the present one, and what a key does to it.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Call } from '../api/types.ts';
import { commandOf, type Command } from '../feed/keys.ts';
import { router } from '../router/router.ts';
import { preferences } from '../settings/preferences.ts';

/** So soon after g another key is the second of two. */
const AFTER_G_MS = 1_000;

/** A row that is to have focus but is not drawn so soon is no longer waited for. */
const WANTED_MS = 1_000;

interface Props {
  list: { current: HTMLElement | null };
  calls: readonly Call[];
  /** Brings a row that may not be drawn into view. */
  reveal: (sid: string) => void;
  act: (command: Command, call: Call) => void;
}

/** Where the reader last was in a list, for when they come back to it. */
let lastActive: string | null = null;

export function useListKeys({ list, calls, reveal, act }: Props) {
  const [active, setActive] = useState<string | null>(lastActive);
  // Who comes back from a call's page stands where they left.
  const isBack = !router.isFirst && router.scroll !== null;
  const wanted = useRef<string | null>(isBack ? lastActive : null);
  const wantedUntil = useRef(Date.now() + WANTED_MS);
  const hadFocus = useRef(false);
  const gAt = useRef(0);
  const at = calls.findIndex(({ sid }) => sid === active);
  const present = calls[at] ?? calls[0];

  useLayoutEffect(() => {
    const { current } = list;
    if (current === null) return;
    const sid = wanted.current;
    const isWanted = sid !== null && Date.now() < wantedUntil.current;
    const link = isWanted ? linkOf(current, sid) : null;
    if (link !== null) {
      wanted.current = null;
      link.focus({ preventScroll: true });
    } else if (hadFocus.current && document.activeElement === document.body) {
      // The focused row is no longer drawn: keys go on working from the list itself.
      current.focus({ preventScroll: true });
    }
    hadFocus.current = current.contains(document.activeElement);
  });

  const choose = (sid: string): void => {
    lastActive = sid;
    setActive(sid);
  };
  const focusRow = (sid: string): void => {
    wanted.current = sid;
    wantedUntil.current = Date.now() + WANTED_MS;
    choose(sid);
    reveal(sid);
  };
  const step = (by: number): void => {
    const next = at === -1 ? calls[0] : calls[Math.min(calls.length - 1, Math.max(0, at + by))];
    if (next !== undefined) focusRow(next.sid);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof HTMLElement) || isTyping(event.target)) return;
    const isAfterG = Date.now() - gAt.current < AFTER_G_MS;
    gAt.current = 0;
    const command = commandOf(event.key, preferences.get().shortcuts, isAfterG);
    // On a button the space bar is the button's.
    if (command === null || (event.key === ' ' && !event.target.matches('a, [data-list]'))) return;
    event.preventDefault();
    if (command === 'next') step(1);
    else if (command === 'previous') step(-1);
    else if (command === 'go') gAt.current = Date.now();
    else if (command === 'go calls') router.go('/');
    else if (command === 'go figures') router.go('/figures');
    else if (present !== undefined) act(command, present);
  };
  const onFocusIn = (event: FocusEvent): void => {
    const row = event.target instanceof Element ? event.target.closest('li[data-sid]') : null;
    const sid = row?.getAttribute('data-sid');
    if (sid) choose(sid);
  };
  return { present: present?.sid ?? null, focusRow, onKeyDown, onFocusIn };
}

function linkOf(list: HTMLElement, sid: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`li[data-sid="${CSS.escape(sid)}"] .row-link`);
}

function isTyping(target: HTMLElement): boolean {
  return target.matches('textarea, select, input:not([type="checkbox"])');
}
