// The parts of script/bench that need no stack.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseLog, parseParameters } from './observed.js';
import { columnParameters, oneByOne, oneEventSql, parseArray } from './one-event.js';
import { UsageError, parseOptions } from './options.js';
import { peerConfiguration } from './peer.js';
import { SESSION, pairScript, parsePgbench, statementScript } from './pgbench.js';
import { parseStat } from './processes.js';
import { figuresTable, table } from './report.js';
import { interleave } from './rounds.js';
import { median, summary } from './stats.js';
import { record } from './traffic.js';
import { parseWrk } from './wrk.js';

const RESULT =
  'RESULT {"seconds":2.0,"requests":8000,"bytes":1,"connect":1,"read":2,"write":3,"timeout":4,' +
  '"status":5,"mean":8000,"p50":7000,"p99":20000,"max":30000,"ranOut":false}\n';

test('the median is the middle one, or between the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), undefined);
});

test('medians come from quiet rounds, errors from all', () => {
  const rounds = [
    { rps: 100, foreign: 0.01, socketErrors: 0 },
    { rps: 10, foreign: 0.5, socketErrors: 2 },
  ];
  const { rps, socketErrors, quiet } = summary(rounds);
  assert.deepEqual({ rps, socketErrors, quiet }, { rps: 100, socketErrors: 2, quiet: 1 });
});

test('where no round was quiet all count', () => {
  assert.equal(
    summary([
      { rps: 10, foreign: 0.5 },
      { rps: 20, foreign: 0.6 },
    ]).rps,
    15,
  );
});

test('rounds are interleaved, each beginning with another case', async () => {
  const order = [];
  const cases = {
    a: async () => ({ rps: 1, foreign: 0 }),
    b: async () => ({ rps: 2, foreign: 0 }),
  };
  const { medians } = await interleave(cases, 2, (name) => order.push(name));
  assert.deepEqual(order, ['a', 'b', 'b', 'a']);
  assert.equal(medians.b.rps, 2);
});

test("wrk's result is read with all of its errors", () => {
  const { rps, socketErrors, refused, p99Ms, busy } = parseWrk(`Running 2s test\n${RESULT}`);
  assert.deepEqual([rps, socketErrors, refused, p99Ms, busy], [4000, 10, 5, 20, 32]);
  assert.throws(() => parseWrk(RESULT.replace('false', 'true')), /ran out/);
  assert.throws(() => parseWrk('unable to connect'), /no result/);
});

test('statements and parameters are read from the log of PostgreSQL', () => {
  assert.deepEqual(parseParameters("$1 = 'it''s', $2 = NULL, $3 = ''"), ["it's", null, '']);
  const log =
    '2026 [1] LOG:  statement: SELECT 1\n' +
    "2026 [2] LOG:  execute event_add: INSERT $1\n2026 [2] DETAIL:  parameters: $1 = 'a\n\tb'\n";
  const [{ name, sql, values }] = parseLog(log);
  assert.deepEqual([name, sql, values.length], ['event_add', 'INSERT $1', 1]);
});

const BATCH =
  'WITH t AS (SELECT t.* FROM erasure_key k CROSS JOIN unnest(  $2::text[], $3::bytea[],   ' +
  '$4::integer[], $5::bigint[] ) AS t(  call_sid, event_key, n, course_rank) WHERE true), ' +
  'e AS (INSERT INTO events SELECT $1, ROW(n, course_rank, $1)::step_word FROM t) SELECT 1';
const ONE =
  'WITH t AS (SELECT t.* FROM erasure_key k CROSS JOIN (VALUES ($2::text, $3::bytea,   ' +
  '$4::integer, $5::bigint)) AS t(  call_sid, event_key, n, course_rank) WHERE true), ' +
  'e AS (INSERT INTO events SELECT $1, ROW(n, course_rank, $1)::step_word FROM t) SELECT 1';

test('the statement for one event is that for a batch, but for its arrays', () => {
  assert.equal(oneEventSql(BATCH), ONE);
  assert.throws(() => oneEventSql('INSERT INTO events VALUES ($1)'), /not how events/);
  assert.deepEqual(Object.fromEntries(columnParameters(ONE)), {
    line: 1,
    call_sid: 2,
    event_key: 3,
    n: 4,
    course_rank: 5,
  });
});

test("the program's own statement can be written for one event", () => {
  const file = fileURLToPath(new URL('../../src/store/statements_events.c', import.meta.url));
  const source = readFileSync(file, 'utf8');
  const text = source.slice(
    source.indexOf('[STMT_EVENTS_ADD]'),
    source.indexOf('[STMT_EVENT_ASIDE]'),
  );
  const sql = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('');
  const columns = columnParameters(oneEventSql(sql));
  assert.ok(columns.size > 40);
  for (const name of ['line', 'call_sid', 'event_key', 'from_number', 'course_rank', 'twiml'])
    assert.ok(columns.has(name), name);
});

test("the yardsticks' connections are set as the journal's is", () => {
  const file = fileURLToPath(new URL('../../src/store/statements.c', import.meta.url));
  const [statement] = /\[STMT_SESSION_JOURNAL\] = [^}]+/.exec(readFileSync(file, 'utf8'));
  const settings = [...statement.matchAll(/SET\("(\w+)", "(\w+)"\)/g)]
    .map(([, name, value]) => `-c ${name}=${value}`)
    .filter((setting) => !setting.includes('timeout'));
  assert.equal(SESSION, settings.join(' '));
});

test('an array is read as PostgreSQL prints it', () => {
  assert.deepEqual(parseArray('{a,NULL,"b,\\"c\\" \\\\x00","NULL",""}'), [
    ...['a', null, 'b,"c" \\x00', 'NULL', ''],
  ]);
  assert.deepEqual(parseArray('{"a\nb"}'), ['a\nb']);
  assert.deepEqual(parseArray('{NULL}'), [null]);
});

test('a batch that was observed is as many events', () => {
  const values = ['+1', '{CA1,CA2}', '{"\\\\x00",NULL}', null, '{7,8}'];
  assert.deepEqual(oneByOne({ name: 'n', sql: BATCH, values }), [
    { name: 'n', sql: ONE, values: ['+1', 'CA1', '\\x00', null, '7'] },
    { name: 'n', sql: ONE, values: ['+1', 'CA2', null, null, '8'] },
  ]);
});

test('the statement is the same in pgbench but for the names of its parameters', () => {
  const values = ['+15550100001', 'CA1', null, '2', '77'];
  const { text, variables } = statementScript('s', [{ sql: ONE, values }]);
  assert.match(text, /VALUES \(:call::text, :unset::bytea, +:s_0_4::integer, :rank::bigint\)\)/);
  assert.match(text, /SELECT :s_0_1, ROW\(n, course_rank, :s_0_1\)/);
  assert.deepEqual(variables, [
    ['s_0_4', '2'],
    ['s_0_1', '+15550100001'],
  ]);
  assert.throws(() => statementScript('s', [{ sql: 'SELECT $1', values }]), /not how an event/);
});

test('the plain pair is one transaction', () => {
  const all =
    'call_sid event_key kind received_at uri body twiml leg_status duration_callback_s ' +
    'from_number to_number step caller_city caller_region caller_country course_rank';
  const names = all.split(' ');
  const numbers = names.map((_, at) => `$${at + 2}::text`);
  const sql = `SELECT (VALUES (${numbers.join(', ')})) AS t(${names.join(', ')})`;
  const { text } = pairScript('s', [{ sql, values: ['+1', ...names] }]);
  assert.throws(() => pairScript('s', [{ sql: ONE, values: [] }]), /no such parameter/);
  assert.match(text, /\\startpipeline\nINSERT[^]*;\nINSERT[^]*;\n\\endpipeline/);
});

test("pgbench's statements a second are counted, not its transactions", () => {
  const out = ['a', 'b']
    .map(
      (name, i) =>
        `SQL script ${i + 1}: /tmp/statement-${name}.sql\n - weight: 1 (targets 50.0% of total)\n` +
        ' - 30 transactions (50.0% of total, tps = 10.5)\n',
    )
    .join('');
  const result = parsePgbench(out, { 'statement-a': 2, 'statement-b': 4 }, 8);
  assert.deepEqual([result.rps, result.answers], [63, 180]);
  assert.throws(() => parsePgbench('number of failed transactions: 3 (1.000%)', {}, 8), /failed/);
});

test('the CPU time of a process counts children that were waited for', () => {
  const stat = '7 (a (b) c) S 3 7 7 0 -1 4 1 1 1 1 10 20 3 4 20 0 1 0 9 1 1';
  assert.deepEqual(parseStat(7, stat), { pid: 7, name: 'a (b) c', parent: 3, ticks: 37 });
});

test('a record is its length in six digits and the request', () => {
  const text = record('GET', 'localhost', { path: '/é', headers: { A: 'b' } });
  assert.equal(Number(text.slice(0, 6)), Buffer.byteLength(text) - 6);
  assert.equal(text.slice(6), 'GET /é HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\r\n');
});

test('the options are checked', () => {
  assert.deepEqual(parseOptions([]).suites, [
    'webhooks',
    'latency',
    'outage',
    'list',
    'filters',
    'live',
  ]);
  assert.equal(parseOptions(['--rounds', '3', 'list']).rounds, 3);
  for (const wrong of [['nothing'], ['--rounds', '0'], ['--unknown']]) {
    assert.throws(() => parseOptions(wrong), UsageError);
  }
});

test('tables line up', () => {
  assert.equal(
    table(
      ['', 'n'],
      [
        ['one', '1'],
        ['three', '33'],
      ],
    ),
    '        n\none     1\nthree  33',
  );
  const figure = { name: 'x', value: 0.5, target: 0.55, is: 'least' };
  assert.match(figuresTable([figure]), /0\.50 +>= 0\.55 +short/);
});

test("the peer's nginx is the stack's but for where it passes requests to", () => {
  const template = fileURLToPath(new URL('../../nginx/mainline.conf.in', import.meta.url));
  const stack = readFileSync(template, 'utf8')
    .replaceAll('@HTTPS_PORT@', '8443')
    .replaceAll('@HTTP_PORT@', '8080');
  const ports = { https: 8443, http: 8080, peerHttps: 1, peerHttp: 2, staticHttps: 3 };
  const text = peerConfiguration(stack, { folder: '/f', socket: '/f/s', ...ports });
  const said = text.replace(/#.*$/gm, '');
  assert.doesNotMatch(said, /fastcgi_(?!temp)|listen \S+:8443/);
  assert.match(text, /proxy_pass http:\/\/peer;/);
  assert.equal(text.match(/ssl_/g).length, stack.match(/ssl_/g).length);
});
