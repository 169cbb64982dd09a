// Each way in which a call goes, from the first ring to what the feed says of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { STORIES } from '../simulator/index.js';
import { Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.close());

async function place(story, options = {}) {
  const network = stack.network({ people: story.people, ...options });
  try {
    const call = await network.call({
      from: story.from ?? '+15550123456',
      to: stack.line,
      caller: story.caller,
      failAt: story.failAt,
    });
    assert.equal(call.applicationError, false);
    return { network, call };
  } finally {
    await network.close();
  }
}

for (const story of STORIES) {
  test(`${story.name}: ${story.title}`, async () => {
    const { network, call } = await place(story);
    const shown = await stack.api.call(call.sid);
    const { status, outcome, reason } = shown;
    assert.deepEqual({ status, outcome, reason }, story.expect);
    assert.equal(shown.line, stack.line);
    assert.equal(shown.from, '+15550123456');
    assert.equal(shown.caller_city, 'SAN FRANCISCO');
    // Everything that Twilio would have logged: invalid TwiML, a missing length, a failed callback.
    assert.deepEqual(network.problems, []);
    assert.equal(
      shown.events.length,
      new Set(call.requests.filter(({ response }) => response).map(({ url, body }) => url + body))
        .size,
    );
  });
}

test('an answered call says who took it and how long they talked', async () => {
  const { call } = await place(STORIES.find(({ name }) => name === 'answered'));
  const shown = await stack.api.call(call.sid);
  assert.equal(shown.forwarded_to, 'Reception');
  assert.equal(shown.menu_key, '1');
  assert.ok(shown.talk_s >= 20 && shown.talk_s <= 30, shown.talk_s);
  assert.ok(shown.duration_s > shown.talk_s);
  assert.equal(Date.parse(shown.ended_at) - Date.parse(shown.started_at), shown.duration_s * 1000);
  assert.equal(shown.voicemail, null);
  assert.deepEqual(
    shown.steps.map(({ event, place: at }) => [event, at]),
    [
      ['voice', 'menu'],
      ['menu', 'forward'],
      ['dial', 'done'],
    ],
  );
  assert.equal(shown.legs.length, 1);
  const [leg] = shown.legs;
  assert.deepEqual(
    {
      phone: leg.phone,
      to: leg.to,
      status: leg.status,
      accepted: leg.accepted,
      bridged: leg.bridged,
    },
    {
      phone: 'Reception',
      to: stack.settings.MAINLINE_FORWARD_TO,
      status: 'completed',
      accepted: true,
      bridged: true,
    },
  );
});

test('a message is there with its length', async () => {
  const { call } = await place(STORIES.find(({ name }) => name === 'message'));
  const { voicemail } = await stack.api.call(call.sid);
  assert.equal(voicemail.recording_sid, call.recordings[0].sid);
  assert.equal(voicemail.duration_s, 12);
  assert.equal(voicemail.status, 'completed');
});

for (const emptyRecording of ['action', 'action-saved', 'falls-through']) {
  test(`silence at the tone is no message, whichever way Twilio tells of it (${emptyRecording})`, async () => {
    const story = STORIES.find(({ name }) => name === 'empty_message');
    const { network, call } = await place(story, { emptyRecording });
    const { outcome, reason, voicemail } = await stack.api.call(call.sid);
    assert.deepEqual(
      { outcome, reason, voicemail },
      { outcome: 'missed', reason: 'empty_message', voicemail: null },
    );
    assert.deepEqual(network.problems, []);
  });
}

for (const from of ['anonymous', '+266696687', 'client:alice', 'sip:bob@example.com', '']) {
  test(`a caller who is ${JSON.stringify(from)} is answered and reaches a person`, async () => {
    const story = { ...STORIES.find(({ name }) => name === 'answered'), from };
    const { network, call } = await place(story);
    const shown = await stack.api.call(call.sid);
    assert.equal(shown.outcome, 'answered');
    assert.equal(shown.from, from === '' ? null : from);
    assert.deepEqual(network.problems, []);
  });
}

test('silence and wrong keys count as tries, and the last one leads to voicemail', async () => {
  const story = {
    people: {},
    caller: [{ press: '9' }, { silent: true }, { press: '5' }, { message: 7 }],
  };
  const { network, call } = await place(story);
  const shown = await stack.api.call(call.sid);
  assert.equal(shown.outcome, 'voicemail');
  assert.equal(shown.steps.filter(({ event }) => event === 'menu').length, 3);
  assert.equal(shown.steps[3].why, 'chosen');
  assert.deepEqual(network.problems, []);
});

test('two calls at a time are two calls', async () => {
  const network = stack.network({ people: { '*': { does: 'answers', after: 4, talks: 20 } } });
  const calls = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      network.call({
        from: `+1555012${String(i).padStart(4, '0')}`,
        to: stack.line,
        caller: [{ press: i % 2 ? '1' : '2' }, { message: 5, optional: true }],
      }),
    ),
  );
  const outcomes = await Promise.all(
    calls.map(async ({ sid }) => (await stack.api.call(sid)).outcome),
  );
  assert.deepEqual(
    outcomes,
    calls.map((_, i) => (i % 2 ? 'answered' : 'voicemail')),
  );
  assert.deepEqual(network.problems, []);
  await network.close();
});
