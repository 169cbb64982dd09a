import { text } from '../text.ts';
import type { Locale } from './locale.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow, and a feed asks for the same few again and again. */
function formatted(at: Date, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([locale, options]);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale.language, { ...options, ...zone(locale) });
    formats.set(key, format);
  }
  return format.format(at);
}

function zone({ timeZone }: Locale): Intl.DateTimeFormatOptions {
  return timeZone === undefined ? {} : { timeZone };
}

/** 10:19, or 10:19 AM where the clock has twelve hours. */
export function clockTime(at: Date, locale: Locale): string {
  return formatted(at, locale, { hour: 'numeric', minute: '2-digit' });
}

/** Tuesday 17 November 2026, with seconds and the zone's name. */
export function fullTime(at: Date, locale: Locale): string {
  return formatted(at, locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** Minutes ago within the hour, then the clock. */
export function feedTime(at: Date, now: Date, locale: Locale): string {
  const age = now.getTime() - at.getTime();
  if (age >= HOUR_MS) return clockTime(at, locale);
  const minutes = Math.floor(age / MINUTE_MS);
  return minutes < 1 ? text.time.now : minutesAgo(minutes, locale.language);
}

/** The same in a list of the day of `listed`, which may have been told of it a day late. */
export function listTime(at: Date, listed: Date, now: Date, locale: Locale): string {
  const isNear = Math.abs(listed.getTime() - at.getTime()) < MINUTE_MS; // as nearly all are
  if (isNear || dayKey(at, locale) === dayKey(listed, locale)) return feedTime(at, now, locale);
  return `${dayName(at, now, locale)} ${clockTime(at, locale)}`;
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function minutesAgo(minutes: number, language: string): string {
  let format = relatives.get(language);
  if (format === undefined) {
    format = new Intl.RelativeTimeFormat(language, { style: 'short' });
    relatives.set(language, format);
  }
  return format
    .format(-minutes, 'minute')
    .replace('mins ago', 'min ago')
    .replace('min. ago', 'min ago');
}

/** The day on the reader's calendar, as 2026-11-17. */
export function dayKey(at: Date, { timeZone }: Locale): string {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  // Swedish dates are the ISO's.
  return formatted(at, { language: 'sv-SE', ...(timeZone && { timeZone }) }, options);
}

/** Today, Yesterday, Sunday 15 November; with its year when that is another one. */
export function dayName(at: Date, now: Date, locale: Locale): string {
  const day = dayKey(at, locale);
  if (day === dayKey(now, locale)) return text.time.today;
  const today = Date.parse(dayKey(now, locale));
  if (Date.parse(day) === today - 24 * HOUR_MS) return text.time.yesterday;
  const sameYear = day.slice(0, 4) === dayKey(now, locale).slice(0, 4);
  return formatted(at, locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' as const }),
  });
}

/** 17 Nov 2026: for a filter. */
export function shortDay(at: Date, locale: Locale): string {
  return formatted(at, locale, { day: 'numeric', month: 'short', year: 'numeric' });
}
