import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../src/api/failure.ts';
import type { Call } from '../src/api/types.ts';
import { byDay } from '../src/feed/days.ts';
import { isInterrupted, linkAnswered, linkFailed, NEW_LINK } from '../src/feed/link.ts';
import { newsOf } from '../src/feed/news.ts';
import { appendOlder, mergeNewest } from '../src/feed/pages.ts';
import { delayAfter } from '../src/feed/poller.ts';
import * as feed from '../src/feed/state.ts';
import { aCall, aDetail, aLiveCall, aMessage, aPage, AT } from './support.ts';

const sids = (calls: readonly Call[]): string => calls.map(({ sid }) => sid).join('');

test('the newest page replaces its stretch, older calls stay', () => {
  const known = { calls: aPage('defghij').calls, next: 'k' };
  const merged = mergeNewest(known, aPage('bcde', 'f'));
  assert.equal(sids(merged.calls), 'bcdefghij');
  assert.equal(merged.next, 'k');
});

test('a newest page that reaches beyond what is known is all there is', () => {
  const merged = mergeNewest({ calls: aPage('cd').calls, next: null }, aPage('bcde', 'f'));
  assert.equal(sids(merged.calls), 'bcde');
  assert.equal(merged.next, 'f');
});

test('after a gap only the newest page hangs together', () => {
  const merged = mergeNewest({ calls: aPage('xyz').calls, next: 'w' }, aPage('abc', 'd'));
  assert.equal(sids(merged.calls), 'abc');
  assert.equal(merged.next, 'd');
});

test('the only page is the whole truth: what was erased goes', () => {
  const merged = mergeNewest({ calls: aPage('abc').calls, next: null }, aPage('ac'));
  assert.equal(sids(merged.calls), 'ac');
});

test('older calls are put behind, once', () => {
  const known = { calls: aPage('ab').calls, next: 'c' };
  const more = appendOlder(known, 'c', aPage('bcd', 'e'));
  assert.equal(sids(more.calls), 'abcd');
  assert.equal(more.next, 'e');
  assert.equal(appendOlder(more, 'c', aPage('cd', 'e')), more);
});

function refreshed(
  state: feed.FeedState,
  calls: Call[],
  { isEngaged = false, next = null }: { isEngaged?: boolean; next?: string | null } = {},
): feed.FeedState {
  return feed.feedReducer(state, {
    kind: 'refreshed',
    page: { calls, next },
    isEngaged,
    at: AT,
  });
}

const listed = (state: feed.FeedState): string => sids(feed.listedCalls(state, AT));
const live = (state: feed.FeedState): string => sids(feed.liveCalls(state, AT));

test('live calls stand in the band, and come into the list when they end', () => {
  let state = refreshed(feed.EMPTY_FEED, [aLiveCall('b'), aCall('a')]);
  assert.deepEqual([live(state), listed(state)], ['b', 'a']);
  state = refreshed(state, [aCall('b'), aCall('a')]);
  assert.deepEqual([live(state), listed(state)], ['', 'ba']);
});

test('while the list is used new rows wait, and rows that are there change in place', () => {
  let state = refreshed(feed.EMPTY_FEED, [aLiveCall('b'), aCall('a')]);
  const changed = aCall('a', { note: 'rang back' });
  state = refreshed(state, [aLiveCall('d'), aCall('c'), aCall('b'), changed], { isEngaged: true });
  assert.deepEqual([live(state), listed(state)], ['d', 'a']);
  assert.deepEqual([...state.waiting], ['c', 'b']);
  assert.equal(feed.listedCalls(state, AT)[0]?.note, 'rang back');
  state = refreshed(state, [aCall('d'), aCall('c'), aCall('b'), changed], { isEngaged: true });
  assert.equal(state.waiting.size, 3, 'those that waited still do');
  state = feed.feedReducer(state, { kind: 'released' });
  assert.equal(listed(state), 'dcba');
});

test('older calls never wait', () => {
  let state = refreshed(feed.EMPTY_FEED, [aCall('c'), aCall('b')], { next: 'a' });
  state = feed.feedReducer(state, { kind: 'older', after: 'a', page: aPage('a') });
  state = refreshed(state, [aCall('c'), aCall('b')], { isEngaged: true, next: 'a' });
  assert.equal(listed(state), 'cba');
});

test('after a gap nothing waits, for nothing of the list is left', () => {
  const state = refreshed(feed.EMPTY_FEED, [aCall('a')]);
  assert.equal(listed(refreshed(state, [aCall('y'), aCall('x')], { isEngaged: true })), 'yx');
});

test('the first calls of all may wait for nobody', () => {
  const empty = refreshed(feed.EMPTY_FEED, []);
  assert.equal(listed(refreshed(empty, [aCall('a')])), 'a');
});

test('details are asked for when a live call has moved on', () => {
  const call = aLiveCall('a');
  let state = refreshed(feed.EMPTY_FEED, [call, aCall('z')]);
  assert.deepEqual(feed.detailsWanted(state, AT), ['a']);
  state = feed.feedReducer(state, {
    kind: 'detail',
    sid: 'a',
    detail: aDetail(call),
    isEngaged: false,
    at: AT,
  });
  assert.deepEqual(feed.detailsWanted(state, AT), []);
  const moved = aLiveCall('a', { updated_at: '2026-11-17T11:24:00.000Z' });
  state = refreshed(state, [moved, aCall('z')]);
  assert.deepEqual(feed.detailsWanted(state, AT), ['a']);
  state = refreshed(state, [aCall('a'), aCall('z')]);
  assert.equal(state.details.size, 0, 'ended');
});

test('a detail that is older than the page changes nothing, one without a call removes it', () => {
  const call = aLiveCall('a', { updated_at: '2026-11-17T11:24:00.000Z' });
  const old = aDetail(aLiveCall('a', { note: 'old' }));
  let state = refreshed(feed.EMPTY_FEED, [call, aCall('z')]);
  const seen = { kind: 'detail', sid: 'a', isEngaged: false, at: AT } as const;
  state = feed.feedReducer(state, { ...seen, detail: old });
  assert.equal(state.calls[0]?.note, null);
  state = feed.feedReducer(state, { ...seen, detail: null });
  assert.equal(sids(state.calls), 'z');
});

test('a live call that the newest page no longer holds is asked for by itself', () => {
  const page = aPage('cb', 'a');
  let state = refreshed(feed.EMPTY_FEED, [aCall('b'), aLiveCall('a')]);
  state = feed.feedReducer(state, { kind: 'refreshed', page, isEngaged: false, at: AT });
  assert.deepEqual(feed.liveBeyond(state, page, AT), ['a']);
});

test('days: in order, and only whole ones are counted', () => {
  const on = (sid: string, day: string): Call =>
    aCall(sid, { started_at: `2026-11-${day}T12:00:00Z` });
  const calls = [on('a', '17'), on('b', '17'), on('c', '16')];
  const zone = { language: 'en-GB', timeZone: 'UTC' };
  const days = byDay(calls, true, zone);
  assert.deepEqual(
    days.map(({ key, calls: of, isWhole }) => [key, sids(of), isWhole]),
    [
      ['2026-11-17', 'ab', true],
      ['2026-11-16', 'c', false],
    ],
  );
  assert.equal(byDay(calls, false, zone).at(-1)?.isWhole, true);
});

test('news: one call by name, several by number, a message when it is left', () => {
  const before = refreshed(feed.EMPTY_FEED, [aLiveCall('b'), aCall('a')]);
  const news = (calls: Call[]): string | null => newsOf(before, refreshed(before, calls), AT);
  assert.equal(newsOf(feed.EMPTY_FEED, before, AT), null, 'the first page is no news');
  assert.equal(news([aLiveCall('b'), aCall('a')]), null);
  const ringing = aLiveCall('c', { caller_name: 'Ines' });
  assert.equal(
    news([ringing, aLiveCall('b'), aCall('a')]),
    'New call from Ines, ringing Reception',
  );
  assert.equal(news([aCall('d'), aCall('c'), aLiveCall('b'), aCall('a')]), '2 new calls');
  const message = aCall('b', { outcome: 'voicemail', voicemail: aMessage() });
  assert.equal(news([message, aCall('a')]), 'New message from +1 555 012 3456');
});

test('asking: every 3 s, seldom when hidden, ever more seldom when it fails', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 20].map((failures) => delayAfter(failures, false)),
    [3000, 3000, 6000, 12000, 24000, 30000, 30000],
  );
  assert.equal(delayAfter(0, true), 60000);
});

test('an interruption is told after 5 s, its end with what was missed', () => {
  const answered = linkAnswered(NEW_LINK, 0, AT);
  const failed = linkFailed(answered, new Failure(503, 'unavailable'));
  assert.equal(isInterrupted(failed, false, AT + 4000), false);
  assert.equal(isInterrupted(failed, false, AT + 6000), true);
  assert.equal(isInterrupted(answered, true, AT), true, 'offline is told at once');
  assert.equal(linkAnswered(failed, 0, AT + 3000).back, null);
  assert.equal(linkAnswered(failed, 3, AT + 9000).back?.calls, 3);
});
