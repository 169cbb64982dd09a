// GET /api/stats, held against the same counted here, by another calendar's own clock.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomOf } from './support/orders.js';
import { Stack } from './support/stack.js';

const CALLS = 1500;
const OUTCOMES = ['answered', 'voicemail', 'missed', 'abandoned', 'blocked', 'failed'];
const DAY_MS = 86_400_000;
const random = randomOf('stats');
const pick = (list) => list[Math.floor(random() * list.length)];
const whole = (below) => Math.floor(random() * below);

/** @type {Stack} */
let stack;
let calls;

/** Around both days on which Paris changes its clocks, and each hour of the year else. */
function moment() {
  const begin = pick([Date.UTC(2026, 2, 28, 20), Date.UTC(2026, 9, 24, 20), Date.UTC(2026, 0, 1)]);
  const span = begin === Date.UTC(2026, 0, 1) ? 365 * DAY_MS : 32 * 3_600_000;
  return new Date(begin + whole(span));
}

const ENDS = {
  answered: { place: 'done', reason: 'bridged' },
  voicemail: { place: 'recorded', reason: 'message_left', why: 'chosen' },
  missed: { place: 'voicemail', why: 'no_answer', reason: 'no_answer' },
  abandoned: { place: 'menu', reason: 'hung_up_in_menu' },
  blocked: { place: 'rejected', why: 'blocklist', reason: 'blocklist' },
  failed: { place: 'done', reason: 'unknown' },
};

function make(i) {
  const outcome = pick([...OUTCOMES, null]);
  const end = ENDS[outcome] ?? {};
  const duration = whole(400);
  return {
    sid: `CA${i.toString(16).padStart(32, '0')}`,
    at: moment(),
    line: pick(['+15550100001', '+15550100002']),
    outcome,
    ...end,
    key: pick(['1', '2', '#', null]),
    duration,
    talk: outcome === 'answered' ? Math.min(duration, whole(300)) : null,
    message: outcome === 'voicemail' ? 2 + whole(100) : null,
  };
}

const word = (text) => (text ? `ROW(2, 1, '${text}')::step_word` : 'NULL');

function insertOf({ sid, at, line, outcome, place, why, key, duration, talk, message }) {
  const when = `'${at.toISOString()}'`;
  return `('${line}', '${sid}', ${when}, ${when}, ${when}, ${outcome ? 125 : 17}, ${word(place)},
    ${word(why)}, ${word(key)}, ${outcome === 'answered'}, ${duration}, ${talk ?? 'NULL'},
    ${message ? `ROW('RE', 2, 5, true)` : 'NULL'}::recording_fact,
    ${message ? `ROW('RE', 2, ${message})` : 'NULL'}::recording_length)`;
}

before(async () => {
  stack = await Stack.start({ NGINX_API_RATE: '1000000r/s' }, { jobs: false });
  calls = Array.from({ length: CALLS }, (_, i) => make(i));
  await stack.sql(`INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at,
      status_rank, place, why, menu_key, bridged, duration_callback_s, talk_s, recording, length)
    VALUES ${calls.map(insertOf).join(',')}`);
});
after(() => stack.close());

/** Day, weekday from Monday and hour there, as the browser's own library has it. */
function clockIn(tz) {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: tz,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
    const day = `${parts.year}-${parts.month}-${parts.day}`;
    return { day, hour: Number(parts.hour), weekday: (new Date(day).getUTCDay() + 6) % 7 };
  };
}

const daysOf = (since, until) =>
  Array.from({ length: (new Date(until) - new Date(since)) / DAY_MS + 1 }, (_, i) =>
    new Date(Date.parse(since) + i * DAY_MS).toISOString().slice(0, 10),
  );
const countsOf = (list) =>
  Object.fromEntries(OUTCOMES.map((o) => [o, list.filter((c) => c.outcome === o).length]));
const sorted = (values) => values.filter((v) => v !== null).sort((a, b) => a - b);
const percentile = (values, p) => values[Math.ceil(values.length * p) - 1] ?? null;
const byCalls = (a, b) => b.calls - a.calls;
const frequency = (list) => {
  const counts = new Map();
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
};

function model({ since, until, tz = 'UTC', line }) {
  const clock = clockIn(tz);
  const seen = calls
    .map((call) => ({ ...call, ...clock(call.at) }))
    .filter((c) => c.outcome && c.day >= since && c.day <= until && (!line || c.line === line));
  const of = (test) => seen.filter(test);
  const waits = sorted(of((c) => c.talk !== null).map((c) => c.duration - c.talk));
  const hungUp = of((c) => c.reason === 'hung_up_in_menu');
  const keys = frequency(of((c) => c.key && !hungUp.includes(c)).map(({ key }) => key));
  return {
    since,
    until,
    tz,
    total: countsOf(seen),
    by_day: daysOf(since, until).map((day) => ({
      day,
      counts: countsOf(of((c) => c.day === day)),
    })),
    by_hour: Array.from({ length: 24 }, (_, hour) => countsOf(of((c) => c.hour === hour))),
    by_weekday_hour: Array.from({ length: 7 }, (_, weekday) =>
      Array.from(
        { length: 24 },
        (__, hour) => of((c) => c.weekday === weekday && c.hour === hour).length,
      ),
    ),
    by_line: [...new Set(seen.map((c) => c.line))]
      .sort()
      .map((each) => ({ line: each, counts: countsOf(of((c) => c.line === each)) })),
    by_reason: frequency(seen.map((c) => `${c.outcome} ${c.reason}`)),
    median_s: percentile(waits, 0.5),
    p90_s: percentile(waits, 0.9),
    waits,
    talk_s: percentile(sorted(seen.map((c) => c.talk)), 0.5),
    message_s: percentile(sorted(seen.map((c) => c.message)), 0.5),
    menu: {
      hung_up: hungUp.length,
      keys,
      came: of((c) => hungUp.includes(c) || c.key || c.why === 'chosen').length,
    },
  };
}

function assertFigures(got, want) {
  const { by_reason: reasons, time_to_answer: answer, menu, ...plain } = got;
  const { by_reason: wantReasons, median_s, p90_s, waits, menu: wantMenu, ...wantPlain } = want;
  assert.deepEqual(plain, wantPlain);
  const told = new Map(reasons.map((r) => [`${r.outcome} ${r.reason}`, r.calls]));
  assert.deepEqual([...told].sort(), [...wantReasons].sort());
  assert.deepEqual(reasons, [...reasons].sort(byCalls), 'the most frequent first');
  assert.deepEqual([answer.median_s, answer.p90_s], [median_s, p90_s]);
  let over = -1;
  for (const { up_to_s: upTo, calls: n } of answer.classes) {
    const inside = waits.filter((s) => s > over && (upTo === null || s <= upTo));
    assert.equal(n, inside.length, `up to ${upTo} s`);
    over = upTo;
  }
  assert.equal(over, null, 'the last class has no end');
  assert.deepEqual(
    menu.keys.map(({ key, calls: n }) => [key, n]).sort(),
    [...wantMenu.keys].sort(),
  );
  assert.deepEqual(menu.keys, [...menu.keys].sort(byCalls));
  assert.deepEqual([menu.hung_up, menu.came], [wantMenu.hung_up, wantMenu.came]);
}

for (const query of [
  { since: '2026-01-01', until: '2026-12-31' },
  { since: '2026-01-01', until: '2026-12-31', tz: 'America/New_York' },
  { since: '2026-03-29', until: '2026-03-29', tz: 'Europe/Paris' }, // 23 hours
  { since: '2026-10-25', until: '2026-10-25', tz: 'Europe/Paris' }, // 25 hours
  { since: '2026-03-20', until: '2026-04-10', tz: 'Europe/Paris', line: '+15550100002' },
  { since: '2026-10-20', until: '2026-10-30', tz: 'Asia/Kathmandu' }, // 5:45 ahead
  { since: '2026-10-20', until: '2026-10-30', tz: 'Etc/GMT+12' },
  { since: '2020-01-01', until: '2020-01-02', tz: 'America/Port-au-Prince' }, // nothing
]) {
  test(`figures ${new URLSearchParams(query)}`, async () => {
    const got = await stack.api.get(`/api/stats?${new URLSearchParams(query)}`);
    assertFigures(got, model(query));
  });
}

test('the days on which the clocks change have calls in each of their hours', () => {
  const spring = model({ since: '2026-03-29', until: '2026-03-29', tz: 'Europe/Paris' });
  assert.equal(spring.by_weekday_hour[6][2], 0, 'there is no hour from 2 to 3');
  assert.ok(spring.by_weekday_hour[6][3] > 0);
});

test('without a range: 30 days, and today', async () => {
  const { since, until, tz } = await stack.api.get('/api/stats');
  assert.equal(tz, 'UTC');
  assert.equal(new Date(until) - new Date(since), 30 * DAY_MS);
  assert.ok(Math.abs(Date.now() - new Date(until)) < 2 * DAY_MS);
});

test('it may be kept for a minute, for who asked', async () => {
  const { headers } = await stack.api.request('/api/stats');
  assert.equal(headers['cache-control'], 'private, max-age=60');
  assert.equal(headers.vary, 'Cookie, Authorization');
});

for (const [query, parameter] of [
  ['tz=Nowhere/City', 'tz'],
  ['tz=Nowhere/City3', 'tz'],
  ['tz=PST', 'tz'],
  ['tz=FOO%2B3', 'tz'],
  ['tz=..%2Fetc%2Fpasswd', 'tz'],
  ["tz='--", 'tz'],
  ['tz=Europe/Paris%00', 'tz'],
  ['since=2026-02-30', 'since'],
  ['since=2026-02-01T00:00:00Z', 'since'],
  ['since=yesterday', 'since'],
  ['until=2026-13-01', 'until'],
  ['since=2026-02-02&until=2026-02-01', 'since'],
  ['since=2025-01-01&until=2026-01-03', 'since'],
  ['since=2026-01-01&since=2026-01-01', 'since'],
  [`line=${'9'.repeat(300)}`, 'line'],
  ['limit=3', 'limit'],
]) {
  test(`refused: ${query.slice(0, 50)}`, () =>
    stack.api.refused(`/api/stats?${query}`, parameter));
}
