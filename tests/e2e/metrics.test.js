// GET /metrics and what /readyz says to a token, also while the database is away.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { parse as parseYaml } from 'yaml';
import { childrenOf } from '../faults/support/processes.js';
import { until } from './support/door.js';
import { freezeDatabase } from './support/freeze.js';
import { parseMetrics } from './support/metrics.js';
import { ROOT, Stack } from './support/stack.js';
import { inbound, post } from './support/webhook.js';

const ALWAYS = [
  'mainline_spool_records',
  'mainline_spool_bytes',
  'mainline_spool_quota_bytes',
  'mainline_spool_oldest_seconds',
  'mainline_spool_bad_files',
  'mainline_events_committed_total',
  'mainline_event_statements_total',
  'mainline_events_spooled_total',
  'mainline_events_spooled_by_worker_total',
  'mainline_unrecorded_total',
  'mainline_events_aside_total',
  'mainline_live_changes_total',
  'mainline_database_up',
  'mainline_webhook_duration_seconds',
  'mainline_webhook_responses_total',
  'mainline_worker_failures_total',
  'mainline_build_info',
];
const FROM_DATABASE = [
  'mainline_jobs',
  'mainline_jobs_oldest_due_seconds',
  'mainline_calls_last_hour',
  'mainline_reconcile_lag_seconds',
];

/** @type {Stack} */
let stack;
const tokens = {};

before(async () => {
  stack = await Stack.start({}, { jobs: false });
  for (const name of ['metrics', 'metrics-2', 'read', 'audio']) {
    const scope = name.split('-')[0];
    const args = ['token', 'add', '--name', name, '--scope', scope];
    const { code, out, err } = await stack.mainline(args);
    assert.equal(code, 0, err);
    tokens[name] = out.trim();
  }
  await stack.sql(
    `INSERT INTO jobs (line, call_sid, kind, channel, state, due_at, finished_at) VALUES
       ('+1', 'CA1', 'archive', 'RE1', 'due', now() - interval '90 seconds', NULL),
       ('+1', 'CA2', 'archive', 'RE2', 'due', now() + interval '1 hour', NULL),
       ('+1', 'CA3', 'archive', 'RE3', 'done', now(), now()),
       ('+1', 'CA4', 'notify', 'email', 'dead', now(), now()),
       ('+1', 'CA5', 'notify', 'email', 'due', now() + interval '1 hour', NULL)`,
  );
});
after(() => stack.close());

const voice = () =>
  post(stack, `/twilio/voice?line=${encodeURIComponent(stack.line)}`, inbound(stack));

async function scrape({ token = tokens.metrics } = {}) {
  const response = await stack.api.request('/metrics', { token });
  assert.equal(response.status, 200, response.body);
  assert.equal(response.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const families = parseMetrics(response.body);
  return {
    text: response.body,
    names: [...families.keys()],
    of: (name, labels = '') => families.get(name)?.samples.get(labels),
  };
}

test('every figure is there, and grows with what happens', async () => {
  const before = await scrape();
  assert.deepEqual(before.names.toSorted(), [...ALWAYS, ...FROM_DATABASE.slice(0, 3)].toSorted());
  assert.equal(before.of('mainline_database_up'), 1);
  assert.equal(before.of('mainline_spool_records'), 0);
  assert.equal(before.of('mainline_spool_oldest_seconds'), 0);
  assert.ok(before.of('mainline_spool_quota_bytes') > 1e6);
  for (let i = 0; i < 3; i += 1) await voice();
  const after = await scrape();
  const grown = (name) => after.of(name) - before.of(name);
  assert.equal(grown('mainline_events_committed_total'), 3);
  assert.equal(grown('mainline_event_statements_total'), 3, 'one after the other');
  assert.equal(grown('mainline_events_spooled_total'), 0);
  assert.equal(grown('mainline_unrecorded_total'), 0);
});

test('jobs by kind and state, and how late they are', async () => {
  const { of, text } = await scrape();
  assert.equal(of('mainline_jobs', 'kind="archive",state="due"'), 2);
  assert.equal(of('mainline_jobs', 'kind="notify",state="dead"'), 1);
  assert.doesNotMatch(text, /state="done"/);
  const late = of('mainline_jobs_oldest_due_seconds', 'kind="archive"');
  assert.ok(late >= 90 && late < 150, `${late}`);
  assert.equal(of('mainline_jobs_oldest_due_seconds', 'kind="notify"'), 0);
});

test('a sweep that was done has a lag', async () => {
  assert.equal((await stack.api.get('/readyz')).reconcile.lag_s, null);
  await stack.sql(
    `INSERT INTO jobs (line, call_sid, kind, channel, due_at, finished_at)
     VALUES ('', '', 'sweep', 'hour', now() + interval '1 hour', now() - interval '100 seconds')`,
  );
  const lag = (await scrape()).of('mainline_reconcile_lag_seconds');
  assert.ok(lag >= 100 && lag < 160, `${lag}`);
  const { reconcile } = await stack.api.get('/readyz', { token: tokens.read });
  assert.ok(reconcile.lag_s >= lag && reconcile.lag_s < lag + 60);
});

test('how fast Twilio is answered, by route, and with what', async () => {
  const count = (which, route) =>
    which.of('mainline_webhook_duration_seconds', `_count route="/twilio/${route}"`);
  const code = (which, status) => which.of('mainline_webhook_responses_total', `code="${status}"`);
  const before = await scrape();
  for (let i = 0; i < 20; i += 1) await voice();
  const ended = { ...inbound(stack), CallStatus: 'completed', CallDuration: '3' };
  const path = `/twilio/status?line=${encodeURIComponent(stack.line)}`;
  assert.equal((await post(stack, path, ended)).status, 204);
  assert.equal((await post(stack, path, ended, { signature: 'wrong' })).status, 403);
  assert.equal((await post(stack, path, ended, { method: 'PUT' })).status, 405);
  assert.equal((await post(stack, '/twilio/doctor', ended)).status, 200, 'a probe is no webhook');
  const after = await scrape();
  assert.equal(count(after, 'voice') - count(before, 'voice'), 20);
  assert.equal(count(after, 'status') - count(before, 'status'), 1, 'strangers are not measured');
  assert.equal(count(after, 'menu'), count(before, 'menu'));
  for (const [status, n] of Object.entries({ 200: 20, 204: 1, 403: 1, 405: 1, other: 0 }))
    assert.equal(code(after, status) - code(before, status), n, status);
  const sum = after.of('mainline_webhook_duration_seconds', '_sum route="/twilio/voice"');
  assert.ok(sum > 0 && sum < 20, `${sum}`);
  // Nobody is slower: a worker that takes longer is killed.
  const slow = `_bucket route="/twilio/voice",le="5"`;
  assert.equal(after.of('mainline_webhook_duration_seconds', slow), count(after, 'voice'));
});

test('the figures outlive the workers', async () => {
  const count = async () =>
    (await scrape()).of('mainline_webhook_duration_seconds', '_count route="/twilio/voice"');
  const before = await count();
  assert.ok(before > 0);
  const workers = () => childrenOf(stack.servePid).filter(({ name }) => name === 'ml-hook');
  const old = workers().map(({ pid }) => pid);
  process.kill(stack.servePid, 'SIGHUP');
  await until(async () => workers().every(({ pid }) => !old.includes(pid)));
  await voice();
  assert.equal(await count(), before + 1);
  const died = async () => (await scrape()).of('mainline_worker_failures_total', 'how="died"');
  assert.equal(await died(), 0, 'those who were replaced have not');
  process.kill(workers()[0].pid, 'SIGKILL');
  await until(async () => (await died()) === 1);
});

test('calls of the last hour by their outcome, of few lines', async () => {
  await stack.sql(
    `INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at, status_rank, bridged)
     SELECT CASE WHEN i <= 120 THEN '+1555' || i % 60 ELSE '+1999' END, 'CB' || i,
       now() - i * interval '1 s', now(), now(), 125, CASE WHEN i <= 120 THEN true END
     FROM generate_series(1, 150) i
     UNION ALL SELECT '+1999', 'CBold', now() - interval '61 minutes', now(), now(), 125, true`,
  );
  const { text, of } = await scrape();
  assert.equal(of('mainline_calls_last_hour', 'line="+1999",outcome="failed"'), 30);
  assert.equal(of('mainline_calls_last_hour', 'line="+1999",outcome="answered"'), undefined);
  assert.ok(of('mainline_calls_last_hour', `line="${stack.line}",outcome="going_on"`) >= 23);
  const lines = new Set([...text.matchAll(/^mainline_calls_last_hour{line="([^"]*)"/gm)].map((m) => m[1]));
  assert.equal(lines.size, 51);
  assert.equal(of('mainline_calls_last_hour', 'line="other",outcome="answered"'), 24);
  await stack.sql("DELETE FROM calls WHERE sid LIKE 'CB%'");
});

/** What Prometheus and Grafana are given, in monitoring/. */
const monitoring = (name) => join(ROOT, 'monitoring', name);
const dashboard = JSON.parse(readFileSync(monitoring('grafana.json'), 'utf8'));
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const namesIn = (text) => new Set(text.match(/\bmainline_[a-z_]+(?![a-z_]*\.)/g));

test('the dashboard and the alerts name figures that there are, and show all of them', async () => {
  const { names } = await scrape();
  const there = new Set(
    names.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
  );
  const alerts = parseYaml(readFileSync(monitoring('alerts.yml'), 'utf8'));
  const rules = alerts.groups.flatMap((group) => group.rules);
  assert.ok(rules.length > 10 && shown.length > 20);
  const used = namesIn([...shown, ...rules.map(({ expr }) => expr)].join('\n'));
  assert.deepEqual([...used].filter((name) => !there.has(name)), []);
  const pictured = [...namesIn(shown.join('\n'))].map((name) => name.replace(/_(bucket|count)$/, ''));
  assert.deepEqual(names.filter((name) => !pictured.includes(name)), []);
});

/** promtool, of Debian's package prometheus, which script/bootstrap --test installs. */
function promtool(args, input) {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, {
    input,
    cwd: monitoring('.'),
    encoding: 'utf8',
  });
  assert.equal(error, undefined);
  assert.equal(status, 0, `promtool ${args.join(' ')}\n${stdout}${stderr}`);
}

test('promtool takes the figures, the alerts and their tests, and all that is shown', async () => {
  promtool(['check', 'metrics'], (await scrape()).text);
  promtool(['check', 'rules', 'alerts.yml']);
  promtool(['test', 'rules', 'alerts_test.yml']);
  const rules = shown.map((expr, i) => ({
    record: `shown:${i}`,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'),
  }));
  const file = join(stack.data, 'shown.yml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'shown', rules }] }));
  promtool(['check', 'rules', file]);
});

test('only a token of the scope metrics reads them', async () => {
  const status = async (options) => (await stack.api.request('/metrics', options)).status;
  assert.equal(await status({ token: null }), 401);
  assert.equal(await status({ token: 'ml_wrong' }), 401);
  assert.equal(await status({ token: tokens.read }), 403);
  assert.equal(await status({ token: tokens.metrics }), 200);
  assert.equal(await status({}), 200, 'an administrator');
  assert.equal(await status({ method: 'POST', described: false }), 405);
});

test('/readyz tells a token of the backlog', async () => {
  const { reconcile, ...rest } = await stack.api.get('/readyz', { token: tokens.read });
  assert.ok(reconcile);
  assert.deepEqual(rest, {
    ready: true,
    database: 'ok',
    flow_version: 0,
    spool: { records: 0, bytes: rest.spool.bytes, oldest_s: 0 },
    jobs: { dead: 1 },
  });
  assert.deepEqual(await stack.api.get('/readyz', { token: tokens.audio }), { ready: true });
});

test('the database is away: who could look before still can, and sees the spool grow', async () => {
  const before = await scrape();
  await stack.api.get('/readyz', { token: tokens.read });
  const thaw = freezeDatabase(stack);
  try {
    const answers = await Promise.all(Array.from({ length: 5 }, voice));
    assert.ok(answers.every(({ status }) => status === 200));
    await wait(1000);
    // Often enough that every worker of the pool has its turn.
    for (let i = 0; i < 4; i += 1) {
      const away = await scrape();
      assert.deepEqual(away.names.toSorted(), ALWAYS.toSorted());
      assert.equal(away.of('mainline_database_up'), 0);
      assert.equal(away.of('mainline_spool_records'), 5);
      assert.ok(away.of('mainline_spool_bytes') > 0);
      assert.ok(away.of('mainline_spool_oldest_seconds') >= 1);
      const [journal, own] = ['', '_by_worker'].map((by) => {
        const name = `mainline_events_spooled${by}_total`;
        return away.of(name) - before.of(name);
      });
      assert.equal(journal + own, 5);
    }
    const list = await stack.api.request('/api/calls', { token: tokens.read });
    assert.deepEqual([list.status, list.json.code], [503, 'unavailable']);
    assert.match(list.json.detail, /try again in a moment\. Callers are answered/);
    const stranger = await stack.api.request('/metrics', { token: tokens['metrics-2'] });
    assert.equal(stranger.status, 503, 'nobody can tell whose token it is');
    const reader = await stack.api.request('/metrics', { token: tokens.read });
    assert.equal(reader.status, 503, 'known, but not for this');
    const ready = await stack.api.request('/readyz', { token: tokens.read });
    assert.equal(ready.status, 503);
    assert.equal(ready.json.database, 'away');
    assert.equal(ready.json.flow_version, 0);
    assert.equal(ready.json.spool.records, 5);
    const unknown = await stack.api.request('/readyz', { token: tokens.audio });
    assert.deepEqual(unknown.json, { ready: false });
  } finally {
    thaw();
  }
  for (let waited = 0; (await scrape()).of('mainline_spool_records') > 0; waited += 100) {
    assert.ok(waited < 10_000, 'the spool empties');
    await wait(100);
  }
  const after = await scrape();
  assert.equal(after.of('mainline_database_up'), 1);
  assert.equal(after.of('mainline_spool_oldest_seconds'), 0);
});

test('a token that was revoked is forgotten as soon as the database says so', async () => {
  await scrape({ token: tokens['metrics-2'] });
  const { code } = await stack.mainline(['token', 'revoke', 'metrics-2']);
  assert.equal(code, 0);
  const refused = await stack.api.request('/metrics', { token: tokens['metrics-2'] });
  assert.equal(refused.status, 401);
  const thaw = freezeDatabase(stack);
  try {
    const away = await stack.api.request('/metrics', { token: tokens['metrics-2'] });
    assert.equal(away.status, 503);
    await scrape();
  } finally {
    thaw();
  }
});
