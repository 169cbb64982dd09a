// Filters in words, each with the filters that are left without it.

import type { Line } from '../api/lines.ts';
import { readersLocale } from '../format/locale.ts';
import { grouped } from '../format/phone.ts';
import { shortDay } from '../format/time.ts';
import { text } from '../text.ts';
import type { Filters } from './filters.ts';
import { midnight } from './query.ts';

interface FilterWord {
  words: string;
  without: Filters;
}

export function filterWords(filters: Filters, lines: readonly Line[]): FilterWord[] {
  const { outcomes, line, since, until, voicemail, heard, q } = filters;
  const found: FilterWord[] = [];
  const add = (words: string, change: Partial<Filters>): void => {
    found.push({ words, without: { ...filters, ...change } });
  };
  for (const outcome of outcomes) {
    add(text.outcome[outcome], { outcomes: outcomes.filter((other) => other !== outcome) });
  }
  if (line !== null) add(lineName(line, lines), { line: null });
  if (since !== null || until !== null) {
    add(daysWords(since, until), { since: null, until: null });
  }
  if (voicemail !== null) {
    add(voicemail ? text.filters.with : text.filters.without, { voicemail: null });
  }
  if (heard !== null) add(heard ? text.filters.heard : text.filters.unheard, { heard: null });
  if (q !== '') add(text.filters.matching(q), { q: '' });
  return found;
}

export function lineName(line: string, lines: readonly Line[]): string {
  return lines.find((known) => known.line === line)?.name ?? grouped(line);
}

function daysWords(since: string | null, until: string | null): string {
  const day = (key: string): string => shortDay(midnight(key, 0), readersLocale());
  if (since !== null && since === until) return day(since);
  if (since !== null && until !== null) return text.filters.between(day(since), day(until));
  return since !== null ? text.filters.since(day(since)) : text.filters.until(day(until ?? ''));
}
