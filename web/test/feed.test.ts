import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../src/api/failure.ts';
import type { Call } from '../src/api/types.ts';
import { byDay } from '../src/feed/days.ts';
import { NO_FILTERS, type Filters } from '../src/feed/filters.ts';
import { isInterrupted, linkAnswered, linkFailed, NEW_LINK } from '../src/feed/link.ts';
import { changedBy, marked } from '../src/feed/marking.ts';
import { newsOf } from '../src/feed/news.ts';
import { appendOlder, mergeNewest } from '../src/feed/pages.ts';
import { delayAfter, FOLLOWING, POLLING } from '../src/feed/poller.ts';
import * as feed from '../src/feed/state.ts';
import { aCall, aLiveCall, aMessage, aPage, AT } from './support.ts';

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

type Options = { isEngaged?: boolean; next?: string | null; filters?: Filters };

function refreshed(
  state: feed.FeedState,
  calls: Call[],
  { isEngaged = false, next = null, filters = NO_FILTERS }: Options = {},
): feed.FeedState {
  const page = { calls, next };
  return feed.feedReducer(state, { kind: 'refreshed', page, isEngaged, at: AT }, filters);
}

function changed(
  state: feed.FeedState,
  calls: Call[],
  { isEngaged = false, filters = NO_FILTERS, removed = [] }: Options & { removed?: string[] } = {},
): feed.FeedState {
  return feed.feedReducer(state, { kind: 'changed', calls, removed, isEngaged, at: AT }, filters);
}

const listed = (state: feed.FeedState): string => sids(feed.listedCalls(state, AT));

test('calls come into the list when they end', () => {
  let state = refreshed(feed.EMPTY_FEED, [aLiveCall('b'), aCall('a')]);
  assert.equal(listed(state), 'a');
  state = refreshed(state, [aCall('b'), aCall('a')]);
  assert.equal(listed(state), 'ba');
});

test('while the list is used new rows wait, and rows that are there change in place', () => {
  let state = refreshed(feed.EMPTY_FEED, [aLiveCall('b'), aCall('a')]);
  const changed = aCall('a', { note: 'rang back' });
  state = refreshed(state, [aLiveCall('d'), aCall('c'), aCall('b'), changed], { isEngaged: true });
  assert.equal(listed(state), 'a');
  assert.deepEqual([...state.waiting], ['c', 'b']);
  assert.equal(feed.listedCalls(state, AT)[0]?.note, 'rang back');
  state = refreshed(state, [aCall('d'), aCall('c'), aCall('b'), changed], { isEngaged: true });
  assert.equal(state.waiting.size, 3, 'those that waited still do');
  state = feed.feedReducer(state, { kind: 'released' }, NO_FILTERS);
  assert.equal(listed(state), 'dcba');
});

test('older calls never wait', () => {
  let state = refreshed(feed.EMPTY_FEED, [aCall('c'), aCall('b')], { next: 'a' });
  state = feed.feedReducer(state, { kind: 'older', after: 'a', page: aPage('a') }, NO_FILTERS);
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

const at = (minute: string): Partial<Call> => ({
  started_at: `2026-11-17T11:${minute}:00.000Z`,
  updated_at: `2026-11-17T11:${minute}:30.000Z`,
});

test('a change is put where its time is, and only once', () => {
  let state = refreshed(feed.EMPTY_FEED, [aCall('c', at('12')), aCall('a', at('10'))]);
  state = changed(state, [aCall('d', at('13')), aCall('b', at('11')), aCall('c', at('12'))]);
  assert.equal(sids(state.calls), 'dcba');
  assert.equal(sids(changed(state, [aCall('d', at('13'))]).calls), 'dcba');
});

test('what began earlier and was told of later stands where the server has it', () => {
  const late = aCall('b', { ...at('09'), first_seen_at: '2026-11-17T11:11:00.000Z' });
  const known = [aCall('c', at('12')), aCall('a', at('10'))];
  assert.equal(sids(changed(refreshed(feed.EMPTY_FEED, known), [late]).calls), 'cba');
  const same = [aCall('c', at('12')), aCall('a', at('12'))];
  const state = changed(refreshed(feed.EMPTY_FEED, same), [aCall('b', at('12'))]);
  assert.equal(sids(state.calls), 'cba', 'by SID within a moment');
});

test('a change older than what is known changes nothing', () => {
  const state = refreshed(feed.EMPTY_FEED, [aCall('a', { ...at('12'), note: 'new' })]);
  const late = { ...aCall('a', at('12')), updated_at: '2026-11-17T11:00:00.000Z' };
  assert.equal(changed(state, [late]).calls[0]?.note, 'new');
});

test('a change beyond the end of what is known comes with its page', () => {
  const known = [aCall('b', at('12'))];
  const more = refreshed(feed.EMPTY_FEED, known, { next: 'x' });
  assert.equal(sids(changed(more, [aCall('a', at('01'))]).calls), 'b');
  const all = refreshed(feed.EMPTY_FEED, known);
  assert.equal(sids(changed(all, [aCall('a', at('01'))]).calls), 'ba');
});

test('an erased call goes, also while the list is used', () => {
  const state = refreshed(feed.EMPTY_FEED, [aCall('b'), aCall('a')]);
  assert.equal(listed(changed(state, [], { removed: ['b'], isEngaged: true })), 'a');
});

test('a call that no longer belongs stays while the list is used, and then goes', () => {
  const filters: Filters = { ...NO_FILTERS, view: 'todo' };
  const missed = aCall('a', { outcome: 'missed', reason: 'no_answer' });
  const done = { ...missed, done_at: '2026-11-17T11:20:00.000Z' };
  const state = refreshed(feed.EMPTY_FEED, [missed], { filters });
  assert.equal(listed(changed(state, [done], { filters })), '');
  const kept = changed(state, [done], { filters, isEngaged: true });
  assert.equal(listed(kept), 'a');
  assert.equal(kept.calls[0]?.done_at, done.done_at);
  assert.equal(listed(feed.feedReducer(kept, { kind: 'released' }, filters)), '');
  const back = changed(kept, [missed], { filters, isEngaged: true });
  assert.equal(listed(feed.feedReducer(back, { kind: 'released' }, filters)), 'a', 'undone');
});

test('marks of the reader stay in their place', () => {
  const filters: Filters = { ...NO_FILTERS, view: 'todo' };
  const missed = aCall('a', { outcome: 'missed', reason: 'no_answer' });
  const state = refreshed(feed.EMPTY_FEED, [missed], { filters });
  const calls = [marked(missed, { done: true }, '2026-11-17T11:20:00.000Z')];
  const patched = feed.feedReducer(state, { kind: 'patched', calls }, filters);
  assert.equal(listed(patched), 'a');
  assert.equal(listed(feed.feedReducer(patched, { kind: 'released' }, filters)), '');
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
  const late = { ...on('d', '15'), first_seen_at: '2026-11-17T13:00:00Z' };
  assert.deepEqual(
    byDay([late, ...calls], true, zone).map(({ calls: of }) => sids(of)),
    ['dab', 'c'],
    'told of two days late: the days still follow each other',
  );
});

test('marks change only what they are about, and the first time stays', () => {
  const when = '2026-11-17T11:20:00.000Z';
  const message = aCall('a', { outcome: 'voicemail', voicemail: aMessage() });
  const heard = marked(message, { heard: true }, when);
  assert.equal(heard.voicemail?.heard_at, when);
  assert.equal(marked(heard, { heard: true }, 'later').voicemail?.heard_at, when);
  assert.equal(heard.done_at, null);
  assert.equal(marked(heard, { heard: false }, when).voicemail?.heard_at, null);
  assert.equal(marked(aCall('b'), { heard: true }, when).voicemail, null);
  assert.deepEqual(changedBy([message, heard, aCall('b')], { heard: true }), [message]);
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

test('a caller who is answered later need not be called back', () => {
  const missed = { outcome: 'missed', reason: 'no_answer', from: '+15550001001' } as const;
  let state = refreshed(feed.EMPTY_FEED, [
    aCall('c', { ...missed, from: 'anonymous' }),
    aCall('b', missed),
    aCall('a', { ...missed, from: '+15550001002' }),
  ]);
  const answered = (from: string) =>
    aCall('d', {
      outcome: 'answered',
      reason: 'bridged',
      from,
      started_at: '2099-01-01T00:00:00Z',
    });
  state = changed(state, [answered('+15550001001')]);
  const later = (sid: string) =>
    state.calls.find((call) => call.sid === sid)?.answered_later ?? null;
  assert.deepEqual(['a', 'b', 'c'].map(later), [null, 'd', null]);
  state = changed(state, [answered('anonymous')]);
  assert.equal(later('c'), null);
});

test('asking: often while somebody looks, ever more seldom when it fails', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 20].map((failures) => delayAfter(failures, false, POLLING)),
    [3000, 3000, 6000, 12000, 24000, 30000, 30000],
  );
  assert.equal(delayAfter(0, true, POLLING), 60000);
  assert.deepEqual(
    [0, 1, 2, 5, 20].map((failures) => delayAfter(failures, false, FOLLOWING)),
    [800, 1000, 2000, 16000, 30000],
  );
  assert.equal(delayAfter(0, true, FOLLOWING), 30000);
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
