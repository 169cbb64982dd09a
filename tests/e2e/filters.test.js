// GET /api/calls: what the feed page asks for, held against a plain reading of the rules.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomOf } from './support/orders.js';
import { Stack } from './support/stack.js';

const CALLS = 300;
const random = randomOf('filters');
const pick = (list) => list[Math.floor(random() * list.length)];

/** @type {Stack} */
let stack;
/** What was written, the newest first. */
let calls;

/** What makes an outcome: the columns that call_verdict() looks at. */
const ENDS = {
  answered: { bridged: 'true', place: 'done' },
  voicemail: { recording: `ROW('RE0123456789abcdef0123456789abcdef', 2, 5, true)`, place: 'recorded' },
  missed: { place: 'voicemail', why: 'no_answer' },
  abandoned: { place: 'menu' },
  blocked: { place: 'rejected', why: 'blocklist' },
};
const CALLERS = ['+15550002001', '+15550002002', '+442071838750', 'anonymous', '+266696687'];
const NAMES = { '+15550002001': 'Anna Example', '+442071838750': "Zoë O'Brien" };

function make(i) {
  const outcome = pick([...Object.keys(ENDS), 'missed', null]);
  const from = pick(CALLERS);
  return {
    sid: `CA${i.toString(16).padStart(32, '0')}`,
    at: new Date(Date.UTC(2026, 0, 1) + Math.floor(i / 2) * 3_600_000),
    line: pick(['+15550100001', '+15550100001', '+15550100002']),
    outcome,
    from,
    name: NAMES[from] ?? null,
    heard: outcome === 'voicemail' && random() < 0.5,
    done: random() < 0.3,
  };
}

const word = (text) => (text ? `ROW(2, 1, '${text}')::step_word` : 'NULL');
const quoted = (text) => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

function insertOf({ sid, at, line, outcome, from, name, heard, done }) {
  const { bridged = 'NULL', recording = 'NULL', place, why } = ENDS[outcome] ?? {};
  const when = `'${at.toISOString()}'`;
  return `('${line}', '${sid}', ${when}, ${when}, ${when}, ${outcome ? 125 : 17}, '${from}',
    ${quoted(name)}, ${bridged}, ${word(place)}, ${word(why)},
    ${recording}::recording_fact, ${heard ? when : 'NULL'}, ${done ? when : 'NULL'})`;
}

before(async () => {
  stack = await Stack.start({ NGINX_API_RATE: '1000000r/s' }, { jobs: false });
  calls = Array.from({ length: CALLS }, (_, i) => make(i)).reverse();
  await stack.sql(`INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at,
      status_rank, from_number, caller_name, bridged, place, why, recording, heard_at, done_at)
    VALUES ${calls.map(insertOf).join(',')}`);
});
after(() => stack.close());

const hasNumber = ({ from }) => from !== 'anonymous' && from !== '+266696687';
const isToDo = (call) =>
  ['missed', 'abandoned'].includes(call.outcome) &&
  !call.done &&
  !(
    hasNumber(call) &&
    calls.some((c) => c.outcome === 'answered' && c.from === call.from && c.at > call.at)
  );
const hasMessage = ({ outcome }) => outcome === 'voicemail';

/** Each parameter, and whether a call is asked for by it. */
const FILTERS = {
  'to_do=true': isToDo,
  'to_do=false': (call) => !isToDo(call),
  'outcome=missed,abandoned': ({ outcome }) => ['missed', 'abandoned'].includes(outcome),
  'outcome=voicemail': hasMessage,
  'outcome=failed': () => false,
  'line=%2B15550100002': ({ line }) => line === '+15550100002',
  'status=in-progress': ({ outcome }) => outcome === null,
  'status=completed': ({ outcome }) => outcome !== null,
  'has_voicemail=true': hasMessage,
  'has_voicemail=false': (call) => !hasMessage(call),
  'heard=false': ({ heard }) => !heard,
  'heard=true': ({ heard }) => heard,
  'since=2026-01-03': ({ at }) => at >= new Date('2026-01-03'),
  'until=2026-01-04T10:00:00Z': ({ at }) => at < new Date('2026-01-04T10:00:00Z'),
  'q=555%20000': ({ from }) => from.startsWith('+1555000'),
  'q=anna': ({ name }) => name === 'Anna Example',
  'q=zo%C3%AB': ({ name }) => name === "Zoë O'Brien",
  'q=%27': ({ name }) => name === "Zoë O'Brien",
};
const nameOf = (filter) => filter.split('=')[0];

/** All of it, page by page, each page alone by the cursor of the one before. */
async function walk(query, limit) {
  const seen = [];
  let path = `/api/calls?limit=${limit}&${query}`;
  while (path) {
    const page = await stack.api.get(path);
    seen.push(...page.calls.map(({ sid }) => sid));
    assert.ok(page.next === null || page.calls.length === limit, 'a page is full, or the last');
    path = page.next && `/api/calls?limit=${limit}&after=${page.next}`;
  }
  return seen;
}

const expected = (...filters) =>
  calls
    .filter((call) => filters.every((filter) => FILTERS[filter](call)))
    .map(({ sid }) => sid);

test('the verdicts are those that were meant', async () => {
  const rows = await stack.sql('SELECT sid, outcome FROM calls');
  const outcomes = new Map(rows.map(({ sid, outcome }) => [sid, outcome]));
  for (const { sid, outcome } of calls) assert.equal(outcomes.get(sid), outcome);
});

for (const filter of Object.keys(FILTERS)) {
  test(`alone: ${filter}`, async () => {
    assert.deepEqual(await walk(filter, 37), expected(filter));
  });
}

test('every two filters together', async () => {
  const names = Object.keys(FILTERS);
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1)) {
      if (nameOf(a) === nameOf(b)) continue;
      const limit = 1 + Math.floor(random() * 120);
      assert.deepEqual(await walk(`${a}&${b}`, limit), expected(a, b), `${a}&${b} by ${limit}`);
    }
  }
});

test('something is to be done, and something is not any more', () => {
  assert.ok(expected('to_do=true').length > 10);
  const later = calls.filter((c) => c.outcome === 'missed' && !c.done && !isToDo(c));
  assert.ok(later.length > 10);
});

test('a cursor carries what is to be done', async () => {
  const first = await stack.api.get('/api/calls?to_do=true&limit=3');
  const alone = await stack.api.get(`/api/calls?after=${first.next}&limit=3`);
  assert.deepEqual(
    alone.calls.map(({ sid }) => sid),
    expected('to_do=true').slice(3, 6),
  );
  await stack.api.refused(`/api/calls?after=${first.next}&to_do=false`, 'after');
});

for (const query of ['to_do=yes', 'to_do=1', 'to_do=true&to_do=true', 'todo=true']) {
  test(`refused: ${query}`, () => stack.api.refused(`/api/calls?${query}`, query.split('=')[0]));
}

test('who is answered is off the list at once, and what is noted changes nothing', async () => {
  const [sid] = expected('to_do=true').filter((each) =>
    hasNumber(calls.find((call) => call.sid === each)),
  );
  const { from } = calls.find((call) => call.sid === sid);
  await stack.sql(`UPDATE calls SET bridged = true, first_seen_at = now() WHERE sid =
    (SELECT sid FROM calls WHERE from_number = '${from}' AND outcome = 'blocked' LIMIT 1)`);
  assert.ok(!(await walk('to_do=true', 50)).includes(sid));
});
