// The week by hours: the darker, the more calls.

import type { Stats } from '../api/stats.ts';
import { text } from '../text.ts';
import { level } from './findings.ts';
import { hourName, weekdayName } from './words.ts';

const LEFT = 44;
const CELL = 24;
const GAP = 3;
const DAYS = [0, 1, 2, 3, 4, 5, 6];
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21];

export function Heat({ stats, finding }: { stats: Stats; finding: string }) {
  const week = stats.by_weekday_hour;
  const most = Math.max(0, ...week.flat());
  const x = (hour: number): number => LEFT + hour * (CELL + GAP);
  const y = (day: number): number => day * (CELL + GAP);
  return (
    <>
      <div
        class="scroll"
        role="region"
        tabIndex={0}
        aria-label={`${text.figures.heat.title}, ${text.figures.show.chart}`}
      >
        <svg class="heat" viewBox={`0 0 ${x(24)} ${y(7) + 18}`} role="img" aria-label={finding}>
          {DAYS.map((day) => (
            <text key={day} x="0" y={y(day) + 17}>
              {weekdayName(day, 'short')}
            </text>
          ))}
          {HOURS.map((hour) => (
            <text key={hour} x={x(hour) + CELL / 2} y={y(7) + 14} text-anchor="middle">
              {hourName(hour)}
            </text>
          ))}
          {week.map((hours, day) =>
            hours.map((calls, hour) => (
              <rect
                key={`${day} ${hour}`}
                class={`h-${level(calls, most)}`}
                x={x(hour)}
                y={y(day)}
                width={CELL}
                height={CELL}
                rx="4"
              >
                <title>
                  {text.figures.heat.at(weekdayName(day, 'long'), hourName(hour), calls)}
                </title>
              </rect>
            )),
          )}
        </svg>
      </div>
      <p class="heat-key sub" aria-hidden="true">
        {text.figures.heat.less}
        {[0, 1, 2, 3, 4, 5].map((at) => (
          <svg key={at} viewBox="0 0 12 12">
            <rect class={`h-${at}`} width="12" height="12" rx="3" />
          </svg>
        ))}
        {text.figures.heat.more}
      </p>
    </>
  );
}
