import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallDetail } from '../src/api/types.ts';
import { callerOf } from '../src/call/caller.ts';
import { isLive, isToDo, isUnheard, isWaiting } from '../src/call/outcome.ts';
import { reasonText } from '../src/call/reason.ts';
import { trackOf } from '../src/call/track.ts';
import { aCall, aLiveCall, aMessage, AT } from './support.ts';

test('the caller: name, else number, else no caller ID', () => {
  const place = { caller_city: 'SAN FRANCISCO', caller_region: 'CA', caller_country: 'US' };
  const named = aCall('a', { caller_name: 'Priya Raman', from: '+15085550142', ...place });
  assert.deepEqual(callerOf(named), {
    name: 'Priya Raman',
    more: '+1 508 555 0142 · San Francisco, US',
  });
  assert.deepEqual(callerOf(aCall('a', { from: '+15085550142', ...place })), {
    name: '+1 508 555 0142',
    more: 'San Francisco, US',
  });
  assert.deepEqual(callerOf(aCall('a', { from: 'anonymous' })), {
    name: 'No caller ID',
    more: 'Number withheld',
  });
  assert.equal(callerOf(aCall('a', { from: null })).name, 'No caller ID');
  assert.equal(callerOf(aCall('a', { from: 'client:web-demo' })).name, 'web-demo');
  assert.equal(callerOf(aCall('a', { from: 'sip:desk@example.com' })).name, 'desk@example.com');
});

test('places that came in capitals are written as names', () => {
  const place = (caller_city: string): string => callerOf(aCall('a', { caller_city })).more;
  assert.equal(place("COEUR D'ALENE"), "Coeur D'Alene");
  assert.equal(place('ST-ÉTIENNE'), 'St-Étienne');
  assert.equal(place('Fall River'), 'Fall River');
});

test('a country alone is written out', () => {
  const place = (caller_country: string): string => callerOf(aCall('a', { caller_country })).more;
  assert.equal(place('GB'), 'United Kingdom');
  assert.equal(place('QQ'), 'QQ');
  assert.equal(place('?'), '?');
});

test('every reason has words', () => {
  const say = (over: Parameters<typeof aCall>[1]): string => reasonText(aCall('a', over));
  assert.equal(say({ reason: 'bridged' }), 'Reception picked up');
  assert.equal(say({ reason: 'message_left' }), 'Reception did not take it');
  assert.equal(
    say({ reason: 'message_left', forwarded_to: null, menu_key: '2' }),
    'Pressed 2 to leave a message',
  );
  assert.equal(say({ reason: 'not_accepted' }), 'Not taken by Reception');
  assert.equal(say({ reason: 'hung_up_in_menu', duration_s: 6 }), 'Hung up in the menu after 6 s');
  assert.equal(say({ reason: 'bad_number' }), 'The number for Reception does not work');
  assert.equal(say({ reason: null }), 'The phone network has not told how it ended');
});

test('a missed caller who got through later is said to have', () => {
  const call = aCall('a', { outcome: 'missed', reason: 'busy', answered_later: 'b' });
  assert.equal(reasonText(call, '9:33'), 'Busy at Reception; called again at 9:33, answered');
  assert.equal(reasonText(call), 'Busy at Reception; called again, answered');
});

test('what somebody still has to do', () => {
  const missed = aCall('a', { outcome: 'missed', reason: 'no_answer' });
  assert.equal(isToDo(missed), true);
  assert.equal(isToDo({ ...missed, answered_later: 'b' }), false);
  assert.equal(isToDo({ ...missed, done_at: '2026-11-17T11:20:00Z' }), false);
  assert.equal(isToDo(aCall('a')), false);
  const abandoned = aCall('a', { outcome: 'abandoned', reason: 'hung_up_in_menu' });
  assert.equal(isToDo(abandoned), true);
  assert.equal(isWaiting(abandoned), true);
  assert.equal(isWaiting({ ...abandoned, answered_later: 'b' }), false);
  const failed = aCall('a', { outcome: 'failed', reason: 'twilio_error' });
  assert.equal(isToDo(failed), true);
  assert.equal(isWaiting(failed), false, 'nobody waits for a call back');
  const message = aCall('a', { outcome: 'voicemail', voicemail: aMessage() });
  assert.equal(isToDo(message), true);
  assert.equal(isUnheard(message), true);
  const heard = aMessage({ heard_at: '2026-11-17T11:20:00Z' });
  assert.equal(isToDo({ ...message, voicemail: heard }), false);
});

test('a call whose end never arrived is not live for ever', () => {
  const call = aLiveCall('a');
  assert.equal(isLive(call, AT), true);
  assert.equal(isLive(call, AT + 5 * 3600_000), false);
  assert.equal(isLive(aCall('a'), AT), false);
});

const MENU = {
  n: 1,
  event: 'voice',
  key: null,
  why: null,
  step: 'welcome',
  place: 'menu',
} as const;
const OFFICE = { n: 2, event: 'menu', key: '1', why: 'chosen', step: 'office' } as const;
const LEG = {
  sid: 'CA1',
  phone: 'Reception',
  to: '+15550100777',
  status: 'ringing',
  accepted: false,
  bridged: false,
  duration_s: null,
  sip_code: null,
  started_at: '2026-11-17T11:23:50Z',
  answered_at: null,
  ended_at: null,
} as const;

type Steps = CallDetail['steps'];
type Legs = CallDetail['legs'];
const progress = (steps: Steps, legs: Legs = []) => ({ steps, legs });

test('where a live call is', () => {
  const call = aLiveCall('a', { menu_key: null, forwarded_to: null });
  const at = '2026-11-17T11:23:40Z';
  const menu = { ...MENU, at };
  const office = { ...OFFICE, place: 'forward', at } as const;
  assert.equal(trackOf(call, null).now, 'In the menu');
  assert.equal(trackOf(call, progress([menu])).now, 'In the menu');

  const ringing = trackOf(call, progress([menu, office], [LEG]));
  assert.deepEqual(ringing.done, ['Menu', 'Pressed 1']);
  assert.equal(ringing.now, 'Ringing Reception');
  assert.equal(ringing.isRinging, true);

  const answered_at = '2026-11-17T11:24:00Z';
  const talking = { ...LEG, status: 'in-progress', accepted: true, answered_at } as const;
  const track = trackOf(call, progress([menu, office], [talking]));
  assert.equal(track.now, 'Talking with Reception');
  assert.equal(track.since, answered_at);

  const recording = { ...OFFICE, n: 3, event: 'dial', key: null, place: 'voicemail', at } as const;
  const left = trackOf(call, progress([menu, office, recording], [LEG]));
  assert.deepEqual(left.done, ['Menu', 'Pressed 1', 'Rang Reception']);
  assert.equal(left.now, 'Leaving a message');
});
