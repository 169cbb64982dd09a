// Times as a call's page writes them: to the second.

import type { Locale } from '../format/locale.ts';

function write(at: Date, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const { language, timeZone } = locale;
  return new Intl.DateTimeFormat(language, {
    ...options,
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at);
}

/** 11:12:04. */
export function exactClock(at: Date, locale: Locale): string {
  return write(at, locale, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

/** 17 Nov 2026, 11:12:04 GMT. */
export function exactTime(at: Date, locale: Locale): string {
  return write(at, locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** 17 Nov, 11:12. */
export function shortTime(at: Date, locale: Locale): string {
  return write(at, locale, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
}

/** 17 November 2026; of a day without a time. */
export function dayOnly(day: string, locale: Locale): string {
  return write(
    new Date(`${day.slice(0, 10)}T12:00:00Z`),
    { ...locale, timeZone: 'UTC' },
    {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    },
  );
}
