import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockDuration, shortDuration, spokenDuration } from '../src/format/duration.ts';
import { grouped } from '../src/format/phone.ts';
import { pluralOf } from '../src/format/plural.ts';
import { clockTime, dayKey, dayName, feedTime, fullTime, listTime } from '../src/format/time.ts';

const LONDON = { language: 'en-GB', timeZone: 'Europe/London' };
const BOSTON = { language: 'en-US', timeZone: 'America/New_York' };
/** Node's ICU puts a narrow no-break space before AM, which is no matter here. */
const plain = (words: string): string => words.replace(/\s/g, ' ');

test('durations in columns and in sentences', () => {
  const rows: [number, string, string][] = [
    [0, '0:00', '0 s'],
    [1, '0:01', '1 s'],
    [34, '0:34', '34 s'],
    [60, '1:00', '1 min'],
    [125, '2:05', '2 min 5 s'],
    [3725, '1:02:05', '1 h 2 min'],
    [7200, '2:00:00', '2 h'],
    [-3, '0:00', '0 s'],
  ];
  for (const [seconds, clock, short] of rows) {
    assert.equal(clockDuration(seconds), clock);
    assert.equal(shortDuration(seconds), short);
  }
});

test('the clock counts whole seconds that have passed', () => {
  assert.equal(clockDuration(59.99), '0:59');
});

test('numbers are grouped as their country writes them, the rest stays as it is', () => {
  assert.equal(grouped('+442079460312'), '+44 20 7946 0312');
  assert.equal(grouped('+33199004127'), '+33 1 99 00 41 27');
  assert.equal(grouped('+15550100001'), '+1 555 010 0001');
  assert.equal(grouped('+99912345678'), '+99912345678');
  assert.equal(grouped('sip:desk@example.com'), 'sip:desk@example.com');
  assert.equal(grouped('anonymous'), 'anonymous');
});

test('times within the hour are minutes ago, then the clock', () => {
  const now = new Date('2026-11-17T11:24:00Z');
  const ago = (at: string): string => feedTime(new Date(at), now, LONDON);
  assert.equal(ago('2026-11-17T11:23:30Z'), 'just now');
  assert.equal(ago('2026-11-17T11:12:00Z'), '12 min ago');
  assert.equal(ago('2026-11-17T10:24:01Z'), '59 min ago');
  assert.equal(ago('2026-11-17T10:24:00Z'), '10:24');
  assert.equal(ago('2026-11-17T11:24:05Z'), 'just now', 'a clock of the server that is ahead');
  const listed = (at: string, under: string): string =>
    listTime(new Date(at), new Date(under), now, LONDON);
  assert.equal(listed('2026-11-17T08:00:00Z', '2026-11-17T10:00:00Z'), '8:00');
  assert.equal(listed('2026-11-16T23:50:00Z', '2026-11-17T00:10:00Z'), 'Yesterday 23:50');
  assert.equal(listed('2026-11-16T23:59:59Z', '2026-11-17T00:00:00Z'), '23:59');
  assert.equal(plain(clockTime(new Date('2026-11-17T15:19:00Z'), BOSTON)), '10:19 AM');
});

test('the full time has seconds and the zone', () => {
  const words = fullTime(new Date('2026-11-17T11:12:09Z'), LONDON);
  for (const part of ['Tuesday', '17 November 2026', '11:12:09', 'GMT']) {
    assert.ok(words.includes(part), words);
  }
});

test('days are those of the reader', () => {
  const late = new Date('2026-11-17T03:30:00Z');
  assert.equal(dayKey(late, LONDON), '2026-11-17');
  assert.equal(dayKey(late, BOSTON), '2026-11-16');
});

test('days have names', () => {
  const now = new Date('2026-11-17T11:00:00Z');
  const name = (at: string): string => dayName(new Date(at), now, LONDON);
  assert.equal(name('2026-11-17T00:00:00Z'), 'Today');
  assert.equal(name('2026-11-16T23:59:59Z'), 'Yesterday');
  assert.equal(name('2026-11-15T12:00:00Z').replace(',', ''), 'Sunday 15 November');
  assert.equal(name('2025-11-15T12:00:00Z').replace(',', ''), 'Saturday 15 November 2025');
});

test('yesterday is right on the night when clocks change', () => {
  const now = new Date('2026-10-25T00:30:00Z');
  assert.equal(dayName(new Date('2026-10-24T12:00:00Z'), now, LONDON), 'Yesterday');
});

test('plurals, as each language has them', () => {
  const calls = { one: 'call', other: 'calls' };
  assert.equal(pluralOf('en')(1, calls), '1 call');
  assert.equal(pluralOf('en')(0, calls), '0 calls');
  assert.equal(pluralOf('en')(1234, calls), '1,234 calls');
  const appels = { one: 'appel', other: 'appels' };
  assert.equal(pluralOf('fr')(0, appels), '0 appel');
  assert.equal(pluralOf('fr')(1, appels), '1 appel');
  assert.equal(pluralOf('fr')(2, appels), '2 appels');
});

test('durations for those who listen', () => {
  assert.equal(spokenDuration(34), '34 seconds');
  assert.equal(spokenDuration(125), '2 minutes 5 seconds');
  assert.equal(spokenDuration(0), '0 seconds');
});
