// What the figures say.  Pure, and without words.

import type { OutcomeCounts, Stats } from '../api/stats.ts';
import { addDays } from './range.ts';

/** The parts of a column, from its foot. */
export interface Parts {
  answered: number;
  voicemail: number;
  /** Missed, abandoned or failed: the caller got nothing. */
  lost: number;
}

export function partsOf(counts: OutcomeCounts): Parts {
  const { answered, voicemail, missed, abandoned, failed } = counts;
  return { answered, voicemail, lost: missed + abandoned + failed };
}

/** Without those who were turned away: they are not ours to answer. */
export function callsOf(counts: OutcomeCounts): number {
  const { answered, voicemail, lost } = partsOf(counts);
  return answered + voicemail + lost;
}

/** 0 to 1; null when nobody called. */
export function answeredShare(counts: OutcomeCounts): number | null {
  const calls = callsOf(counts);
  return calls === 0 ? null : counts.answered / calls;
}

export interface Column {
  /** Hour of the day, or first day. */
  at: number | string;
  counts: OutcomeCounts;
}

/** The hours from the first with a call to the last. */
export function hoursOf({ by_hour }: Stats): Column[] {
  const busy = by_hour.flatMap((counts, hour) => (callsOf(counts) > 0 ? [hour] : []));
  const [first, last] = [busy[0], busy.at(-1)];
  if (first === undefined || last === undefined) return [];
  return by_hour.slice(first, last + 1).map((counts, i) => ({ at: first + i, counts }));
}

/** More columns than this are too thin to be told apart. */
const MOST_COLUMNS = 100;

/** Days, or weeks of seven days from the first one when there are many. */
export function daysOf({ by_day }: Stats): { columns: Column[]; isWeeks: boolean } {
  const isWeeks = by_day.length > MOST_COLUMNS;
  if (!isWeeks) return { columns: by_day.map(({ day, counts }) => ({ at: day, counts })), isWeeks };
  const columns: Column[] = [];
  by_day.forEach(({ day, counts }, i) => {
    const last = columns.at(-1);
    if (i % 7 === 0 || last === undefined) columns.push({ at: day, counts });
    else last.counts = sum([last.counts, counts]);
  });
  return { columns, isWeeks };
}

export function sum(all: readonly OutcomeCounts[]): OutcomeCounts {
  const add = (of: keyof OutcomeCounts): number => all.reduce((n, counts) => n + counts[of], 0);
  return {
    answered: add('answered'),
    voicemail: add('voicemail'),
    missed: add('missed'),
    abandoned: add('abandoned'),
    blocked: add('blocked'),
    failed: add('failed'),
  };
}

/** The column with the most calls, the first of several; null when none has any. */
export function busiest(columns: readonly Column[]): (Column & { calls: number }) | null {
  let best: (Column & { calls: number }) | null = null;
  for (const column of columns) {
    const calls = callsOf(column.counts);
    if (calls > (best?.calls ?? 0)) best = { ...column, calls };
  }
  return best;
}

export interface Spot {
  /** 0 is Monday. */
  weekday: number;
  hour: number;
  calls: number;
}

export function busiestSpot({ by_weekday_hour }: Stats): Spot | null {
  let best: Spot | null = null;
  by_weekday_hour.forEach((hours, weekday) =>
    hours.forEach((calls, hour) => {
      if (calls > (best?.calls ?? 0)) best = { weekday, hour, calls };
    }),
  );
  return best;
}

/** How dark a spot is, 0 to 5: any call at all is more than none. */
export function level(calls: number, most: number): number {
  return calls === 0 || most === 0 ? 0 : Math.max(1, Math.ceil((calls / most) * 5));
}

export interface AnswerClass {
  from_s: number;
  /** null for the last one. */
  up_to_s: number | null;
  calls: number;
}

export function answerClasses({ time_to_answer }: Stats): AnswerClass[] {
  let from_s = 0;
  return time_to_answer.classes.map(({ up_to_s, calls }) => {
    const one = { from_s, up_to_s, calls };
    from_s = up_to_s ?? from_s;
    return one;
  });
}

/** Neither a key nor hung up: it went on by itself. */
export function pressedNothing({ menu }: Stats): number {
  const pressed = menu.keys.reduce((n, { calls }) => n + calls, 0);
  return Math.max(0, menu.came - menu.hung_up - pressed);
}

/** A Monday, to have the names of weekdays made from. */
export function weekdayDate(weekday: number): Date {
  return new Date(`${addDays('2024-01-01', weekday)}T12:00:00Z`);
}
