import assert from 'node:assert/strict';
import test from 'node:test';
import { STORIES, verdictOf } from './index.js';
import { COLLEAGUE, LINE } from './testing/fake-mainline.js';
import { CALLER, withMainline } from './testing/network.js';
import { leavesMessage, served } from './testing/rest.js';

const START = new Date('2026-11-22T09:00:00Z');
const minimal = { startAt: START, people: { '*': { does: 'answers', after: 4, talks: 20 } } };

test('the model of a call that was answered', async (t) => {
  const { network, call } = await withMainline(t, minimal);
  const { sid } = await call({ caller: [{ press: '1' }] });
  const model = network.model(sid);
  const [leg] = model.legs;
  assert.deepEqual(
    { ...model, ended_at: undefined, duration_s: undefined },
    {
      sid,
      line: LINE,
      from: CALLER,
      to: LINE,
      status: 'completed',
      started_at: '2026-11-22T09:00:00.000Z',
      ended_at: undefined,
      duration_s: undefined,
      bridged: true,
      accepted_by: COLLEAGUE,
      talk_s: 22,
      menu_key: '1',
      application_error: false,
      legs: [{ ...leg, to: COLLEAGUE, status: 'completed', duration_s: 22, bridged: true }],
      recordings: [],
      lost: [],
      prompted: true,
    },
  );
  assert.equal(Date.parse(model.ended_at) - Date.parse(model.started_at) > 0, true);
});

test('the model of a message, and of a call that was forgotten', async (t) => {
  const { network, call } = await withMainline(t, minimal);
  const told = await call({ caller: leavesMessage });
  const [recording] = network.model(told.sid).recordings;
  assert.deepEqual(recording, {
    sid: told.recordings[0].sid,
    status: 'completed',
    duration_s: 12,
    error_code: null,
    transcript: null,
  });
  const before = network.model(told.sid);
  network.forget(told);
  assert.deepEqual(network.model(told.sid), before);
  assert.deepEqual(network.models(), [before]);
  assert.equal(network.model('CA0'), undefined);
});

test("the model's verdict is what each story expects", async (t) => {
  for (const story of STORIES) {
    const { network, call } = await withMainline(t, { people: story.people });
    const { sid } = await call({ caller: story.caller, failAt: story.failAt });
    assert.deepEqual(verdictOf(network.model(sid)), story.expect, story.name);
  }
});

test('a call under way has no end and no verdict', async (t) => {
  const { network } = await withMainline(t, minimal);
  const call = network.place({ from: CALLER, to: LINE, caller: [{ hangUp: 3 }] });
  await call.leg.next(['gather']);
  const model = network.model(call.sid);
  assert.deepEqual([model.status, model.ended_at, model.duration_s], ['in-progress', null, null]);
  assert.equal(verdictOf(model).outcome, null);
  await call.finished;
});

test('lost tells of what was dropped and of what was refused', async (t) => {
  const { network, call } = await withMainline(t, {
    ...minimal,
    disorder: { drop: { status: 1 } },
    routes: { '/twilio/recording': 503 },
  });
  const { sid } = await call({ caller: leavesMessage });
  assert.deepEqual(network.model(sid).lost, ['status', 'recording', 'recording']);
});

test('while the server is away a call is lost whole, and known here all the same', async (t) => {
  const { network, call, server } = await withMainline(t, minimal);
  await server.close();
  const { sid } = await call({ caller: [{ press: '1' }] });
  const model = network.model(sid);
  assert.deepEqual(
    [model.status, model.application_error, model.lost, model.menu_key],
    ['completed', true, ['status'], null],
  );
});

test('a recording can turn out absent or failed, take long, or never be ready', async (t) => {
  const told = async (recording, options = {}) => {
    const all = await served(t, [{ caller: leavesMessage, recording }], options);
    const { sid } = all.told[0].recordings[0];
    const { json } = await all.ask(`/Recordings/${sid}.json`);
    const media = await all.ask(`/Recordings/${sid}.wav`);
    const callbacks = all.told[0].requests.filter(({ kind }) => kind === 'recording');
    const statuses = callbacks.map(({ params }) => new Map(params).get('RecordingStatus'));
    return [json.status, json.error_code, json.duration, media.status, statuses.at(-1)];
  };
  assert.deepEqual(await told({ absent: 1 }), ['absent', 16102, null, 404, 'absent']);
  assert.deepEqual(await told({ failed: 1 }), ['failed', 16104, null, 404, 'failed']);
  assert.deepEqual(await told({ processingS: 600 }), ['completed', null, '12', 200, 'completed']);
  assert.deepEqual(await told({ processingS: Infinity }), [
    'processing',
    null,
    null,
    404,
    'in-progress',
  ]);
  assert.deepEqual((await told({}, { recording: { failed: 1 } }))[0], 'failed');
});
