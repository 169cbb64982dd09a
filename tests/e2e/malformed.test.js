// Requests that are wrong, a row each: what is asked, and the status and code that say so.
// Every answer is a problem that openapi/mainline.yaml describes, none is a 5xx, and the
// workers that gave them go on.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Stack } from './support/stack.js';

/** @type {Stack} */
let stack;
let reader;
let ann; // a cookie
before(async () => {
  stack = await Stack.start();
  const { code, out, err } = await stack.mainline([
    'token',
    'add',
    '--name',
    'r',
    '--scope',
    'read',
  ]);
  assert.equal(code, 0, err);
  reader = out.trim();
  for (const [words, input] of [
    [['user', 'add', 'ann', '--role', 'admin', '--link'], ''],
    [['user', 'passwd', 'ann'], 'correct horse ann\n'],
  ]) {
    const done = await stack.mainline(words, { input });
    assert.equal(done.code, 0, done.err);
  }
  const session = await stack.api.request('/api/session', {
    method: 'POST',
    token: null,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'ann', password: 'correct horse ann' }),
  });
  assert.equal(session.status, 200, session.body);
  [ann] = session.headers['set-cookie'][0].split(';');
});
after(() => stack.close());

const SID = `CA${'0'.repeat(32)}`;
const RECORDING = `RE${'0'.repeat(32)}`;
const NUMBER = '%2B15550100042';

const cursor = (text) => Buffer.from(text).toString('base64url');

/** Values of a query's parameter that are refused, by name. */
const PARAMETERS = {
  limit: [
    '0',
    '201',
    '-1',
    '1.5',
    '1e2',
    'ten',
    '0x10',
    '%00',
    '99999999999999999999',
    '+5',
    '%C2%B2',
  ],
  after: [
    'x',
    '====',
    cursor('1'),
    cursor(`x/${SID}/`),
    cursor(`1/${SID}`),
    cursor(`1/CA/`),
    cursor(`1/${SID}/limit=5`),
    cursor(`1/${SID}/nothing=5`),
    cursor(`1/${SID}/q=a&q=b`),
    cursor(`-1/${SID}/`),
    cursor(`999999999999999999/${SID}/`),
    'A'.repeat(3000),
  ],
  line: ['%00', '%FF', 'x'.repeat(600), '%ED%A0%80'],
  status: ['gone', 'ringing,', ',ringing', 'ringing,gone', 'RINGING', 'ringing%20'],
  outcome: ['lost', 'missed,', 'missed,,failed', 'Missed', 'missed;failed', '%27%20OR%201=1'],
  q: ['%00', '%FF', 'x'.repeat(65), '%C0%AF', '%F5%80%80%80'],
  since: [
    'yesterday',
    '2026-13-01',
    '2026-02-30',
    '2026-11-22T25:00:00Z',
    '2026-11-22T09:00',
    '0',
    '22.11.2026',
  ],
  until: ['tomorrow', '2026-00-10', '2026-11-22T09:00:60', '-1', 'infinity', 'now()'],
  has_voicemail: ['yes', '1', 'TRUE', 'null'],
  heard: ['no', '0', 'False', '%20true'],
  to_do: ['maybe', '1', 'True'],
  nothing: ['1'],
  'limit%00': ['5'],
  '%FF': ['1'],
};

function* listRows(path) {
  for (const [name, values] of Object.entries(PARAMETERS))
    for (const value of values) {
      if (path.endsWith('.csv') && ['limit', 'after'].includes(name)) continue;
      yield ['GET', `${path}?${name}=${value}`, {}, 400, 'bad_parameter'];
    }
  yield ['GET', `${path}?heard=true&heard=true`, {}, 400, 'bad_parameter'];
  yield ['GET', `${path}?${'q=a&'.repeat(200)}`, {}, 400, 'bad_parameter'];
}

const STATS = {
  since: ['yesterday', '2026-02-30', '2026-11-22T09:00:00Z', '0000-00-00', '-1'],
  until: ['x', '2026-13-01', '99999-01-01'],
  line: ['%00', '%FF'],
  tz: ['Mars/Olympus', '%27;--', '%00', 'x'.repeat(300), '../../etc/passwd'],
  nothing: ['1'],
};

function* statsRows() {
  for (const [name, values] of Object.entries(STATS))
    for (const value of values)
      yield ['GET', `/api/stats?${name}=${value}`, {}, 400, 'bad_parameter'];
  yield ['GET', '/api/stats?since=2026-11-02&until=2026-11-01', {}, 400, 'bad_parameter'];
  yield ['GET', '/api/stats?since=2020-01-01&until=2026-01-01', {}, 400, 'bad_parameter'];
  yield ['GET', '/api/stats?tz=UTC&tz=UTC', {}, 400, 'bad_parameter'];
}

/** Bodies that are no JSON object that any path takes. */
const BODIES = {
  nothing: '',
  'an empty object': '{}',
  'an array': '[]',
  'a number': '7',
  'a string': '"heard"',
  null: 'null',
  'half an object': '{"heard":tr',
  'two objects': '{"heard":true}{"heard":true}',
  'a comma too many': '{"heard":true,}',
  'single quotes': "{'heard':true}",
  'a NUL': '{"note":"\u0000"}',
  'an escaped NUL': '{"note":"\\u0000","password":"\\u0000","token":"\\u0000","link":"\\u0000"}',
  'half a surrogate': '{"note":"\\ud800","token":"\\ud800"}',
  'no UTF-8': Buffer.from([0x7b, 0x22, 0x6e, 0x6f, 0x74, 0x65, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
  'a form': 'heard=true',
  'a tower': `${'['.repeat(1500)}${']'.repeat(1500)}`,
  'an unknown member': '{"colour":"red"}',
};

const MARKS = [
  '{"heard":"true"}',
  '{"heard":1}',
  '{"heard":null}',
  '{"done":"yes"}',
  '{"done":null}',
  '{"note":5}',
  '{"note":["a"]}',
  `{"note":"${'x'.repeat(2001)}"}`,
  '{"heard":true,"colour":1}',
  '{"heard":true,"heard":false}',
];
const MANY = [
  '{"sids":[],"done":true}',
  `{"sids":["${SID}"]}`,
  `{"sids":"${SID}","done":true}`,
  `{"sids":["${SID}","${SID}"],"done":true}`,
  '{"sids":["CA1"],"done":true}',
  '{"sids":[5],"done":true}',
  '{"sids":[null],"done":true}',
  `{"sids":["${SID}"],"done":1}`,
  `{"sids":["${SID}"],"note":"x"}`,
  '{"done":true}',
  JSON.stringify({
    sids: Array.from({ length: 201 }, (_, i) => `CA${String(i).padStart(32, '0')}`),
    done: true,
  }),
];
const SIGN_INS = [
  '{"name":"a"}',
  '{"password":"a"}',
  '{"name":5,"password":"a"}',
  '{"name":"a","password":5}',
  '{"name":"a","password":null}',
  '{"token":5}',
  '{"link":5}',
  '{"link":null}',
  '{"token":"a","link":"b"}',
  '{"name":"a","password":"b","token":"c"}',
];
const PASSWORDS = [
  '{"password":"short"}',
  '{"password":5}',
  `{"password":"${'x'.repeat(201)}"}`,
  '{"current":"a"}',
];

const json = (body) => ({ body, headers: { 'Content-Type': 'application/json' } });

function* bodyRows() {
  for (const [method, path, bodies] of [
    ['PATCH', `/api/calls/${SID}`, MARKS],
    ['PATCH', '/api/calls', MANY],
    ['POST', '/api/session', SIGN_INS],
    [
      'PUT',
      `/api/blocks/${NUMBER}`,
      ['{"note":5}', `{"note":"${'x'.repeat(2001)}"}`, '{"colour":1}'],
    ],
  ]) {
    for (const [what, body] of Object.entries(BODIES)) {
      if (path.startsWith('/api/blocks') && what === 'an empty object') continue; // it is one
      yield [method, path, { ...json(body), what }, 400, 'bad_body'];
    }
    for (const body of bodies) yield [method, path, json(body), 400, 'bad_body'];
    const text = { body: '{}', headers: { 'Content-Type': 'text/plain' } };
    yield [method, path, text, 415, 'not_json'];
    yield [method, path, { ...json('{}'), headers: {} }, 415, 'not_json'];
    yield [method, path, json(`{"note":"${'x'.repeat(20_000)}"}`), 413, 'body_too_large'];
  }
}

const PLACES = [
  ['GET', '/api/calls/CA', 'no_such_call'],
  ['GET', `/api/calls/${SID}0`, 'no_such_call'],
  ['GET', `/api/calls/${SID.replace('0', 'g')}`, 'no_such_call'],
  ['GET', '/api/calls/%00', 'bad_request'],
  ['GET', "/api/calls/'%20OR%201=1", 'no_such_call'],
  ['DELETE', '/api/calls/CA1', 'no_such_call'],
  ['PATCH', '/api/calls/CA1', null],
  ['GET', '/api/recordings/RE1.mp3', 'no_such_recording'],
  ['GET', `/api/recordings/${RECORDING.slice(1)}.wav`, 'no_such_recording'],
  ['GET', '/api/recordings/%2e%2e%2fetc%2fpasswd.mp3', null],
  ['GET', '/api/blocks/15550100042', 'bad_parameter'],
  ['GET', '/api/blocks/+0', 'bad_parameter'],
  ['GET', '/api/blocks/%2B0155501000', 'bad_parameter'],
  ['GET', `/api/blocks/%2B${'1'.repeat(16)}`, 'bad_parameter'],
  ['GET', '/api/blocks/%2', 'bad_request'],
  ['GET', '/api/blocks/%00', 'bad_request'],
  ['GET', '/api/blocks/anonymous', 'bad_parameter'],
  ['DELETE', '/api/blocks/x', 'bad_parameter'],
  ['PUT', '/api/blocks/%2B266696687', 'bad_parameter'],
];

/** Each path, with a method that it takes and its scope. */
const DOORS = [
  ['GET', '/api/calls', 'read'],
  ['PATCH', '/api/calls', 'mark'],
  ['GET', `/api/calls/${SID}`, 'read'],
  ['PATCH', `/api/calls/${SID}`, 'mark'],
  ['DELETE', `/api/calls/${SID}`, 'admin'],
  ['GET', '/api/calls.csv', 'read'],
  ['GET', '/api/stats', 'read'],
  ['GET', '/api/lines', 'read'],
  ['GET', '/api/live', 'read'],
  ['GET', '/api/feed', 'audio'],
  ['POST', '/api/feed', 'audio'],
  ['DELETE', '/api/feed', 'audio'],
  ['GET', '/api/feed.atom', 'read'],
  ['GET', '/api/blocks', 'admin'],
  ['GET', `/api/blocks/${NUMBER}`, 'read'],
  ['PUT', `/api/blocks/${NUMBER}`, 'admin'],
  ['DELETE', `/api/blocks/${NUMBER}`, 'admin'],
  ['GET', '/api/users', 'admin'],
  ['GET', `/api/recordings/${RECORDING}.mp3`, 'audio'],
  ['GET', `/api/recordings/${RECORDING}.wav`, 'audio'],
  ['GET', '/metrics', 'metrics'],
];
const needsBody = (method) => ['PATCH', 'PUT'].includes(method);

function* doorRows() {
  for (const [method, path, scope] of DOORS) {
    const sent = needsBody(method) ? json('{"done":true}') : {};
    yield [method, path, { ...sent, token: null }, 401, 'token_needed'];
    yield [method, path, { ...sent, token: 'ml_nobody' }, 401, 'token_unknown'];
    if (scope !== 'read') yield [method, path, { ...sent, as: 'reader' }, 403, 'scope_missing'];
    yield ['TRACE', path, { described: false }, 405, null];
    yield ['PURGE', path, { described: false }, 405, null];
  }
  for (const path of [
    '/api/changes/',
    '/api/live/',
    '/api/live/key.json',
    '/api/live/../calls',
    '/api/nothing',
  ])
    yield ['GET', path, { described: false }, 404, null];
  yield ['POST', '/api/feed', {}, 403, 'not_a_user'];
  yield [
    'PUT',
    '/api/session/password',
    json('{"password":"long enough, this"}'),
    403,
    'not_a_user',
  ];
  yield ['DELETE', '/api/sessions', {}, 401, 'token_needed'];
  for (const body of [...Object.values(BODIES), ...PASSWORDS])
    yield ['PUT', '/api/session/password', { ...json(body), as: 'ann' }, 400, 'bad_body'];
  const wrong = json('{"password":"long enough, this","current":"another one"}');
  yield ['PUT', '/api/session/password', { ...wrong, as: 'ann' }, 403, 'wrong_password'];
}

function* wrongSites() {
  for (const [method, path] of DOORS)
    if (!['GET'].includes(method))
      yield [
        method,
        path,
        {
          ...(needsBody(method) ? { body: '{}' } : {}),
          headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'cross-site' },
        },
        403,
        'cross_site',
      ];
}

function* placeRows() {
  for (const [method, path, code] of PLACES)
    yield [method, path, needsBody(method) ? json('{"done":true}') : {}, [400, 404], code];
}

const FAMILIES = {
  'parameters of the list': () => listRows('/api/calls'),
  'parameters of the export': () => listRows('/api/calls.csv'),
  'parameters of the figures': statsRows,
  bodies: bodyRows,
  'names in paths': placeRows,
  'who asks': doorRows,
  'other sites': wrongSites,
};

async function check([method, path, { what, as, ...options }, status, code]) {
  const words = `${method} ${path.slice(0, 120)} ${what ?? String(options.body ?? '').slice(0, 80)}`;
  if (as === 'reader') options.token = reader;
  if (as === 'ann')
    Object.assign(options, { token: null, headers: { ...options.headers, Cookie: ann } });
  const answer = await stack.api.request(path, { method, described: false, ...options });
  const expected = [status].flat();
  if (!expected.includes(answer.status))
    return `${words}: ${answer.status} ${answer.body.slice(0, 200)}`;
  if (code && answer.json?.code !== code) return `${words}: code ${answer.json?.code}`;
  if (method !== 'TRACE' && !/problem\+json/.test(answer.headers['content-type'] ?? ''))
    return `${words}: ${answer.headers['content-type']}`;
  return null;
}

let count = 0;
for (const [family, rows] of Object.entries(FAMILIES))
  test(`${family}: each is refused with its code`, async (t) => {
    const wrong = [];
    let n = 0;
    for (const row of rows()) {
      n += 1;
      const said = await check(row);
      if (said) wrong.push(said);
    }
    count += n;
    t.diagnostic(`${n} cases`);
    assert.deepEqual(wrong, []);
  });

test('there are at least 150 of them, and no worker died of one', async (t) => {
  t.diagnostic(`${count} cases`);
  assert.ok(count >= 150, `${count}`);
  const died = stack.log().filter(({ ev }) => ['worker_died', 'worker_hung'].includes(ev));
  assert.deepEqual(died, []);
  assert.equal((await stack.api.request('/healthz', { token: null })).status, 200);
});
