// Each figure of the page: what it finds, what is drawn, and its table.

import type { Line } from '../api/lines.ts';
import type { OutcomeCounts, Stats } from '../api/stats.ts';
import { lineName } from '../call-page/use-lines.ts';
import { text } from '../text.ts';
import { Bars, OutcomeBars, type Bar } from './bars.tsx';
import { Columns } from './columns.tsx';
import { Figure, type TableRow } from './figure.tsx';
import {
  answerClasses,
  answeredShare,
  busiest,
  busiestSpot,
  callsOf,
  daysOf,
  hoursOf,
  pressedNothing,
  sum,
  type Column,
} from './findings.ts';
import { Heat } from './heat.tsx';
import { dayLong, dayNumber, dayShort, hourName, number, percent, weekdayName } from './words.ts';

/** The columns of a table of outcomes, and its cells. */
function outcomeHeads(first: string): string[] {
  const { outcomes, columns } = text.figures;
  const { answered, voicemail, missed, abandoned, failed, blocked } = outcomes;
  return [first, answered, voicemail, missed, abandoned, failed, blocked, columns.calls];
}

function outcomeRow(head: string, counts: OutcomeCounts): TableRow {
  const { answered, voicemail, missed, abandoned, failed, blocked } = counts;
  const cells = [answered, voicemail, missed, abandoned, failed, blocked];
  return { head, cells: [...cells, callsOf(counts) + blocked].map(number) };
}

const hourOf = ({ at }: Column): string => hourName(Number(at));
const hourSpan = ({ at }: Column): string =>
  text.figures.hour.at(hourName(Number(at)), hourName(Number(at) + 1));

export function ByHour({ stats }: { stats: Stats }) {
  const words = text.figures.hour;
  const hours = hoursOf(stats);
  const best = busiest(hours);
  if (best === null) return null;
  const hour = Number(best.at);
  const finding = words.finding(hourName(hour), hourName(hour + 1), best.calls);
  return (
    <Figure
      title={words.title}
      about={finding}
      columns={outcomeHeads(text.figures.columns.hour)}
      rows={hours.map((column) => outcomeRow(hourSpan(column), column.counts))}
      isWide
    >
      <Columns columns={hours} label={hourOf} name={hourSpan} {...{ finding, number }} />
    </Figure>
  );
}

const dayOf = ({ at }: Column): string => dayNumber(String(at));
const dayAndMonth = ({ at }: Column): string => dayShort(String(at));
const dayWhole = ({ at }: Column): string => dayLong(String(at));
const FEW_DAYS = 21;

export function ByDay({ stats }: { stats: Stats }) {
  const words = text.figures.day;
  const { columns, isWeeks } = daysOf(stats);
  const best = busiest(columns);
  if (best === null) return null;
  const finding = (isWeeks ? words.findingWeeks : words.finding)(dayWhole(best), best.calls);
  return (
    <Figure
      title={isWeeks ? words.titleWeeks : words.title}
      about={finding}
      columns={outcomeHeads(isWeeks ? text.figures.columns.week : text.figures.columns.day)}
      rows={columns.map((column) => outcomeRow(dayAndMonth(column), column.counts))}
      isWide
    >
      <Columns
        columns={columns}
        label={columns.length <= FEW_DAYS ? dayOf : dayAndMonth}
        name={dayWhole}
        {...{ finding, number }}
      />
    </Figure>
  );
}

export function TimeToAnswer({ stats }: { stats: Stats }) {
  const words = text.figures.answer;
  const classes = answerClasses(stats);
  const all = classes.reduce((n, { calls }) => n + calls, 0);
  const name = ({ from_s, up_to_s }: (typeof classes)[number]): string => {
    if (up_to_s === null) return words.over(from_s);
    return from_s === 0 ? words.under(up_to_s) : words.between(from_s, up_to_s);
  };
  const bars = classes.map((one): Bar => {
    return { name: name(one), value: one.calls, says: number(one.calls), colour: 'acc' };
  });
  const best = [...bars].sort((a, b) => b.value - a.value)[0];
  return (
    <Figure
      title={words.title}
      about={all === 0 ? words.none : words.about(all)}
      columns={[words.column, text.figures.columns.calls, text.figures.columns.share]}
      rows={bars.map((bar) => {
        return { head: bar.name, cells: [bar.says, percent(bar.value / Math.max(1, all))] };
      })}
    >
      {all === 0 || best === undefined ? null : (
        <Bars bars={bars} finding={words.finding(best.name, best.value)} />
      )}
    </Figure>
  );
}

export function MenuFigure({ stats }: { stats: Stats }) {
  const words = text.figures.menu;
  const { came, hung_up, keys } = stats.menu;
  const says = (n: number): string => `${number(n)}, ${percent(n / Math.max(1, came))}`;
  const bar = (name: string, value: number, colour: Bar['colour']): Bar => {
    return { name, value, says: says(value), colour };
  };
  const bars: Bar[] = [
    { name: words.came, value: came, says: number(came), colour: 'grey' },
    ...keys.map(({ key, calls }) => bar(words.key(key), calls, 'acc')),
    bar(words.nothing, pressedNothing(stats), 'grey'),
    bar(words.hungUp, hung_up, 'miss'),
  ];
  return (
    <Figure
      title={words.title}
      about={came === 0 ? words.none : words.about}
      columns={[words.column, text.figures.columns.calls, text.figures.columns.share]}
      rows={bars.map(({ name, value }) => {
        return { head: name, cells: [number(value), percent(value / Math.max(1, came))] };
      })}
    >
      {came === 0 ? null : <Bars bars={bars} finding={words.finding(came, hung_up)} />}
    </Figure>
  );
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function BusiestHours({ stats }: { stats: Stats }) {
  const words = text.figures.heat;
  const best = busiestSpot(stats);
  if (best === null) return null;
  const { weekday, hour, calls } = best;
  const finding = words.finding(
    weekdayName(weekday, 'long'),
    hourName(hour),
    hourName(hour + 1),
    calls,
  );
  return (
    <Figure
      title={words.title}
      about={finding}
      columns={[words.weekday, ...HOURS.map(hourName)]}
      rows={stats.by_weekday_hour.map((hours, day) => {
        return { head: weekdayName(day, 'long'), cells: hours.map(number) };
      })}
      isWide
    >
      <Heat stats={stats} finding={finding} />
    </Figure>
  );
}

export function ByLine({ stats, lines }: { stats: Stats; lines: readonly Line[] }) {
  const words = text.figures.lines;
  if (stats.by_line.length === 0) return null;
  const share = (counts: OutcomeCounts): number => answeredShare(counts) ?? 0;
  const bars = stats.by_line.map(({ line, counts }) => {
    const says = `${number(callsOf(counts))}, ${percent(share(counts))}`;
    return { name: lineName(line, lines), counts, says };
  });
  const best = [...bars].sort((a, b) => share(b.counts) - share(a.counts))[0];
  const finding = best === undefined ? '' : words.finding(best.name, percent(share(best.counts)));
  const all = sum(stats.by_line.map(({ counts }) => counts));
  const rows = bars.map(({ name, counts }) => outcomeRow(name, counts));
  return (
    <Figure
      title={words.title}
      about={words.about}
      columns={outcomeHeads(words.column)}
      rows={rows.length > 1 ? [...rows, outcomeRow(words.all, all)] : rows}
    >
      <OutcomeBars bars={bars} finding={finding} />
    </Figure>
  );
}

/** Of who was answered or left a message there is nothing to explain. */
const THROUGH = ['answered', 'voicemail', 'blocked'];

export function Reasons({ stats }: { stats: Stats }) {
  const words = text.figures.reasons;
  const lost = stats.by_reason.filter(({ outcome }) => !THROUGH.includes(outcome));
  const bars = lost.map(({ reason, calls }): Bar => {
    const name = words.words[reason] ?? reason;
    return { name, value: calls, says: number(calls), colour: 'miss' };
  });
  const [best] = bars;
  return (
    <Figure
      title={words.title}
      about={best === undefined ? words.none : words.finding(best.name, best.value)}
      columns={[words.column, text.figures.columns.calls]}
      rows={bars.map(({ name, says }) => ({ head: name, cells: [says] }))}
    >
      {best === undefined ? null : (
        <Bars bars={bars} finding={words.finding(best.name, best.value)} />
      )}
    </Figure>
  );
}
