// The parts of script/bench that need no stack.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseLog, parseParameters } from './observed.js';
import { UsageError, parseOptions } from './options.js';
import { peerConfiguration } from './peer.js';
import { pairScript, parsePgbench, statementScript } from './pgbench.js';
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

const SQL =
  'WITH e AS (INSERT INTO events (line, call_sid, event_key, kind, place) VALUES ($1, $2, $3, $4, ' +
  'ROW($5::integer, $6::bigint, $1::text)::step_word))';

test('the statement is the same in pgbench but for the names of its parameters', () => {
  const values = ['+15550100001', 'CA1', '\\x00', null, '2', '77'];
  const { text, variables } = statementScript('s', [{ sql: SQL, values }]);
  assert.match(text, /VALUES \(:s_0_1, :call, :key, :unset, ROW\(:s_0_5::integer, :rank::bigint/);
  assert.deepEqual(variables, [
    ['s_0_1', '+15550100001'],
    ['s_0_5', '2'],
  ]);
  assert.throws(() => statementScript('s', [{ sql: 'SELECT $1', values }]), /not how an event/);
});

test('the plain pair is one transaction', () => {
  const all =
    'line call_sid event_key kind received_at uri body twiml leg_status duration_callback_s ' +
    'from_number to_number step caller_city caller_region caller_country';
  const names = all.split(' ');
  const numbers = names.map((_, at) => `$${at + 1}, `);
  const sql = `INSERT INTO events (${names.join(', ')}) VALUES (${numbers.join('')}NULL)`;
  const { text } = pairScript('s', [{ sql, values: names }]);
  assert.throws(() => pairScript('s', [{ sql: SQL, values: [] }]), /no such parameter/);
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
  assert.deepEqual(parseStat(7, stat), { pid: 7, parent: 3, ticks: 37 });
});

test('a record is its length in six digits and the request', () => {
  const text = record('GET', 'localhost', { path: '/é', headers: { A: 'b' } });
  assert.equal(Number(text.slice(0, 6)), Buffer.byteLength(text) - 6);
  assert.equal(text.slice(6), 'GET /é HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\r\n');
});

test('the options are checked', () => {
  assert.deepEqual(parseOptions([]).suites, ['webhooks', 'latency', 'list']);
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
  assert.doesNotMatch(text, /fastcgi_(?!temp)|listen \S+:8443/);
  assert.match(text, /proxy_pass http:\/\/peer;/);
  assert.equal(text.match(/ssl_/g).length, stack.match(/ssl_/g).length);
});
