import assert from 'node:assert/strict';
import test from 'node:test';
import { codes, said, withRoutes } from './testing/network.js';
import { twiml } from './testing/fake-server.js';

/** A call into one Gather; what its action was told, and the call. */
async function gathered(t, attributes, caller, rest = '<Say>Nothing</Say>') {
  const { server, network, call } = await withRoutes(t, {
    '/voice': twiml(`<Gather action="/keys" ${attributes}><Say>Press a key</Say></Gather>${rest}`),
    '/keys': twiml('<Say>Thanks</Say>'),
  });
  const told = await call({ caller });
  return {
    told,
    network,
    keys: server.of('/keys').map(({ params }) => Object.fromEntries(params)),
  };
}

test('numDigits ends it; a key cuts the prompt short', async (t) => {
  const { told, keys } = await gathered(t, 'numDigits="3"', [{ press: '1234', after: 0.2 }]);
  assert.equal(keys.length, 1);
  assert.equal(keys[0].Digits, '123');
  assert.equal(keys[0].msg, 'Gather End');
  assert.equal(keys[0].FinishedOnKey, '');
  assert.equal(told.heard[0].cut, true);
  assert.deepEqual(said(told), ['Press a key', 'Thanks']);
});

test('the finish key ends it and is not among the digits', async (t) => {
  const { keys } = await gathered(t, '', [{ press: '12#' }]);
  assert.deepEqual([keys[0].Digits, keys[0].FinishedOnKey], ['12', '#']);
});

test('an empty finishOnKey lets # and * be digits', async (t) => {
  const { keys } = await gathered(t, 'finishOnKey="" numDigits="1"', [{ press: '#' }]);
  assert.equal(keys[0].Digits, '#');
});

test('the finish key alone is no input', async (t) => {
  const { told, keys } = await gathered(t, '', [{ press: '#' }]);
  assert.equal(keys.length, 0);
  assert.deepEqual(said(told), ['Press a key', 'Nothing']);
});

test('without numDigits the timeout ends it, counted from the last key', async (t) => {
  const { told, keys } = await gathered(t, 'timeout="4"', async (leg) => {
    await leg.next(['gather']);
    for (const key of '123') {
      await leg.wait(3);
      leg.press(key);
    }
  });
  assert.equal(keys[0].Digits, '123');
  assert.equal(told.heard.at(-1).s, 13);
});

test('silence falls through, when the timeout after the prompts is over', async (t) => {
  const { told, keys } = await gathered(t, 'timeout="4"', []);
  assert.equal(keys.length, 0);
  assert.deepEqual(
    told.heard.map(({ s }) => s),
    [0, 4.8],
  );
});

test('actionOnEmptyResult asks the action all the same', async (t) => {
  const { keys } = await gathered(t, 'actionOnEmptyResult="true"', []);
  assert.equal(keys[0].Digits, '');
});

test('hanging up asks nothing', async (t) => {
  const { keys } = await gathered(t, 'actionOnEmptyResult="true"', [{ hangUp: 1 }]);
  assert.equal(keys.length, 0);
});

test('keys that nobody waits for are lost', async (t) => {
  const { server, network, call } = await withRoutes(t, {
    '/voice': twiml(
      '<Say>This is a long announcement before it</Say><Gather action="/keys" numDigits="1"/>',
    ),
    '/keys': twiml(''),
  });
  const seen = [];
  network.on('moment', ({ moment }) => moment.kind === 'key' && seen.push(moment.ignored));
  await call({
    caller: async (leg) => {
      await leg.wait(1);
      leg.press('1');
      await leg.next(['gather']);
      leg.press('2');
    },
  });
  assert.deepEqual(seen, [true, false]);
  assert.deepEqual(
    server.of('/keys').map((asked) => asked.value('Digits')),
    ['2'],
  );
});

test('without an action the document is asked again', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': (asked) =>
      asked.value('Digits') ? twiml('') : twiml('<Gather numDigits="1"><Say>Press</Say></Gather>'),
  });
  await call({ caller: [{ press: '4' }] });
  assert.deepEqual(
    server.of('/voice').map((asked) => asked.value('Digits')),
    [undefined, '4'],
  );
});

test('method GET puts everything into the query', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': twiml('<Gather numDigits="1" method="GET" action="/keys?step=a%20b"/>'),
    '/keys': twiml(''),
  });
  await call({ caller: [{ press: '4', after: 0 }] });
  const [keys] = server.of('/keys');
  assert.equal(keys.method, 'GET');
  assert.match(keys.url, /^\/keys\?step=a%20b&msg=Gather\+End&/);
  assert.equal(keys.value('Digits'), '4');
  assert.equal(keys.headers['content-type'], undefined);
});

test('a nested verb that may not be there is a problem and is passed over', async (t) => {
  const { server, call } = await withRoutes(t, {
    '/voice': twiml('<Gather><Say>One</Say><Hangup/><Say>Two</Say></Gather><Say>Three</Say>'),
  });
  const told = await call();
  assert.deepEqual(said(told), ['One', 'Two', 'Three']);
  assert.deepEqual(codes(told), [12200, 13320]);
  assert.equal(server.asked.length, 2);
});

test('speech alone is not simulated, and said to be so', async (t) => {
  const { told } = await gathered(t, 'input="speech"', []);
  assert.deepEqual(codes(told), [0]);
});
