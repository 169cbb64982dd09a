import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../src/api/types.ts';
import { filterWords } from '../src/feed/filter-words.ts';
import * as filters from '../src/feed/filters.ts';
import { matches } from '../src/feed/matches.ts';
import { exportHref, queryOf } from '../src/feed/query.ts';
import { aCall, aLiveCall, aMessage } from './support.ts';

const { NO_FILTERS } = filters;

const FULL: filters.Filters = {
  view: 'todo',
  outcomes: ['missed', 'failed'],
  line: '+15550100001',
  since: '2026-11-01',
  until: '2026-11-17',
  voicemail: true,
  heard: false,
  q: 'Finch & co',
};

test('an address holds all filters, and gives them back', () => {
  assert.equal(filters.searchOf(NO_FILTERS), '');
  assert.deepEqual(filters.filtersFrom(''), NO_FILTERS);
  assert.deepEqual(filters.filtersFrom(filters.searchOf(FULL)), FULL);
  for (const view of filters.VIEWS) {
    const one = { ...NO_FILTERS, view };
    assert.deepEqual(filters.filtersFrom(filters.searchOf(one)), one);
  }
});

test('what makes no sense in an address counts as not there', () => {
  const odd =
    '?view=none&outcome=lost,missed&since=2026-02-30&until=today&heard=1&voicemail=&q=%20';
  assert.deepEqual(filters.filtersFrom(odd), { ...NO_FILTERS, outcomes: ['missed'] });
  assert.equal(filters.filtersFrom(`?q=${'x'.repeat(99)}`).q.length, 64);
});

test('a view replaces what it says itself, and leaves the rest', () => {
  const view = filters.withView(FULL, 'missed');
  assert.deepEqual(view, { ...FULL, view: 'missed', outcomes: [], voicemail: null, heard: null });
});

test('the API is asked for what the view and the filters say', () => {
  assert.deepEqual(queryOf(NO_FILTERS), {});
  assert.deepEqual(queryOf({ ...NO_FILTERS, view: 'unheard' }), {
    has_voicemail: true,
    heard: false,
  });
  assert.deepEqual(queryOf({ ...NO_FILTERS, view: 'todo' }), { to_do: true });
  const query = queryOf(FULL);
  assert.equal(query.since, new Date(2026, 10, 1).toISOString());
  assert.equal(query.until, new Date(2026, 10, 18).toISOString(), 'the last day is included');
  assert.match(exportHref(FULL), /^\/api\/calls\.csv\?.*q=Finch\+%26\+co/);
  assert.equal(exportHref(NO_FILTERS), '/api/calls.csv');
});

const on = (over: Partial<filters.Filters>) => (call: Call) =>
  matches(call, { ...NO_FILTERS, ...over });

test('a call belongs where the server would put it', () => {
  const answered = aCall('a');
  const missed = aCall('a', { outcome: 'missed', reason: 'no_answer' });
  const message = aCall('a', { outcome: 'voicemail', voicemail: aMessage() });
  const heard = { ...message, voicemail: aMessage({ heard_at: '2026-11-17T11:20:00Z' }) };
  const live = aLiveCall('a');
  const all = [answered, missed, message, heard, live];
  const which = (is: (call: Call) => boolean): number[] =>
    all.flatMap((call, i) => (is(call) ? [i] : []));
  assert.deepEqual(which(on({})), [0, 1, 2, 3, 4]);
  assert.deepEqual(which(on({ view: 'todo' })), [1]);
  assert.deepEqual(which(on({ view: 'unheard' })), [2]);
  assert.deepEqual(which(on({ view: 'missed' })), [1]);
  assert.deepEqual(which(on({ view: 'voicemail' })), [2, 3]);
  assert.deepEqual(which(on({ outcomes: ['answered', 'voicemail'] })), [0, 2, 3]);
  assert.deepEqual(which(on({ heard: true })), [3]);
  assert.deepEqual(which(on({ heard: false })), [0, 1, 2, 4], 'also those without a message');
  assert.deepEqual(which(on({ voicemail: false })), [0, 1, 4]);
  assert.deepEqual(which(on({ line: '+1999' })), []);
});

test('days are the reader’s, both included', () => {
  const at = (day: number, hour: number): Call =>
    aCall('a', { started_at: new Date(2026, 10, day, hour).toISOString() });
  const within = on({ since: '2026-11-16', until: '2026-11-17' });
  assert.deepEqual([at(15, 23), at(16, 0), at(17, 23), at(18, 0)].map(within), [
    false,
    true,
    true,
    false,
  ]);
});

test('a day has what was first seen on it, as the server has it', () => {
  const call = aCall('a', {
    started_at: new Date(2026, 10, 16, 23, 50).toISOString(),
    first_seen_at: new Date(2026, 10, 17, 0, 10).toISOString(),
  });
  assert.equal(on({ since: '2026-11-17' })(call), true);
  assert.equal(on({ until: '2026-11-16' })(call), false);
});

test('a search finds parts of numbers, in any way of writing, and of names', () => {
  const call = aCall('a', { from: '+15550123456', caller_name: 'Aldous Finch' });
  for (const q of ['0123', '+1 555 012', '(555) 012-3456', 'finch', 'ALDOUS F']) {
    assert.equal(on({ q })(call), true, q);
  }
  for (const q of ['9999', 'finches', '555x']) assert.equal(on({ q })(call), false, q);
  assert.equal(on({ q: 'anon' })(aCall('a', { from: 'anonymous' })), true);
  assert.equal(on({ q: '1' })(aCall('a', { from: null })), false);
});

test('filters in words, each with the way out of it', () => {
  const lines = [{ line: '+15550100001', name: 'Main number' }];
  const words = filterWords(FULL, lines);
  assert.deepEqual(
    words.map((word) => word.words.replace(/.*2026 to .*2026/, 'days')),
    ['Missed', 'Failed', 'Main number', 'days', 'With a message', 'Not heard yet', '“Finch & co”'],
  );
  assert.deepEqual(words[0]?.without.outcomes, ['failed']);
  assert.equal(words[6]?.without.q, '');
  assert.equal(filters.countFilters(FULL), 5);
});
