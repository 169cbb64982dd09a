// The past, by days.  While somebody points at it or is in it, or has scrolled into it, new
// calls wait behind a button, so that nothing moves under their hands.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Call } from '../api/types.ts';
import { byDay, type Day } from '../feed/days.ts';
import type { Feed } from '../feed/feed.ts';
import { listedCalls } from '../feed/state.ts';
import { readersLocale, type Locale } from '../format/locale.ts';
import { clockTime, dayName } from '../format/time.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { CallRow } from './call-row.tsx';

interface Props {
  feed: Feed;
  now: number;
  showLine: boolean;
}

export function FeedList({ feed, now, showLine }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const engagement = useEngagement(feed, list);
  const locale = readersLocale();
  const { state } = feed;
  const laterAt = clockOf(state.calls, locale);
  const days = byDay(listedCalls(state, now), state.next !== null, locale);

  const release = (): void => {
    feed.release();
    document.getElementById('main')?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      {state.waiting.size > 0 && (
        <div class="waiting">
          <button type="button" class="btn btn-solid" onClick={release}>
            <Icon name="up" small />
            {text.feed.newCalls(state.waiting.size)}
          </button>
        </div>
      )}
      <div class="list" ref={list} {...engagement}>
        {days.map((day) => (
          <section key={day.key} aria-labelledby={`day-${day.key}`}>
            <DayHead day={day} now={now} locale={locale} />
            <ol class="rows">
              {day.calls.map((call) => (
                <CallRow
                  key={call.sid}
                  call={call}
                  now={now}
                  locale={locale}
                  showLine={showLine}
                  laterAt={laterAt(call)}
                  isOpen={open === call.sid}
                  onOpen={setOpen}
                />
              ))}
            </ol>
          </section>
        ))}
        <OlderCalls feed={feed} />
      </div>
    </>
  );
}

function DayHead({ day, now, locale }: { day: Day; now: number; locale: Locale }) {
  const [first] = day.calls;
  const at = new Date(first?.started_at ?? now);
  return (
    <div class="day">
      <h2 id={`day-${day.key}`}>
        {dayName(at, new Date(now), locale)}
        {day.isWhole && <span>{text.feed.count(day.calls.length)}</span>}
      </h2>
      <span aria-hidden="true">{text.feed.columns.outcome}</span>
      <span aria-hidden="true" />
      <span class="r d-len" aria-hidden="true">
        {text.feed.columns.length}
      </span>
      <span class="r" aria-hidden="true">
        {text.feed.columns.time}
      </span>
    </div>
  );
}

function OlderCalls({ feed }: { feed: Feed }) {
  const { older } = feed;
  if (feed.state.next === null) return <p class="end">{text.feed.end}</p>;
  return (
    <div class="end">
      {older === 'failed' && (
        <p class="err" role="alert">
          <Icon name="alert" small />
          {text.feed.olderFailed}
        </p>
      )}
      <button
        type="button"
        class="btn btn-line"
        aria-disabled={older === 'busy'}
        onClick={() => void feed.loadOlder()}
      >
        {older === 'busy' ? text.feed.olderBusy : text.feed.olderAgain}
      </button>
    </div>
  );
}

/** When the answered call began that made up for this one, if we know it. */
function clockOf(calls: readonly Call[], locale: Locale): (call: Call) => string | undefined {
  const bySid = new Map(calls.map((call) => [call.sid, call]));
  return ({ answered_later }) => {
    const later = answered_later === null ? undefined : bySid.get(answered_later);
    return later === undefined ? undefined : clockTime(new Date(later.started_at), locale);
  };
}

/** A finger leaves no pointer behind: only a mouse rests on a list. */
function useEngagement(feed: Feed, list: { current: HTMLElement | null }) {
  const over = useRef({ pointer: false, focus: false });
  const tell = useCallback(() => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    feed.isEngaged = over.current.pointer || over.current.focus || top < 0;
  }, [feed, list]);
  useEffect(() => {
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
