// The time line of calls as they were recorded from a simulated phone network that kept real time.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CallDetail } from '../src/api/types.ts';
import { stretches, timeline, type Entry } from '../src/call-page/timeline.ts';
import { prettyXml, spokenIn } from '../src/call-page/twiml.ts';
import { entryWords, fateWords } from '../src/call-page/words.ts';
import { setLanguage } from '../src/text.ts';
import { aCall, aDetail, aLiveCall } from './support.ts';

const STORIES: Record<string, CallDetail> = JSON.parse(
  readFileSync(new URL('data/stories.json', import.meta.url), 'utf8'),
);

function story(name: string): CallDetail {
  const detail = STORIES[name];
  if (detail === undefined) throw new Error(`no story is called ${name}`);
  return detail;
}

/** "ring 5" for what lasts, "key 1" for what was pressed, and what became of phones. */
function brief(entry: Entry): string {
  const more = {
    key: () => (entry.kind === 'key' ? `${entry.key}${entry.isWrong ? '?' : ''}` : ''),
    end: () => (entry.kind === 'end' ? entry.by : ''),
    ring: () =>
      entry.kind === 'ring'
        ? `${entry.seconds} ${entry.phones.map(({ name, fate }) => `${name} ${fate}`).join(', ')}`
        : '',
  };
  const known = Object.hasOwn(more, entry.kind) ? more[entry.kind as keyof typeof more]() : null;
  return [entry.kind, known ?? entry.seconds].filter((part) => part !== null).join(' ');
}

const EXPECTED: Record<string, string[]> = {
  answered: ['came', 'menu 2', 'key 1', 'ring 5 Reception took', 'talk 22', 'end unknown'],
  not_accepted: [
    'came',
    'menu 2',
    'key 1',
    'ring 22 Reception not_taken',
    'greeting 1',
    'end caller',
  ],
  carrier_voicemail: [
    'came',
    'menu 2',
    'key 1',
    'ring 33 Reception not_taken',
    'greeting 3',
    'message 8',
    'end caller',
  ],
  busy: ['came', 'menu 2', 'key 1', 'ring 1 Reception busy', 'greeting 1', 'end caller'],
  no_answer: [
    'came',
    'menu 2',
    'key 1',
    'ring 30 Reception no_answer',
    'greeting 8',
    'silence',
    'end unknown',
  ],
  bad_number: ['came', 'menu 2', 'key 1', 'ring 1 Reception failed', 'greeting 1', 'end caller'],
  message: ['came', 'menu 2', 'key 2', 'greeting 3', 'message 12', 'end unknown'],
  empty_message: ['came', 'menu 2', 'key 2', 'greeting 8', 'silence', 'end unknown'],
  hung_up_in_menu: ['came', 'menu 2', 'end caller'],
  hung_up_in_greeting: ['came', 'menu 2', 'key 2', 'greeting 1', 'end caller'],
  hung_up_while_ringing: ['came', 'menu 2', 'key 1', 'ring 7 Reception stopped', 'end caller'],
  fallback: [
    'came',
    'menu 2',
    'fallback',
    'menu 2',
    'key 2',
    'greeting 3',
    'message 9',
    'end caller',
  ],
  no_key: [
    'came',
    'menu 2',
    'key 9?',
    'menu 11',
    'no_key',
    'menu 2',
    'key 5?',
    'greeting 3',
    'message 7',
    'end caller',
  ],
  several_phones: [
    'came',
    'menu 2',
    'key 1',
    'ring 7 Workshop took, Reception stopped',
    'talk 11',
    'end unknown',
  ],
  several_declined: [
    'came',
    'menu 2',
    'key 1',
    'ring 23 Reception not_taken, Workshop busy',
    'greeting 3',
    'message 6',
    'end caller',
  ],
};

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`what happened: ${name}`, () => {
    assert.deepEqual(timeline(story(name)).map(brief), expected);
  });
}

test('nothing begins before what led to it, and its parts fill the call', () => {
  for (const [name, detail] of Object.entries(STORIES)) {
    const entries = timeline(detail);
    const times = entries.map(({ at }) => at);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
      name,
    );
    const parts = stretches(entries).reduce((sum, { seconds }) => sum + seconds, 0);
    const whole = detail.duration_s ?? 0;
    assert.ok(Math.abs(parts - whole) <= 4, `${name}: ${parts} of ${whole} s`);
  }
});

test('a caller on the block list is turned away', () => {
  const at = '2026-11-17T11:14:00.200Z';
  const step = {
    n: 1,
    event: 'voice',
    key: null,
    why: 'blocklist',
    step: null,
    place: 'rejected',
    at,
  } as const;
  const call = aCall('a', { outcome: 'blocked', reason: 'blocklist', duration_s: 0 });
  const entries = timeline(aDetail(call, { steps: [step] }));
  assert.deepEqual(entries.map(brief), ['came', 'rejected', 'end unknown']);
});

test('a call that lasts has no end yet, and what goes on has no length', () => {
  const detail = story('answered');
  const live = {
    ...detail,
    ...aLiveCall(detail.sid),
    started_at: detail.started_at,
    talk_s: null,
    steps: detail.steps.slice(0, 2),
    legs: [],
  };
  assert.deepEqual(timeline(live).map(brief), ['came', 'menu 2', 'key 1', 'ring null ']);
  assert.equal(timeline({ ...live, steps: [] }).length, 1);
});

test('clocks that differ bring nothing out of order', () => {
  const detail = story('message');
  const early = { ...detail, started_at: '2099-01-01T00:00:00Z', ended_at: null };
  const times = timeline(early).map(({ at }) => at);
  assert.ok(times.every((at) => at >= Date.parse(early.started_at)));
});

test('every entry of every story has words in both languages', async () => {
  for (const language of ['fr', 'en'] as const) {
    await setLanguage(language);
    for (const detail of Object.values(STORIES)) {
      for (const entry of timeline(detail)) {
        const { what } = entryWords(entry, 'Main number');
        assert.ok(what !== '' && !what.includes('undefined'), what);
        if (entry.kind !== 'ring') continue;
        for (const phone of entry.phones) assert.ok(fateWords(phone).word !== '');
      }
    }
  }
});

test('the words of a call that two phones rang for', async () => {
  await setLanguage('en');
  const words = timeline(story('several_declined')).map((entry) => entryWords(entry, 'Main').what);
  assert.deepEqual(words, [
    'Call came in on Main',
    'Heard the menu',
    'Pressed 1',
    'Rang Reception and Workshop',
    'Heard the voicemail greeting',
    'Left a message',
    'Caller hung up',
  ]);
});

test('neighbours of one kind are one part of the strip', () => {
  const parts = stretches(timeline(story('no_key')));
  assert.deepEqual(parts, [
    { kind: 'menu', seconds: 15 },
    { kind: 'greeting', seconds: 3 },
    { kind: 'message', seconds: 7 },
  ]);
});

test('what TwiML says', () => {
  const twiml =
    '<?xml version="1.0"?><Response><Gather><Say voice="x">Press 1 &amp; wait</Say><Pause/>' +
    '<Say><prosody rate="slow">or   2</prosody> &#x263A;</Say></Gather><Hangup/></Response>';
  assert.equal(spokenIn(twiml), 'Press 1 & wait or 2 ☺');
  assert.equal(spokenIn('<Response><Reject/></Response>'), null);
});

test('TwiML with one element a line', () => {
  assert.equal(
    prettyXml(
      '<?xml version="1.0"?><Response><Gather a="1"><Say>Hi</Say></Gather><Hangup/></Response>',
    ),
    [
      '<?xml version="1.0"?>',
      '<Response>',
      '  <Gather a="1">',
      '    <Say>Hi</Say>',
      '  </Gather>',
      '  <Hangup/>',
      '</Response>',
    ].join('\n'),
  );
  assert.equal(prettyXml('<Response/>'), '<Response/>');
  assert.equal(prettyXml('no <xml at all'), 'no\n<xml at all');
});
