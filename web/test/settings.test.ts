import assert from 'node:assert/strict';
import { test } from 'node:test';
import { e164Of } from '../src/settings/number-entry.ts';
import { faultOf } from '../src/settings/password-fault.ts';

test('numbers as people write them', () => {
  const rows: [string, string | null][] = [
    ['+44 20 7946 0312', '+442079460312'],
    [' +1 (508) 555-0142 ', '+15085550142'],
    ['0033 1 99 00 41 27', '+33199004127'],
    ['+33 (0)1 99 00 41 27', '+33199004127'],
    ['020 7946 0312', null],
    ['+44 20', null],
    ['+44207946031200000', null],
    ['anonymous', null],
    ['', null],
  ];
  for (const [entered, number] of rows) assert.equal(e164Of(entered), number, entered);
});

test('a change of password is asked for only when it can be granted', () => {
  const good = { current: 'old', next: 'a few good words', again: 'a few good words' };
  assert.equal(faultOf(good, true), null);
  assert.equal(faultOf({ ...good, current: '' }, false), null);
  assert.equal(faultOf({ ...good, current: '' }, true)?.fault, 'needCurrent');
  assert.equal(faultOf({ ...good, next: 'short', again: 'short' }, true)?.fault, 'short');
  assert.deepEqual(faultOf({ ...good, again: 'another' }, true), {
    field: 'again',
    fault: 'differ',
  });
  const long = 'é'.repeat(201);
  assert.equal(faultOf({ ...good, next: long, again: long }, true)?.fault, 'long');
  const ten = '😀'.repeat(10);
  assert.equal(faultOf({ ...good, next: ten, again: ten }, true), null, 'characters, not bytes');
});
