import assert from 'node:assert/strict';
import test from 'node:test';
import { codes, said, withRoutes } from './testing/network.js';
import { twiml } from './testing/fake-server.js';

const EVENTS =
  'recordingStatusCallback="/recording" recordingStatusCallbackEvent="in-progress completed absent"';

/** A call into one Record; what its action and its callbacks were told. */
async function recorded(t, attributes, caller, options = {}) {
  const { server, network, call } = await withRoutes(
    t,
    {
      '/voice': twiml(
        `<Say>Speak</Say><Record action="/done" ${EVENTS} ${attributes}/><Say>Nothing heard</Say>`,
      ),
      '/done': twiml('<Say>Thanks</Say>'),
      '/recording': 204,
      '/transcription': 204,
    },
    options,
  );
  const told = await call({ caller });
  const of = (path) => server.of(path).map(({ params }) => Object.fromEntries(params));
  return {
    told,
    network,
    server,
    done: of('/done'),
    callbacks: of('/recording'),
    transcripts: of('/transcription'),
  };
}

test('a message that ends in silence: the action counts the silence, the callback does not', async (t) => {
  const { told, done, callbacks } = await recorded(t, '', [{ message: 8, then: 'silence' }]);
  assert.deepEqual(
    [done[0].RecordingDuration, done[0].Digits, done[0].CallStatus],
    ['13', '', 'in-progress'],
  );
  assert.match(done[0].RecordingSid, /^RE[0-9a-f]{32}$/);
  assert.equal(
    done[0].RecordingUrl,
    `https://api.twilio.com/2010-04-01/Accounts/${done[0].AccountSid}/Recordings/${done[0].RecordingSid}`,
  );
  assert.deepEqual(
    callbacks.map((one) => [one.RecordingStatus, one.RecordingDuration]),
    [
      ['in-progress', undefined],
      ['completed', '8'],
    ],
  );
  assert.deepEqual(said(told), ['Speak', 'Thanks']);
});

test('the recording callback has its own parameters and no standard ones', async (t) => {
  const {
    told,
    callbacks: [, completed],
  } = await recorded(t, '', [{ message: 3 }], { startAt: new Date('2026-11-22T09:00:00Z') });
  assert.deepEqual(completed, {
    RecordingSource: 'RecordVerb',
    RecordingTrack: 'inbound',
    RecordingSid: told.recordings[0].sid,
    RecordingUrl: told.recordings[0].url,
    RecordingStatus: 'completed',
    RecordingChannels: '1',
    ErrorCode: '0',
    CallSid: told.sid,
    RecordingStartTime: 'Sun, 22 Nov 2026 09:00:01 +0000',
    AccountSid: completed.AccountSid,
    RecordingDuration: '3',
  });
});

test('a key ends it and is told', async (t) => {
  const { done } = await recorded(t, '', [{ message: 4, then: '5' }]);
  assert.deepEqual([done[0].Digits, done[0].RecordingDuration], ['5', '4']);
});

test('a key that is not among finishOnKey does not', async (t) => {
  const { done } = await recorded(t, 'finishOnKey="#"', [{ message: 4, then: '5' }]);
  assert.deepEqual([done[0].Digits, done[0].RecordingDuration], ['', '9']);
});

test('maxLength ends it while the caller still speaks', async (t) => {
  const { done, callbacks } = await recorded(t, 'maxLength="10"', [
    { message: 60, then: 'silence' },
  ]);
  assert.deepEqual([done[0].RecordingDuration, callbacks[1].RecordingDuration], ['10', '10']);
});

test('timeout is the silence that ends it; 0 turns that off', async (t) => {
  const two = await recorded(t, 'timeout="2"', [{ message: 4, then: 'silence' }]);
  assert.equal(two.done[0].RecordingDuration, '6');
  const off = await recorded(t, 'timeout="0" maxLength="30"', [{ message: 4, then: 'silence' }]);
  assert.equal(off.done[0].RecordingDuration, '30');
});

test('hanging up after the message: Digits=hangup, CallStatus=completed, the answer ignored', async (t) => {
  const { told, done, callbacks, server } = await recorded(t, '', [
    { message: 6, then: 'hang-up' },
  ]);
  assert.deepEqual(
    [done[0].Digits, done[0].CallStatus, done[0].RecordingDuration],
    ['hangup', 'completed', '6'],
  );
  assert.deepEqual(said(told), ['Speak']);
  assert.equal(callbacks[1].RecordingDuration, '6');
  const order = server.asked.map(({ path }) => path);
  assert.ok(order.indexOf('/done') < order.indexOf('/status'));
  assert.equal(order.at(-1), '/recording');
});

test('hanging up in the greeting asks nothing and records nothing', async (t) => {
  const { told, done, callbacks } = await recorded(t, '', [{ hangUp: 0.2, while: 'greeting' }]);
  assert.deepEqual([done, callbacks, told.recordings], [[], [], []]);
});

test('silence, as the current documents have it: the action is asked, the recording is absent', async (t) => {
  const { told, done, callbacks } = await recorded(t, '', [{ message: 0, then: 'silence' }]);
  assert.equal(done[0].RecordingDuration, '5');
  assert.deepEqual(
    [callbacks[1].RecordingStatus, callbacks[1].ErrorCode, callbacks[1].RecordingDuration],
    ['absent', '16102', undefined],
  );
  assert.deepEqual(said(told), ['Speak', 'Thanks']);
});

test('silence, as it is when saved: the recording is completed and has 0 s', async (t) => {
  const { callbacks } = await recorded(t, '', [{ message: 0, then: 'silence' }], {
    emptyRecording: 'action-saved',
  });
  assert.deepEqual(
    [callbacks[1].RecordingStatus, callbacks[1].RecordingDuration],
    ['completed', '0'],
  );
});

test('silence, as the older documents have it: no action, the next verb', async (t) => {
  const { told, done, callbacks, network } = await recorded(
    t,
    '',
    [{ message: 0, then: 'silence' }],
    { emptyRecording: 'falls-through' },
  );
  assert.deepEqual(done, []);
  assert.deepEqual(said(told), ['Speak', 'Nothing heard']);
  assert.deepEqual(
    callbacks.map((one) => one.RecordingStatus),
    ['in-progress'],
  );
  assert.deepEqual([told.recordings.length, network.account.recordings.size], [0, 0]);
});

test('hanging up at once after the tone is too short', async (t) => {
  const { done, callbacks } = await recorded(t, '', [{ message: 0 }]);
  assert.deepEqual([done[0].Digits, done[0].RecordingDuration], ['hangup', '0']);
  assert.equal(callbacks[1].ErrorCode, '16101');
});

test('do-not-trim keeps the silence', async (t) => {
  const { callbacks } = await recorded(t, 'trim="do-not-trim"', [{ message: 8, then: 'silence' }]);
  assert.equal(callbacks[1].RecordingDuration, '13');
});

test('only the events asked for come', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': twiml('<Record action="/done" recordingStatusCallback="/recording"/>'),
    '/done': twiml(''),
    '/recording': 204,
  });
  await call({ caller: [{ message: 5 }] });
  await call({ caller: [{ message: 0 }] });
  assert.deepEqual(
    server.of('/recording').map((asked) => asked.value('RecordingStatus')),
    ['completed'],
  );
});

test('transcription comes later, of recordings over 2 and under 120 seconds', async (t) => {
  const attributes = 'transcribe="true" transcribeCallback="/transcription" timeout="0"';
  const {
    transcripts: [one],
    told,
  } = await recorded(t, attributes, [{ message: 9, then: '#' }]);
  assert.equal(one.TranscriptionStatus, 'completed');
  assert.ok(one.TranscriptionText.length > 10);
  assert.equal(one.RecordingSid, told.recordings[0].sid);
  assert.equal(one.CallStatus, 'completed');
  assert.match(one.TranscriptionSid, /^TR/);
  const short = await recorded(t, attributes, [{ message: 2, then: '#' }]);
  assert.equal(short.transcripts[0].TranscriptionStatus, 'failed');
  const long = await recorded(t, attributes, [{ message: 500, then: '#' }]);
  assert.equal(long.done[0].RecordingDuration, '120');
  const empty = await recorded(t, attributes, [{ message: 0, then: '#' }]);
  assert.deepEqual(empty.transcripts, []);
});

test('without an action the document is asked again, with the recording', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': (asked) => (asked.value('RecordingSid') ? twiml('') : twiml('<Record/>')),
  });
  await call({ caller: [{ message: 3, then: '#' }] });
  assert.equal(server.of('/voice').length, 2);
});

test('Record inside a Gather is not allowed', async (t) => {
  const { call } = await withRoutes(t, {
    '/voice': twiml('<Gather timeout="1"><Record/></Gather>'),
  });
  assert.deepEqual(codes(await call()), [12200, 13320]);
});
