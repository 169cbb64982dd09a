// Numbers, hours and days as the reader writes them.

import type { OutcomeCounts } from '../api/stats.ts';
import { readersLocale } from '../format/locale.ts';
import { text } from '../text.ts';
import { partsOf, weekdayDate } from './findings.ts';

export function number(n: number): string {
  return new Intl.NumberFormat(readersLocale().language).format(n);
}

/** 0.74 is 74 %. */
export function percent(share: number): string {
  return new Intl.NumberFormat(readersLocale().language, { style: 'percent' }).format(share);
}

function utc(at: Date, options: Intl.DateTimeFormatOptions): string {
  const { language } = readersLocale();
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(at);
}

/** 9, or 9 AM where the clock has twelve hours. */
export function hourName(hour: number): string {
  const { language } = readersLocale();
  const at = new Date(Date.UTC(2024, 0, 1, hour % 24));
  const isTwelve = new Intl.DateTimeFormat(language, { hour: 'numeric' }).resolvedOptions().hour12;
  return isTwelve ? utc(at, { hour: 'numeric' }) : String(hour);
}

const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** 17 */
export function dayNumber(day: string): string {
  return utc(noon(day), { day: 'numeric' });
}

/** 17 Nov */
export function dayShort(day: string): string {
  return utc(noon(day), { day: 'numeric', month: 'short' });
}

/** Tuesday 17 November */
export function dayLong(day: string): string {
  return utc(noon(day), { weekday: 'long', day: 'numeric', month: 'long' });
}

/** 17 November 2026 */
export function dayFull(day: string): string {
  return utc(noon(day), { day: 'numeric', month: 'long', year: 'numeric' });
}

export function weekdayName(weekday: number, width: 'long' | 'short'): string {
  return utc(weekdayDate(weekday), { weekday: width });
}

/** "50 answered, 5 voicemail, 7 missed, abandoned or failed" */
export function outcomeSentence(counts: OutcomeCounts): string {
  const { answered, voicemail, lost } = partsOf(counts);
  const words = text.figures.outcomes;
  const parts: [string, number][] = [
    [words.answered, answered],
    [words.voicemail, voicemail],
    [words.lost, lost],
  ];
  return parts.map(([word, n]) => `${word.toLowerCase()} ${number(n)}`).join(' · ');
}
