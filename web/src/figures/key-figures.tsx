// The four numbers on top, and how they were before.

import type { ComponentChildren } from 'preact';
import type { Stats } from '../api/stats.ts';
import { shortDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { answeredShare, callsOf } from './findings.ts';
import { daysIn } from './range.ts';
import { number, percent } from './words.ts';

interface Props {
  stats: Stats;
  /** Of as many days just before; null while that is not known, or cannot be. */
  before: Stats | null;
  line: string | null;
}

export function KeyFigures({ stats, before, line }: Props) {
  const words = text.figures.key;
  const { median_s: median, p90_s: p90 } = stats.time_to_answer;
  const share = answeredShare(stats.total);
  const { missed, abandoned } = stats.total;
  const { since, until } = stats;
  const query = new URLSearchParams({ outcome: 'missed,abandoned', since, until });
  if (line !== null) query.set('line', line);
  return (
    <dl class="kpis">
      <Key name={words.calls} value={number(callsOf(stats.total))}>
        {before !== null && calls(stats, before)}
      </Key>
      <Key name={words.answered} value={share === null ? words.none : percent(share)}>
        {before !== null && points(stats, before)}
      </Key>
      <Key name={words.toAnswer} value={median === null ? words.none : shortDuration(median)}>
        {p90 !== null && words.p90(shortDuration(p90))}
      </Key>
      <Key name={words.lost} value={number(missed + abandoned)}>
        {missed + abandoned > 0 && <a href={`/?${query}`}>{words.see}</a>}
      </Key>
    </dl>
  );
}

interface KeyProps {
  name: string;
  value: string;
  children: ComponentChildren;
}

function Key({ name, value, children }: KeyProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        <small>{children}</small>
      </dd>
    </div>
  );
}

function calls(stats: Stats, before: Stats): string {
  const words = text.figures.key;
  const days = daysIn(stats);
  const more = callsOf(stats.total) - callsOf(before.total);
  if (more === 0) return words.same(days);
  return (more > 0 ? words.more : words.fewer)(number(Math.abs(more)), days);
}

function points(stats: Stats, before: Stats): string | null {
  const [now, then] = [answeredShare(stats.total), answeredShare(before.total)];
  if (now === null || then === null) return null;
  const words = text.figures.key;
  const more = Math.round((now - then) * 100);
  if (more === 0) return words.pointsSame;
  return (more > 0 ? words.pointsMore : words.pointsFewer)(number(Math.abs(more)));
}
