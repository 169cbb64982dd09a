// Which calls the feed shows, as its address says it: a filtered view can be shared.  Pure.

import type { Outcome } from '../api/types.ts';

export const VIEWS = ['all', 'todo', 'unheard', 'missed', 'voicemail'] as const;
export type View = (typeof VIEWS)[number];

export const OUTCOMES = [
  'answered',
  'voicemail',
  'missed',
  'abandoned',
  'blocked',
  'failed',
] as const satisfies readonly Outcome[];

export interface Filters {
  view: View;
  /** Any of them; none means all. */
  outcomes: readonly Outcome[];
  line: string | null;
  /** Days of the reader's calendar, as 2026-11-17; both included. */
  since: string | null;
  until: string | null;
  /** With a message, without one; null for both. */
  voicemail: boolean | null;
  heard: boolean | null;
  q: string;
}

export const NO_FILTERS: Filters = {
  view: 'all',
  outcomes: [],
  line: null,
  since: null,
  until: null,
  voicemail: null,
  heard: null,
  q: '',
};

const LONGEST_SEARCH = 64;

/** From an address; what makes no sense in it counts as not there. */
export function filtersFrom(search: string): Filters {
  const params = new URLSearchParams(search);
  const outcomes = (params.get('outcome') ?? '').split(',');
  return {
    view: VIEWS.find((view) => view === params.get('view')) ?? 'all',
    outcomes: OUTCOMES.filter((outcome) => outcomes.includes(outcome)),
    line: params.get('line') || null,
    since: dayIn(params.get('since')),
    until: dayIn(params.get('until')),
    voicemail: flagIn(params.get('voicemail')),
    heard: flagIn(params.get('heard')),
    q: (params.get('q') ?? '').trim().slice(0, LONGEST_SEARCH),
  };
}

/** The address's part from the question mark on; empty without filters. */
export function searchOf(filters: Filters): string {
  const params = new URLSearchParams();
  if (filters.view !== 'all') params.set('view', filters.view);
  if (filters.outcomes.length > 0) params.set('outcome', filters.outcomes.join(','));
  for (const name of ['line', 'since', 'until'] as const) {
    const value = filters[name];
    if (value !== null) params.set(name, value);
  }
  for (const name of ['voicemail', 'heard'] as const) {
    const value = filters[name];
    if (value !== null) params.set(name, String(value));
  }
  if (filters.q !== '') params.set('q', filters.q);
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}

/** The address of the feed with these filters. */
export function feedHref(filters: Filters): string {
  return `/${searchOf(filters)}`;
}

/** A view replaces what it says itself; line, days and search stay. */
export function withView(filters: Filters, view: View): Filters {
  return { ...filters, view, outcomes: [], voicemail: null, heard: null };
}

/** How many filters are set beside the view and the search. */
export function countFilters(filters: Filters): number {
  const { outcomes, line, since, until, voicemail, heard } = filters;
  const days = since !== null || until !== null;
  return [outcomes.length > 0, line !== null, days, voicemail !== null, heard !== null].filter(
    Boolean,
  ).length;
}

function dayIn(value: string | null): string | null {
  if (value === null || !/^\d{4}-\d\d-\d\d$/.test(value)) return null;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) ? value : null;
}

function flagIn(value: string | null): boolean | null {
  return value === 'true' ? true : value === 'false' ? false : null;
}
