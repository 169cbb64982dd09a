import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutcomeCounts, Stats } from '../src/api/stats.ts';
import {
  answerClasses,
  answeredShare,
  busiest,
  busiestSpot,
  callsOf,
  daysOf,
  hoursOf,
  level,
  partsOf,
  pressedNothing,
  sum,
} from '../src/figures/findings.ts';
import { addDays, before, daysIn, isWhole, rangeFrom, rangeQuery } from '../src/figures/range.ts';

const TODAY = '2026-11-22';
const from = (query: string) => rangeFrom(new URLSearchParams(query), TODAY);

test('the address says which days, and 30 when it says nothing', () => {
  assert.deepEqual(from(''), { preset: 30, since: '2026-10-24', until: TODAY, line: null });
  assert.deepEqual(from('days=7&line=%2B15550100001'), {
    preset: 7,
    since: '2026-11-16',
    until: TODAY,
    line: '+15550100001',
  });
  assert.deepEqual(from('since=2026-11-01&until=2026-11-03'), {
    preset: null,
    since: '2026-11-01',
    until: '2026-11-03',
    line: null,
  });
  for (const nonsense of [
    'days=8',
    'since=2026-02-30',
    'since=2026-11-03&until=2026-11-01',
    'since=2020-01-01',
    'since=yesterday',
    'line=',
  ]) {
    assert.deepEqual(from(nonsense), from(''), nonsense);
  }
});

test('a range survives the address', () => {
  for (const query of ['', '?days=7', '?days=90&line=%2B1', '?since=2026-01-01&until=2026-02-01']) {
    assert.equal(rangeQuery(from(query)), query);
  }
});

test('days are counted over the turn of clocks, months and years', () => {
  assert.equal(daysIn({ since: '2026-10-24', until: '2026-10-26' }), 3);
  assert.equal(addDays('2026-12-31', 1), '2027-01-01');
  assert.equal(isWhole('2024-01-01', '2024-12-31'), true);
  assert.equal(isWhole('2025-01-01', '2026-01-02'), false);
  const { since, until } = before(from('days=7'));
  assert.deepEqual([since, until], ['2026-11-09', '2026-11-15']);
});

const NONE = { answered: 0, voicemail: 0, missed: 0, abandoned: 0, blocked: 0, failed: 0 };
const counts = (over: Partial<OutcomeCounts>): OutcomeCounts => ({ ...NONE, ...over });

function aStats(over: Partial<Stats> = {}): Stats {
  return {
    since: '2026-10-24',
    until: TODAY,
    tz: 'Europe/Paris',
    total: NONE,
    by_day: [],
    by_hour: Array.from({ length: 24 }, () => NONE),
    by_weekday_hour: Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0)),
    by_line: [],
    by_reason: [],
    time_to_answer: { median_s: null, p90_s: null, classes: [] },
    talk_s: null,
    message_s: null,
    menu: { keys: [], hung_up: 0, came: 0 },
    ...over,
  };
}

test('who was turned away is not ours to answer', () => {
  const some = counts({ answered: 3, missed: 1, abandoned: 1, failed: 1, blocked: 50 });
  assert.deepEqual(partsOf(some), { answered: 3, voicemail: 0, lost: 3 });
  assert.equal(callsOf(some), 6);
  assert.equal(answeredShare(some), 0.5);
  assert.equal(answeredShare(counts({ blocked: 9 })), null);
});

test('hours are shown from the first with a call to the last', () => {
  const by_hour = Array.from({ length: 24 }, (_, hour) =>
    hour === 9 || hour === 12 ? counts({ answered: hour }) : NONE,
  );
  const hours = hoursOf(aStats({ by_hour }));
  assert.deepEqual(
    hours.map(({ at }) => at),
    [9, 10, 11, 12],
  );
  assert.equal(busiest(hours)?.at, 12);
  assert.deepEqual(hoursOf(aStats()), []);
  assert.equal(busiest([]), null);
});

test('many days become weeks, and no call is lost by it', () => {
  const by_day = Array.from({ length: 200 }, (_, i) => ({
    day: addDays('2026-01-01', i),
    counts: counts({ answered: i, blocked: 1 }),
  }));
  const { columns, isWeeks } = daysOf(aStats({ by_day }));
  assert.equal(isWeeks, true);
  assert.equal(columns.length, 29);
  assert.equal(columns[1]?.at, '2026-01-08');
  const all = sum(columns.map((column) => column.counts));
  assert.deepEqual(all, counts({ answered: (199 * 200) / 2, blocked: 200 }));
  assert.equal(daysOf(aStats({ by_day: by_day.slice(0, 90) })).isWeeks, false);
  assert.equal(by_day[0]?.counts.answered, 0, 'what came in is left as it is');
});

test('the busiest spot of the week, and how dark each is', () => {
  const by_weekday_hour = Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 24 }, (_, hour) => (day === 1 && hour === 10 ? 8 : 0)),
  );
  assert.deepEqual(busiestSpot(aStats({ by_weekday_hour })), { weekday: 1, hour: 10, calls: 8 });
  assert.equal(busiestSpot(aStats()), null);
  assert.deepEqual(
    [0, 1, 50, 99, 100].map((calls) => level(calls, 100)),
    [0, 1, 3, 5, 5],
  );
  assert.equal(level(0, 0), 0);
});

test('classes begin where the one before ends', () => {
  const classes = [
    { up_to_s: 5, calls: 1 },
    { up_to_s: 10, calls: 2 },
    { up_to_s: null, calls: 3 },
  ];
  const stats = aStats({ time_to_answer: { median_s: 7, p90_s: 12, classes } });
  assert.deepEqual(
    answerClasses(stats).map(({ from_s, up_to_s }) => [from_s, up_to_s]),
    [
      [0, 5],
      [5, 10],
      [10, null],
    ],
  );
});

test('who neither pressed a key nor hung up', () => {
  const keys = [
    { key: '1', calls: 6 },
    { key: '2', calls: 1 },
  ];
  assert.equal(pressedNothing(aStats({ menu: { came: 10, hung_up: 2, keys } })), 1);
  assert.equal(pressedNothing(aStats({ menu: { came: 1, hung_up: 2, keys } })), 0);
});
