// Filters as the API takes them.  Pure.

import type { Outcome } from '../api/types.ts';
import type { Filters } from './filters.ts';

/** The parameters of GET /api/calls that say which calls. */
export interface CallsQuery {
  outcome?: string;
  line?: string;
  since?: string;
  until?: string;
  has_voicemail?: boolean;
  heard?: boolean;
  to_do?: boolean;
  q?: string;
}

/** What a view and the filters come to; a view's own conditions win. */
export interface Conditions {
  outcomes: readonly Outcome[];
  voicemail: boolean | null;
  heard: boolean | null;
  isToDo: boolean;
}

export function conditionsOf({ view, outcomes, voicemail, heard }: Filters): Conditions {
  const own = { outcomes, voicemail, heard, isToDo: false };
  switch (view) {
    case 'all':
      return own;
    case 'todo':
      return { ...own, isToDo: true };
    case 'unheard':
      return { ...own, voicemail: true, heard: false };
    case 'missed':
      return { ...own, outcomes: ['missed'] };
    case 'voicemail':
      return { ...own, voicemail: true };
  }
}

export function queryOf(filters: Filters): CallsQuery {
  const { outcomes, voicemail, heard, isToDo } = conditionsOf(filters);
  const { line, since, until, q } = filters;
  return {
    ...(outcomes.length > 0 && { outcome: outcomes.join(',') }),
    ...(line !== null && { line }),
    ...(since !== null && { since: midnight(since, 0).toISOString() }),
    ...(until !== null && { until: midnight(until, 1).toISOString() }),
    ...(voicemail !== null && { has_voicemail: voicemail }),
    ...(heard !== null && { heard }),
    ...(isToDo && { to_do: true }),
    ...(q !== '' && { q }),
  };
}

/** The same as an address of the export. */
export function exportHref(filters: Filters): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(queryOf(filters))) params.set(name, String(value));
  const search = params.toString();
  return search === '' ? '/api/calls.csv' : `/api/calls.csv?${search}`;
}

/** The beginning of a day of the reader's, or of the day so many days later. */
export function midnight(day: string, later: number): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year ?? 1970, (month ?? 1) - 1, (date ?? 1) + later);
}
