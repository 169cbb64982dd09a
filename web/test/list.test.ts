import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../src/feed/csv.ts';
import { byDay, type Day } from '../src/feed/days.ts';
import { commandOf } from '../src/feed/keys.ts';
import { placeOf, topOf, windowOf, type OpenRow } from '../src/feed/layout.ts';
import * as selections from '../src/feed/selection.ts';
import { pageKey, routeOf } from '../src/router/route.ts';
import { secretOf } from '../src/session/link.ts';
import { aCall } from './support.ts';

const METRICS = { row: 60, head: 40 };

function days(...sizes: number[]): Day[] {
  return sizes.map((size, i) => ({
    key: `day ${i}`,
    calls: Array.from({ length: size }, (_, row) => aCall(`${i}/${row}`)),
    isWhole: true,
  }));
}

const heightOf = (of: Day[], extra: number): number =>
  of.reduce((sum, { calls }) => sum + METRICS.head + calls.length * METRICS.row, extra);

test('whatever is drawn, the list is as high as if all of it were', () => {
  const all = days(3, 200, 1, 50);
  for (const open of [null, { day: 1, row: 100, extra: 240 }] as (OpenRow | null)[]) {
    for (let top = -900; top < 17_000; top += 370) {
      const window = windowOf(all, METRICS, open, [top, top + 1500]);
      const drawn = window.slices.map(({ day, from, to, before, after }) => {
        const isOpen = open !== null && all[open.day] === day;
        const inside = isOpen && open.row >= from && open.row < to ? open.extra : 0;
        return METRICS.head + before + (to - from) * METRICS.row + inside + after;
      });
      const sum = drawn.reduce((a, b) => a + b, window.before + window.after);
      assert.equal(sum, heightOf(all, open?.extra ?? 0), `at ${top}`);
    }
  }
});

test('rows in view are drawn, and few others', () => {
  const all = days(10_000, 90_000);
  const [top, bottom] = [3_000_000, 3_001_000];
  const { slices } = windowOf(all, METRICS, null, [top, bottom]);
  const rows = slices.reduce((sum, { from, to }) => sum + to - from, 0);
  assert.ok(rows >= 17 && rows <= 19, `${rows} rows`);
  const first = { day: 1, row: slices[0]?.from ?? -1 };
  const y = topOf(all, METRICS, null, first);
  assert.ok(y <= top && y > top - 2 * METRICS.row, `${y}`);
});

test('the open row is drawn wherever the view is', () => {
  const all = days(1000);
  const open = { day: 0, row: 3, extra: 200 };
  const { slices } = windowOf(all, METRICS, open, [30_000, 31_000]);
  assert.equal(slices[0]?.from, 3);
});

test('a row is found and its place known', () => {
  const all = days(2, 5);
  assert.deepEqual(placeOf(all, '1/3'), { day: 1, row: 3 });
  assert.equal(placeOf(all, 'x'), null);
  assert.equal(topOf(all, METRICS, null, { day: 1, row: 3 }), 40 + 120 + 40 + 180);
  const open = { day: 1, row: 0, extra: 100 };
  assert.equal(topOf(all, METRICS, open, { day: 1, row: 3 }), 40 + 120 + 40 + 180 + 100);
  assert.equal(topOf(all, METRICS, open, { day: 1, row: 0 }), 200);
});

test('100,000 calls are sorted into days in no time', () => {
  const start = Date.parse('2026-11-17T11:00:00Z');
  const calls = Array.from({ length: 100_000 }, (_, i) =>
    aCall(String(i), { started_at: new Date(start - i * 300_000).toISOString() }),
  );
  const zone = { language: 'en-GB', timeZone: 'UTC' };
  byDay(calls, true, zone);
  const began = performance.now();
  assert.equal(byDay(calls, true, zone).length, 348);
  assert.ok(performance.now() - began < 200);
});

test('selecting: one, another, from there to here, and rows that are gone', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];
  let selection = selections.toggled(selections.NONE_SELECTED, 'b');
  selection = selections.selectedTo(selection, 'd', order);
  assert.deepEqual([...selection.sids], ['b', 'c', 'd']);
  selection = selections.toggled(selection, 'c');
  assert.deepEqual([...selection.sids], ['b', 'd']);
  assert.deepEqual([...selections.selectedTo(selection, 'a', order).sids].sort(), [
    'a',
    'b',
    'c',
    'd',
  ]);
  assert.equal(selections.stillListed(selection, new Set(order)), selection);
  assert.deepEqual([...selections.stillListed(selection, new Set(['d'])).sids], ['d']);
  assert.deepEqual([...selections.selectedTo(selections.NONE_SELECTED, 'c', order).sids], ['c']);
});

test('keys: letters only where the reader has them act', () => {
  assert.equal(commandOf('j', true, false), 'next');
  assert.equal(commandOf('j', false, false), null);
  assert.equal(commandOf('ArrowDown', false, false), 'next');
  assert.equal(commandOf(' ', false, false), 'play');
  assert.equal(commandOf('X', true, false), 'select to');
  assert.equal(commandOf('c', true, false), null);
  assert.equal(commandOf('c', true, true), 'go calls');
  assert.equal(commandOf('f', false, true), null);
  assert.equal(commandOf('toString', true, true), null);
});

test('CSV: what a spreadsheet would execute is made harmless', () => {
  const call = aCall('a', {
    from: '+15550123456',
    caller_name: '=HYPERLINK("x")',
    note: 'two\nlines, "quoted"',
  });
  const [head, ...rest] = csvOf([call]).split('\r\n');
  assert.match(head ?? '', /^sid,started_at,line,from,caller_name,/);
  const row = rest.join('\r\n');
  assert.ok(row.includes(`'+15550123456,"'=HYPERLINK(""x"")"`), row);
  assert.ok(row.includes('"two\nlines, ""quoted"""'), row);
  assert.equal((head ?? '').split(',').length, 20);
});

test('addresses: exactly ours', () => {
  const sid = `CA${'0'.repeat(32)}`;
  assert.deepEqual(routeOf('/'), { page: 'feed' });
  assert.deepEqual(routeOf(`/calls/${sid}`), { page: 'call', sid });
  for (const page of ['figures', 'settings', 'blocks', 'users', 'signin']) {
    assert.deepEqual(routeOf(`/${page}`), { page });
  }
  for (const other of ['/calls', '/calls/x', '/docs/', '/figures/', '/api/calls', '//']) {
    assert.equal(routeOf(other), null, other);
  }
  assert.notEqual(pageKey(routeOf('/')), pageKey(routeOf('/figures')));
});

test('the secret of a link', () => {
  assert.equal(secretOf('#link=abc_DEF-1'), 'abc_DEF-1');
  for (const other of ['', '#', '#link=', '#main', '#link=a b', '#x=link=a']) {
    assert.equal(secretOf(other), null, other);
  }
});
