// The calls counted: pictures, and the numbers behind them.

import { useStore, useAfter, useTitle } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import { useLines } from '../call-page/use-lines.ts';
import type { Line } from '../api/lines.ts';
import type { Stats } from '../api/stats.ts';
import {
  BusiestHours,
  ByDay,
  ByHour,
  ByLine,
  MenuFigure,
  Reasons,
  TimeToAnswer,
} from '../figures/all-figures.tsx';
import { Filters } from '../figures/filters.tsx';
import { callsOf } from '../figures/findings.ts';
import { KeyFigures } from '../figures/key-figures.tsx';
import { rangeFrom, rangeQuery } from '../figures/range.ts';
import { useStats } from '../figures/use-stats.ts';
import { dayFull } from '../figures/words.ts';
import { dayKey } from '../format/time.ts';
import { readersLocale } from '../format/locale.ts';
import { router } from '../router/router.ts';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';

export function FiguresPage() {
  const { onEnded } = useSession();
  useTitle(text.pageTitle(text.figures.title));
  useStore(router);
  const today = dayKey(new Date(), readersLocale());
  const range = rangeFrom(router.url.searchParams, today);
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const lines = useLines();
  const { state, again } = useStats(range, tz, onEnded);
  const zone = tz.split('/').at(-1)?.replaceAll('_', ' ') ?? tz;
  return (
    <>
      <div class="head figures-head">
        <h1>{text.figures.title}</h1>
        <Filters
          key={`${range.preset}`}
          {...{ range, today, lines }}
          onRange={(to) => router.go(`/figures${rangeQuery(to)}`)}
        />
      </div>
      <p class="lede">{text.figures.lede(dayFull(range.since), dayFull(range.until), zone)}</p>
      <div class="wrap figures" aria-busy={state.is === 'loading'}>
        {state.is === 'loading' && <Loading />}
        {state.is === 'failed' && (
          <Notice title={text.figures.failed} failure={state.failure} level="h2" onAgain={again} />
        )}
        {state.is === 'here' && (
          <Shown stats={state.stats} before={state.before} lines={lines} line={range.line} />
        )}
      </div>
    </>
  );
}

function Loading() {
  const isLate = useAfter(300);
  return (
    <p class="sub" role="status">
      {isLate && text.figures.loading}
    </p>
  );
}

interface ShownProps {
  stats: Stats;
  before: Stats | null;
  lines: Line[];
  line: string | null;
}

function Shown({ stats, before, lines, line }: ShownProps) {
  if (callsOf(stats.total) + stats.total.blocked === 0) {
    return (
      <div class="notice">
        <h2>{text.figures.empty.title}</h2>
        <p>{text.figures.empty.words}</p>
      </div>
    );
  }
  return (
    <>
      <KeyFigures {...{ stats, before, line }} />
      <div class="grid">
        <ByHour stats={stats} />
        <ByDay stats={stats} />
        <TimeToAnswer stats={stats} />
        <MenuFigure stats={stats} />
        <ByLine stats={stats} lines={lines} />
        <Reasons stats={stats} />
        <BusiestHours stats={stats} />
      </div>
    </>
  );
}
