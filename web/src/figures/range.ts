// Which calls the figures are of: days of the reader's calendar and a line, as the address
// says.  Pure.

export const PRESETS = [7, 30, 90] as const;
export type Preset = (typeof PRESETS)[number];

export interface Range {
  /** null for days of the reader's own choice. */
  preset: Preset | null;
  /** 2026-11-01, both days included. */
  since: string;
  until: string;
  line: string | null;
}

const DAY_MS = 24 * 3600_000;
/** As many as are given at a time. */
export const MOST_DAYS = 366;
const DEFAULT_PRESET = 30;

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysIn({ since, until }: Pick<Range, 'since' | 'until'>): number {
  return Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS) + 1;
}

function isDay(text: string | null): text is string {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export function lastDays(preset: Preset, today: string, line: string | null): Range {
  return { preset, since: addDays(today, 1 - preset), until: today, line };
}

/** Is this a range that can be asked for? */
export function isWhole(since: string, until: string): boolean {
  if (!isDay(since) || !isDay(until) || since > until) return false;
  return daysIn({ since, until }) <= MOST_DAYS;
}

/** Nonsense in the address is as if it was not there. */
export function rangeFrom(query: URLSearchParams, today: string): Range {
  const line = query.get('line') || null;
  const since = query.get('since');
  const until = query.get('until') ?? today;
  if (since !== null && isWhole(since, until)) return { preset: null, since, until, line };
  const preset = PRESETS.find((days) => String(days) === query.get('days'));
  return lastDays(preset ?? DEFAULT_PRESET, today, line);
}

/** What the address says of a range; what is so without being said is left out. */
export function rangeQuery({ preset, since, until, line }: Range): string {
  const query = new URLSearchParams();
  if (preset === null) {
    query.set('since', since);
    query.set('until', until);
  } else if (preset !== DEFAULT_PRESET) {
    query.set('days', String(preset));
  }
  if (line !== null) query.set('line', line);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** As many days, just before. */
export function before(range: Range): Range {
  const days = daysIn(range);
  return {
    ...range,
    preset: null,
    since: addDays(range.since, -days),
    until: addDays(range.since, -1),
  };
}
