import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arrivals } from '../src/alerts/arrivals.ts';
import * as boards from '../src/feed/board.ts';
import { reachOf } from '../src/live/reach.ts';
import { aCall, aDetail, aLiveCall, aMessage, AT } from './support.ts';

test('a live file brings up to date who knows any of its words', () => {
  const live = { change: 'e', since: ['d', 'c'] };
  assert.equal(reachOf('e', live), 'same');
  assert.equal(reachOf('c', live), 'follows');
  assert.equal(reachOf('b', live), 'gap');
});

const PROGRESS = { steps: [], legs: [] };
const shown = (board: boards.Board): string =>
  boards
    .boardCalls(board, AT)
    .map(({ call }) => call.sid)
    .join('');

test('the band has calls that last, newest first, and loses those that end', () => {
  const early = aLiveCall('a', { started_at: '2026-11-17T11:10:00.000Z' });
  const late = aLiveCall('b', { started_at: '2026-11-17T11:20:00.000Z' });
  let board = boards.withTold(boards.EMPTY_BOARD, [{ call: early }, { call: late }], AT);
  assert.equal(shown(board), 'ba');
  board = boards.withTold(board, [{ call: aCall('b', { updated_at: late.updated_at }) }], AT);
  assert.equal(shown(board), 'a');
  assert.equal(shown(boards.without(board, ['a'])), '');
});

test('what is told late does not bring an ended call back, nor its progress down', () => {
  const now = aLiveCall('a', { updated_at: '2026-11-17T11:22:00.000Z' });
  const before = { ...now, updated_at: '2026-11-17T11:21:00.000Z', menu_key: null };
  const board = boards.withTold(boards.EMPTY_BOARD, [{ call: now, progress: PROGRESS }], AT);
  const after = boards.withTold(board, [{ call: before }], AT);
  assert.equal(after.get('a')?.call.menu_key, '1');
});

test('progress is asked for when a call has moved on since it was told', () => {
  const call = aLiveCall('a');
  let board = boards.withTold(boards.EMPTY_BOARD, [{ call }], AT);
  assert.deepEqual(boards.progressWanted(board, AT), ['a']);
  board = boards.withTold(board, [{ call, progress: PROGRESS }], AT);
  assert.deepEqual(boards.progressWanted(board, AT), []);
  const moved = { ...call, updated_at: '2026-11-17T11:24:00.000Z' };
  board = boards.withTold(board, [{ call: moved }], AT);
  assert.deepEqual(boards.progressWanted(board, AT), ['a']);
  assert.equal(board.get('a')?.progress, PROGRESS, 'what is known is shown meanwhile');
});

test('a live call that the newest page no longer holds is asked for by itself', () => {
  const board = boards.withTold(boards.EMPTY_BOARD, [{ call: aLiveCall('a') }], AT);
  assert.deepEqual(boards.beyond(board, [aCall('b')], AT), ['a']);
  assert.deepEqual(boards.beyond(board, [aLiveCall('a')], AT), []);
});

test('of a detail the list keeps the call alone', () => {
  const call = aCall('a');
  assert.deepEqual(boards.plainCall(aDetail(call)), call);
});

test('a message is new once, and not when it is old or heard', () => {
  const arrivals = new Arrivals();
  const message = (sid: string, over = {}) =>
    aCall(sid, { outcome: 'voicemail', voicemail: aMessage(over) });
  arrivals.learn([message('a')]);
  const fresh = (...calls: ReturnType<typeof message>[]): string[] =>
    arrivals.fresh(calls, AT - 5 * 60_000).map(({ sid }) => sid);
  assert.deepEqual(fresh(message('a'), message('b')), ['b']);
  assert.deepEqual(fresh(message('b')), []);
  assert.deepEqual(fresh(message('c', { heard_at: '2026-11-17T11:20:00Z' })), []);
  const old = { ...message('d'), started_at: '2026-11-17T10:00:00.000Z' };
  assert.deepEqual(fresh(old), []);
  assert.deepEqual(fresh(aCall('e')), [], 'no message');
});
