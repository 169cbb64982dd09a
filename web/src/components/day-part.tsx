// A day's heading, and those of its rows that are near the view.

import { useMemo } from 'preact/hooks';
import type { Call } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import type { Slice } from '../feed/layout.ts';
import { readersLocale, type Locale } from '../format/locale.ts';
import { clockTime, dayName, listTime } from '../format/time.ts';
import { text } from '../text.ts';
import { CallRow, type RowProps } from './call-row.tsx';
import type { Rows } from './use-row-actions.ts';

interface Props {
  slice: Slice;
  desk: Desk;
  now: number;
  rows: Rows;
  /** The row that the keyboard is at. */
  active: string | null;
  onClosed: (sid: string) => void;
}

export function DayPart({ slice, desk, now, rows, active, onClosed }: Props) {
  const { day, from, to, before, after } = slice;
  const locale = readersLocale();
  return (
    <section aria-labelledby={`day-${day.key}`}>
      <DayHead slice={slice} now={now} locale={locale} />
      <ol class="rows" style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
        {day.calls.slice(from, to).map((call, i) => (
          <SteadyRow
            key={call.sid}
            call={call}
            when={whenOf(call, now, locale)}
            locale={locale}
            lines={desk.lines}
            laterAt={laterAt(desk, call, locale)}
            rows={rows.actions}
            openFor={rows.open?.sid === call.sid ? rows.open.for : null}
            isSelected={rows.selection.sids.has(call.sid)}
            isActive={call.sid === active}
            position={from + i + 1}
            of={day.isWhole ? day.calls.length : -1}
            desk={desk}
            onClosed={onClosed}
          />
        ))}
      </ol>
    </section>
  );
}

/** A row is drawn anew only when something of it has changed: most changes are another's. */
function SteadyRow(props: RowProps) {
  return useMemo(() => <CallRow {...props} />, Object.values(props));
}

function whenOf({ started_at, first_seen_at }: Call, now: number, locale: Locale): string {
  return listTime(new Date(started_at), new Date(first_seen_at), new Date(now), locale);
}

interface HeadProps {
  slice: Slice;
  now: number;
  locale: Locale;
}

function DayHead({ slice: { day }, now, locale }: HeadProps) {
  const [first] = day.calls;
  const at = new Date(first?.first_seen_at ?? now);
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

/** When the answered call began that made up for this one, if we know it. */
function laterAt(desk: Desk, { answered_later }: Call, locale: Locale): string | undefined {
  if (answered_later === null) return undefined;
  const later = desk.feed.state.calls.find(({ sid }) => sid === answered_later);
  return later === undefined ? undefined : clockTime(new Date(later.started_at), locale);
}
