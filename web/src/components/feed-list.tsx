// The past, by days.  Only rows near the view are drawn.  While somebody uses the list new calls
// wait behind a button, so that nothing moves under their hands.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { byDay, type Day } from '../feed/days.ts';
import type { Desk } from '../feed/desk.ts';
import { placeOf, topOf, windowOf, type OpenRow } from '../feed/layout.ts';
import { listedCalls } from '../feed/state.ts';
import { readersLocale } from '../format/locale.ts';
import { text } from '../text.ts';
import { BulkBar } from './bulk-bar.tsx';
import { DayPart } from './day-part.tsx';
import { useSteady } from './hooks.ts';
import { Icon } from './icons.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { OlderCalls } from './older-calls.tsx';
import { useEngagement } from './use-engagement.ts';
import { useListKeys } from './use-list-keys.ts';
import { useRows } from './use-row-actions.ts';
import { useWindow } from './use-window.ts';

/** Older calls are asked for when so much is left to scroll. */
const AHEAD_PX = 1_600;
/** Room left above and below a row that the keyboard goes to. */
const ROOM_PX = 96;

interface Props {
  desk: Desk;
  now: number;
  days: readonly Day[];
}

/** The listed calls by days, sorted anew only when the list has changed. */
export function useDays(desk: Desk, now: number): readonly Day[] {
  const { state } = desk.feed;
  // A call that has lasted for hours comes into the list by the clock alone.
  const hour = Math.floor(now / 3_600_000);
  return useMemo(
    () => byDay(listedCalls(state, now), state.next !== null, readersLocale()),
    [state, hour],
  );
}

export function FeedList({ desk, now, days }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { feed } = desk;
  const calls = useMemo(() => days.flatMap((day) => day.calls), [days]);
  const rows = useRows(desk, calls);
  const { range, metrics, extra } = useWindow(list, rows.open?.sid ?? null);
  const openAt = rows.open === null ? null : placeOf(days, rows.open.sid);
  const open: OpenRow | null = openAt && { ...openAt, extra };
  const { before, slices, after } = windowOf(days, metrics, open, range);
  const reveal = (sid: string): void => {
    const place = placeOf(days, sid);
    if (place === null || list.current === null) return;
    const top = list.current.getBoundingClientRect().top + topOf(days, metrics, open, place);
    const below = top + metrics.row + ROOM_PX - window.innerHeight;
    if (top < ROOM_PX) window.scrollBy(0, top - ROOM_PX);
    else if (below > 0) window.scrollBy(0, below);
  };
  const keys = useListKeys({ list, calls, reveal, act: rows.actions.act });
  const onClosed = useSteady(keys.focusRow);
  const { onFocusIn, ...engagement } = useEngagement(feed, list);
  useOlder(desk, after, range[1], list);

  return (
    <>
      <Waiting desk={desk} />
      <div
        class={rows.selection.sids.size > 0 ? 'list is-selecting' : 'list'}
        ref={list}
        data-list
        tabIndex={-1}
        role="group"
        aria-label={text.feed.list}
        {...engagement}
        onKeyDown={keys.onKeyDown}
        onFocusIn={(event) => {
          onFocusIn();
          keys.onFocusIn(event);
        }}
      >
        <div class="gap" style={{ height: `${before}px` }} />
        {slices.map((slice) => (
          <DayPart
            key={slice.day.key}
            slice={slice}
            desk={desk}
            now={now}
            rows={rows}
            active={keys.present}
            onClosed={onClosed}
          />
        ))}
        <div class="gap" style={{ height: `${after}px` }} />
      </div>
      <OlderCalls desk={desk} />
      <BulkBar desk={desk} calls={calls} rows={rows} />
      <KeysDialog />
    </>
  );
}

function Waiting({ desk: { feed } }: { desk: Desk }) {
  const { waiting } = feed.state;
  if (waiting.size === 0) return null;
  const release = (): void => {
    feed.release();
    document.getElementById('main')?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  };
  return (
    <div class="waiting">
      <button type="button" class="btn btn-solid" onClick={release}>
        <Icon name="up" small />
        {text.feed.newCalls(waiting.size)}
      </button>
    </div>
  );
}

/** Asks for older calls before their place comes into view. */
function useOlder(
  desk: Desk,
  after: number,
  bottom: number,
  list: { current: HTMLElement | null },
): void {
  const { feed } = desk;
  const [failedAt, setFailedAt] = useState<string | null>(null);
  const { next } = feed.state;
  const { older } = feed;
  useEffect(() => {
    const height = list.current?.scrollHeight ?? 0;
    const isNear = after === 0 && bottom > height - AHEAD_PX;
    if (older === 'failed') setFailedAt(next);
    // What failed is tried again by the reader alone.
    if (isNear && next !== null && older === 'idle' && failedAt !== next) void desk.loadOlder();
  }, [desk, after, bottom, next, older, failedAt, list]);
}
