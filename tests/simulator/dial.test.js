import assert from 'node:assert/strict';
import test from 'node:test';
import { CALLER, codes, said, withRoutes } from './testing/network.js';
import { LINE } from './testing/fake-mainline.js';
import { twiml } from './testing/fake-server.js';

const ANNE = '+15550100701';
const BEN = '+15550100702';
const SCREEN = twiml(
  '<Gather numDigits="1" timeout="8" finishOnKey="" action="/key"><Say>Press any key</Say></Gather><Hangup/>',
);
const progress =
  ' statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"';
const numbers = (attributes, ...list) =>
  list.map((number) => `<Number ${attributes}>${number}</Number>`).join('');

/** A call that is dialled on at once; what the action was told. */
async function dialled(
  t,
  content,
  { people, caller = [], attributes = '', from = CALLER, routes = {}, ...options } = {},
) {
  const { server, network, call } = await withRoutes(
    t,
    {
      '/voice': twiml(`<Dial action="/after" ${attributes}>${content}</Dial>`),
      '/after': twiml('<Say>After</Say>'),
      '/screen': SCREEN,
      '/key': twiml(''),
      '/leg': 204,
      ...routes,
    },
    { people, ...options },
  );
  const told = await call({ caller, from });
  const [after] = server.of('/after');
  const legs = told.legs.slice(1).map(({ to, status }) => [to, status]);
  return { server, network, told, legs, after: after && Object.fromEntries(after.params) };
}

const statuses = (server, number) =>
  server
    .of('/leg')
    .filter((asked) => asked.value('To') === number)
    .map((asked) => asked.value('CallStatus'));

test('a number as text rings, without screening and without callbacks', async (t) => {
  const { after, told } = await dialled(t, ANNE, {
    people: { [ANNE]: { does: 'answers', after: 3, talks: 10 } },
  });
  assert.deepEqual(
    [after.DialCallStatus, after.DialBridged, after.DialCallDuration],
    ['completed', 'true', '10'],
  );
  assert.deepEqual(said(told), ['After']);
});

test('in parallel the first to answer wins and the others are canceled', async (t) => {
  const { server, legs, after } = await dialled(t, numbers(progress, ANNE, BEN), {
    people: { [ANNE]: { does: 'answers', after: 9 }, [BEN]: { does: 'answers', after: 3 } },
  });
  assert.deepEqual(legs, [
    [ANNE, 'canceled'],
    [BEN, 'completed'],
  ]);
  assert.deepEqual(statuses(server, ANNE), ['initiated', 'ringing', 'canceled']);
  assert.deepEqual(statuses(server, BEN), ['initiated', 'ringing', 'in-progress', 'completed']);
  assert.equal(after.DialBridged, 'true');
});

test('in parallel with screening the first to press a key wins', async (t) => {
  const { server, legs } = await dialled(t, numbers(`url="/screen"${progress}`, ANNE, BEN), {
    people: {
      [ANNE]: { does: 'answers', after: 2, keyAfter: 6 },
      [BEN]: { does: 'answers', after: 3, keyAfter: 1 },
    },
  });
  assert.equal(server.of('/screen').length, 2);
  assert.deepEqual(legs, [
    [ANNE, 'completed'],
    [BEN, 'completed'],
  ]);
  assert.deepEqual(
    server.of('/key').map((asked) => asked.value('To')),
    [BEN],
  );
});

test('the statuses of one leg come with falling response codes of SIP', async (t) => {
  const { server } = await dialled(t, numbers(progress, ANNE), {
    people: { [ANNE]: { does: 'busy' } },
  });
  const last = server.of('/leg').at(-1);
  assert.deepEqual(
    [last.value('CallStatus'), last.value('SipResponseCode'), last.value('CallDuration')],
    ['busy', '486', '0'],
  );
});

test('sequential rings one after the other', async (t) => {
  const { server, legs, after } = await dialled(t, numbers(progress, ANNE, BEN), {
    attributes: 'sequential="true" timeout="10"',
    people: { [ANNE]: { does: 'no-answer' }, [BEN]: { does: 'answers', after: 3 } },
  });
  assert.deepEqual(legs, [
    [ANNE, 'no-answer'],
    [BEN, 'completed'],
  ]);
  const order = server
    .of('/leg')
    .map((asked) => [asked.value('To'), asked.value('CallStatus')].join(' '));
  assert.ok(order.indexOf(`${ANNE} no-answer`) < order.indexOf(`${BEN} initiated`));
  assert.equal(after.DialBridged, 'true');
});

test("nobody answers: after the timeout and Twilio's five seconds more", async (t) => {
  const { told, after } = await dialled(t, ANNE, {
    attributes: 'timeout="10"',
    people: { [ANNE]: { does: 'no-answer' } },
  });
  assert.deepEqual(
    [after.DialCallStatus, after.DialBridged, after.DialCallDuration],
    ['no-answer', 'false', undefined],
  );
  assert.equal(after.DialCallSid, told.legs[1].sid);
  assert.equal(told.heard.at(-1).s, 15);
});

test('whoever has picked up in time may take longer to press the key', async (t) => {
  const { after } = await dialled(t, numbers('url="/screen"', ANNE), {
    attributes: 'timeout="5"',
    people: { [ANNE]: { does: 'answers', after: 8, keyAfter: 6 } },
  });
  assert.equal(after.DialBridged, 'true');
});

test('picked up and not accepted: completed, but never bridged', async (t) => {
  for (const person of [
    { does: 'declines' },
    { does: 'declines', hangsUpAfter: 2 },
    { does: 'carrier-voicemail' },
  ]) {
    const { after, server } = await dialled(t, numbers('url="/screen"', ANNE), {
      people: { [ANNE]: person },
    });
    assert.deepEqual([after.DialCallStatus, after.DialBridged], ['completed', 'false']);
    assert.equal(server.of('/key').length, 0);
  }
});

test('a screening document that only speaks and ends accepts the call', async (t) => {
  const { after } = await dialled(t, numbers('url="/speak"', ANNE), {
    people: { [ANNE]: { does: 'answers' } },
    routes: { '/speak': twiml('<Say>A call</Say>') },
  });
  assert.equal(after.DialBridged, 'true');
});

test('Dial in a screening document is 13201; Record is passed over', async (t) => {
  const people = { [ANNE]: { does: 'answers' } };
  const nested = await dialled(t, numbers('url="/nested"', ANNE), {
    people,
    routes: { '/nested': twiml(`<Dial>${BEN}</Dial>`) },
  });
  assert.deepEqual(codes(nested.told), [13201]);
  assert.equal(nested.after.DialBridged, 'false');
  const recorded = await dialled(t, numbers('url="/nested"', ANNE), {
    people,
    routes: { '/nested': twiml('<Record/>') },
  });
  assert.deepEqual(codes(recorded.told), [12200]);
});

test('a screening document that fails is a problem and nobody is bridged', async (t) => {
  const { told, after, server } = await dialled(t, numbers('url="/broken"', ANNE), {
    people: { [ANNE]: { does: 'answers' } },
    routes: { '/broken': 500, '/fallback': twiml('') },
  });
  assert.deepEqual(codes(told), [11200]);
  assert.equal(after.DialBridged, 'false');
  assert.equal(server.of('/fallback').length, 0);
});

test('with answerOnBridge the call rings until it is bridged', async (t) => {
  const people = { [ANNE]: { does: 'answers', after: 6, talks: 30 } };
  const waits = await dialled(t, numbers(progress, ANNE), {
    people,
    attributes: 'answerOnBridge="true"',
  });
  assert.equal(waits.server.of('/status')[0].value('CallDuration'), '31');
  const answers = await dialled(t, numbers(progress, ANNE), { people });
  assert.equal(answers.server.of('/status')[0].value('CallDuration'), '38');
});

test('with answerOnBridge a caller who hangs up was never answered', async (t) => {
  const { server, after } = await dialled(t, ANNE, {
    attributes: 'answerOnBridge="true"',
    people: { [ANNE]: { does: 'no-answer' } },
    caller: [{ hangUp: 4, while: 'ringing' }],
  });
  assert.equal(server.of('/status')[0].value('CallStatus'), 'no-answer');
  assert.equal(after.DialCallStatus, 'canceled');
});

test('timeLimit ends the talk, and the caller goes on', async (t) => {
  const { told, after } = await dialled(t, ANNE, {
    attributes: 'timeLimit="60"',
    people: { [ANNE]: { does: 'answers', talks: 900 } },
  });
  assert.equal(after.DialCallDuration, '60');
  assert.deepEqual(said(told), ['After']);
});

test('hangupOnStar lets the caller end the talk', async (t) => {
  const people = { [ANNE]: { does: 'answers', talks: 900 } };
  const caller = [
    { press: '1', while: 'talking' },
    { press: '*', while: 'talking', optional: true },
  ];
  const star = [{ press: '5*', while: 'talking', after: 7 }];
  const with_ = await dialled(t, ANNE, { attributes: 'hangupOnStar="true"', people, caller: star });
  assert.equal(with_.after.DialCallDuration, '7');
  const without = await dialled(t, ANNE, { attributes: 'timeLimit="50"', people, caller });
  assert.equal(without.after.DialCallDuration, '50');
});

test('without an action the next verb follows', async (t) => {
  const { call } = await withRoutes(t, {
    '/voice': twiml(`<Dial>${ANNE}</Dial><Say>Goodbye</Say>`),
  });
  assert.deepEqual(said(await call()), ['Goodbye']);
});

test('callerId: the caller, the line, or a number of ours', async (t) => {
  const people = { [ANNE]: { does: 'answers' } };
  for (const [callerId, options] of [
    [CALLER],
    [LINE],
    ['+15550100009', { verifiedNumbers: ['+15550100009'] }],
  ]) {
    const { told } = await dialled(t, ANNE, {
      people,
      attributes: `callerId="${callerId}"`,
      ...options,
    });
    assert.equal(told.legs[1].from, callerId);
    assert.deepEqual(codes(told), []);
  }
});

test("any other callerId is 13214 and nobody's phone rings", async (t) => {
  const people = { [ANNE]: { does: 'answers' } };
  for (const callerId of ['+15550100666', 'anonymous', '']) {
    const { told, legs, after } = await dialled(t, ANNE, {
      people,
      attributes: `callerId="${callerId}"`,
      from: 'anonymous',
    });
    assert.deepEqual(codes(told), [13214], callerId);
    assert.deepEqual(legs, []);
    assert.deepEqual(
      [after.DialCallStatus, after.DialBridged, after.DialCallSid],
      ['failed', 'false', undefined],
    );
  }
});

test('a caller without a number has no caller id to show: 13247, and the fallback', async (t) => {
  const { told, legs, server } = await dialled(t, ANNE, {
    from: 'client:joe',
    routes: { '/fallback': twiml('<Say>Sorry</Say>') },
  });
  assert.deepEqual(codes(told), [13247]);
  assert.deepEqual(legs, []);
  assert.equal(server.of('/fallback')[0].value('ErrorCode'), '13247');
});

test('a bad number among good ones is left out; alone it fails the Dial', async (t) => {
  const people = { [ANNE]: { does: 'answers' } };
  const mixed = await dialled(t, numbers('', '555', ANNE), { people });
  assert.deepEqual(codes(mixed.told), [13223]);
  assert.deepEqual(mixed.legs, [[ANNE, 'completed']]);
  const alone = await dialled(t, '555');
  assert.deepEqual([alone.after.DialCallStatus, codes(alone.told)], ['failed', [13223]]);
});

test('eleven numbers ring nobody', async (t) => {
  const { told, legs, after } = await dialled(t, numbers('', ...Array(11).fill(ANNE)));
  assert.deepEqual([codes(told), legs, after.DialCallStatus], [[13215], [], 'failed']);
});

test('only the events asked for come, `completed` if none is named', async (t) => {
  const { server } = await dialled(t, numbers('statusCallback="/leg"', ANNE), {
    people: { [ANNE]: { does: 'answers' } },
  });
  assert.deepEqual(statuses(server, ANNE), ['completed']);
  assert.equal(server.of('/leg')[0].value('SequenceNumber'), '0');
});

test('a number that nobody has fails', async (t) => {
  const { after, legs } = await dialled(t, ANNE);
  assert.deepEqual([after.DialCallStatus, legs], ['failed', [[ANNE, 'failed']]]);
});
