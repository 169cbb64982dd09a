// What never arrived is asked for at Twilio's REST API: callbacks that were lost,
// calls and messages that nobody here was there for.

import assert from 'node:assert/strict';
import http from 'node:http';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freshSeed, PhoneNetwork, STORIES } from '../simulator/index.js';
import { personOf } from '../simulator/people.js';
import { numberSettings } from '../simulator/tool/stack.js';
import { BINARY, cleanEnv, freePort, Stack } from '../e2e/support/stack.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const CALLS = LONG ? 2000 : 150;
const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';
const TOKEN = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
const seed = Number(process.env.SEED ?? freshSeed());

/** @type {Stack} */
let stack;
let restPort;
let networks = 0;
/** @type {PhoneNetwork} */
let network;
before(async () => {
  restPort = await freePort();
  stack = await Stack.start({
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_API_URL: `http://127.0.0.1:${restPort}`,
  });
});
after(() => stack?.close());
afterEach(async () => {
  await network?.close();
  network = undefined;
  // Each test begins with an empty record.
  await stack.sql('TRUNCATE calls, events, jobs');
  await restartJobs();
});

/** A network whose REST API the stack asks. */
async function open(options = {}) {
  const stories = new Map();
  networks += 1;
  network = new PhoneNetwork({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    connect: { host: '127.0.0.1', port: stack.httpsPort, ca: stack.ca },
    numbers: {
      [stack.line]: numberSettings({ publicUrl: stack.publicUrl }, stack.line),
    },
    people: {
      '*': (leg, call) =>
        personOf(stories.get(call.sid)?.people['*'] ?? { does: 'bad-number' })(leg, call),
    },
    seed: seed + networks,
    ...options,
  });
  network.stories = stories;
  await network.listen(restPort);
  // The sweeps of the start have been, so that what follows is not theirs.
  await until('the sweeps', async () => {
    await stack.sql(
      `UPDATE jobs SET due_at = now() WHERE kind = 'sweep' AND finished_at IS NULL AND due_at > now()`,
    );
    const rows = await stack.sql(
      `SELECT 1 FROM jobs WHERE kind = 'sweep' AND finished_at IS NOT NULL`,
    );
    return rows.length === 3 && (await areIdle());
  });
  return network;
}

/** Place a call of a story and wait for its end. */
async function place(story, startsAfter = 0) {
  const call = network.place({
    from: '+15550123456',
    to: stack.line,
    caller: story.caller,
    failAt: story.failAt,
    startsAfter,
  });
  network.stories.set(call.sid, story);
  await call.finished;
  return call;
}

const storyOf = (name) => STORIES.find((story) => story.name === name);

async function until(what, isSo, withinMs = 20_000) {
  for (const end = Date.now() + withinMs; Date.now() < end; await wait(100))
    if (await isSo()) return;
  assert.fail(`not in time: ${what}`);
}

/** Nothing is due: all that the sweeps have asked for has been done. */
const areIdle = async () =>
  (
    await stack.sql(
      `SELECT 1 FROM jobs WHERE state = 'due' AND due_at <= now() AND kind IN ('sweep', 'reconcile')`,
    )
  ).length === 0;

/** So many seconds go by, for the record and for the jobs. */
async function pass(seconds) {
  await stack.sql(
    `UPDATE calls SET first_seen_at = first_seen_at - make_interval(secs => $1),
       updated_at = updated_at - make_interval(secs => $1)`,
    [seconds],
  );
  await stack.sql(
    `UPDATE jobs SET due_at = due_at - make_interval(secs => $1),
       created_at = created_at - make_interval(secs => $1),
       finished_at = finished_at - make_interval(secs => $1)
     WHERE kind IN ('sweep', 'reconcile')`,
    [seconds],
  );
  await until('the work that is due', areIdle, 60_000);
}

async function restartJobs() {
  const pid = stack.jobsPid;
  process.kill(pid, 'SIGKILL');
  await until('jobs again', () => {
    stack.readSettings();
    return stack.jobsPid !== pid;
  });
  await until('its sweeps', async () => {
    const rows = await stack.sql(`SELECT 1 FROM jobs WHERE kind = 'sweep'`);
    return rows.length === 3;
  });
}

const reconcile = (...args) =>
  stack.mainline(['reconcile', ...args], {
    env: { TWILIO_API_URL: `http://127.0.0.1:${restPort}` },
  });

const rowsOf = async () => {
  const rows = await stack.sql(`
    SELECT sid, line, status, outcome, reason, reconciled_at IS NOT NULL AS reconciled,
      coalesce(duration_rest_s, duration_callback_s) AS duration_s,
      coalesce(ended_rest, ended_callback) AS ended_at,
      (recording).sid AS recording_sid, (recording).source AS recording_source,
      recording_status_word((recording).status) AS recording_status,
      (length).duration_s AS recording_s
    FROM calls`);
  return new Map(rows.map((row) => [row.sid, row]));
};

/** What a row must tell, by the network's own record and the story. */
function wantedOf(call) {
  const model = network.model(call.sid);
  const { outcome, reason } = network.stories.get(call.sid).expect;
  const recording = model.recordings.at(-1);
  return {
    sid: call.sid,
    line: stack.line,
    status: model.status,
    outcome,
    reason,
    duration_s: model.duration_s,
    ended_at: new Date(Math.trunc(Date.parse(model.ended_at) / 1000) * 1000),
    recording_sid: recording?.sid ?? null,
    recording_status: recording?.status ?? null,
    recording_s: recording?.status === 'completed' ? recording.duration_s : null,
  };
}

const shown = (row) => {
  const { reconciled: _, recording_source: __, ...rest } = row;
  // Of a recording that is not there, whatever length the action told.
  return row.recording_status === 'completed' ? rest : { ...rest, recording_s: null };
};

const isWhole = (row) =>
  row.outcome !== null &&
  (row.recording_sid === null ||
    (row.recording_source >= 2 && row.recording_status !== 'processing'));

test('a fifth of all callbacks is lost: ten minutes later the record is whole', async (t) => {
  await open({ disorder: { drop: 0.2 } });
  t.diagnostic(`SEED=${seed}`);
  const calls = await Promise.all(
    Array.from({ length: CALLS }, (_, i) => place(STORIES[i % STORIES.length], i / 5)),
  );
  const lost = calls.flatMap((call) => call.lost.map(({ kind }) => kind));
  assert.ok(lost.includes('status') && lost.includes('recording'), lost.join(' '));
  const before = [...(await rowsOf()).values()].filter((row) => !isWhole(row)).length;
  assert.ok(before > 0, 'nothing was missing');

  let minutes = 0;
  let open_;
  do {
    assert.ok(minutes < 10, `after 10 minutes ${open_} of ${CALLS} calls are not whole`);
    await pass(30);
    minutes += 0.5;
    const rows = [...(await rowsOf()).values()];
    open_ = CALLS - rows.length + rows.filter((row) => !isWhole(row)).length;
  } while (open_ > 0);
  t.diagnostic(
    `${lost.length} callbacks lost, ${before} calls not whole; whole after ${minutes} minutes`,
  );

  const rows = await rowsOf();
  assert.equal(rows.size, CALLS);
  for (const call of calls) assert.deepEqual(shown(rows.get(call.sid)), wantedOf(call));

  // What is whole is left alone from now on.
  const count = async () => (await stack.sql('SELECT count(*)::int AS n FROM events'))[0].n;
  const events = await count();
  await pass(3600);
  await pass(86_400);
  assert.equal(await count(), events);
});

test('what is learnt is an event like any other, and the same twice is one', async () => {
  await open({ disorder: { drop: 1 } });
  const call = await place(storyOf('message'));
  await pass(600);
  await until('the call is over', async () => (await rowsOf()).get(call.sid)?.outcome !== null);
  const first = await stack.api.call(call.sid);
  assert.equal(first.status, 'completed');
  assert.equal(first.outcome, 'voicemail');
  assert.equal(first.voicemail.status, 'completed');
  assert.ok(Date.now() - Date.parse(first.reconciled_at) < 60_000);
  const learnt = first.events.filter(({ kind }) => kind === 'reconcile');
  assert.equal(learnt.length, 2);
  for (const { url, answer, params, twiml } of learnt) {
    assert.match(
      url,
      /^\/2010-04-01\/Accounts\/AC[0-9a-f]{32}\/Calls\/CA[0-9a-f]{32}(\/Recordings)?\.json/,
    );
    assert.ok(JSON.parse(answer));
    assert.deepEqual([params, twiml], [[], null]);
  }
  const steps = first.steps.map(({ event }) => event);
  assert.ok(!steps.includes('reconcile'));
  await stack.sql(
    `UPDATE jobs SET state = 'due', due_at = now() WHERE kind = 'reconcile' AND state = 'done'`,
  );
  await until('once more', areIdle);
  assert.deepEqual(await stack.api.call(call.sid), first);
});

test('the program was down: nginx took the message, and the next start finds it', async () => {
  await open();
  const before = await place(storyOf('message'));
  const workers = readFileSync(
    `/proc/${stack.servePid}/task/${stack.servePid}/children`,
    'utf8',
  ).split(' ');
  const { servePid } = stack;
  process.kill(servePid, 'SIGSTOP');
  workers.filter(Boolean).forEach((pid) => process.kill(Number(pid), 'SIGKILL'));
  await wait(200);
  const call = await place({
    people: {},
    caller: [{ message: 12, then: '#' }],
    expect: {},
  });
  assert.equal(network.model(call.sid).recordings.length, 1);
  assert.deepEqual([...(await rowsOf()).keys()], [before.sid]);
  process.kill(servePid, 'SIGKILL');
  await stack.sql(
    `UPDATE jobs SET finished_at = finished_at - interval '1 hour' WHERE kind = 'sweep'`,
  );
  await restartJobs();

  await until('the call', async () => (await rowsOf()).get(call.sid)?.outcome === 'voicemail');
  const row = (await rowsOf()).get(call.sid);
  assert.deepEqual(
    [row.line, row.status, row.reason, row.recording_status],
    [stack.line, 'completed', 'message_left', 'completed'],
  );
  const [recording] = network.model(call.sid).recordings;
  assert.deepEqual([row.recording_sid, row.recording_s], [recording.sid, recording.duration_s]);
  assert.equal((await rowsOf()).get(before.sid).reconciled, false);
  await until('ready', async () => {
    stack.readSettings();
    return (await stack.api.request('/readyz')).status === 200;
  });
});

test('429 and its Retry-After: not asked again before', async () => {
  await open({ disorder: { drop: 1 } });
  const call = await place(storyOf('message'));
  network.rest.fail({
    status: 429,
    retryAfter: 7,
    times: 1,
    path: new RegExp(`Calls/${call.sid}`),
  });
  await stack.sql(`UPDATE calls SET first_seen_at = first_seen_at - interval '6 min'`);
  await stack.sql(`UPDATE jobs SET due_at = now() WHERE kind = 'sweep' AND channel = 'open'`);
  await until('whole', async () => isWhole((await rowsOf()).get(call.sid)));
  const [refused, next] = network.rest.requests.filter(({ path }) => path.includes(call.sid));
  assert.equal(refused.status, 429);
  assert.ok(next.at - refused.at > 6900, `${next.at - refused.at} ms`);
});

test('a storm of 5xx and of broken connections: whole in the end', async () => {
  await open({ disorder: { drop: 1 } });
  const calls = [];
  for (let i = 0; i < 10; i += 1) calls.push(await place(storyOf('message')));
  network.rest.fail({ status: 503, chance: 0.3 });
  network.rest.fail({ reset: true, chance: 0.1 });
  for (let i = 0; i < 30; i += 1) {
    await pass(400);
    if ([...(await rowsOf()).values()].every(isWhole)) break;
  }
  const rows = await rowsOf();
  for (const call of calls) assert.deepEqual(shown(rows.get(call.sid)), wantedOf(call));
  assert.ok(network.rest.requests.some(({ status }) => status === 503));
});

test('a call goes on: asked again every 5 minutes, however long', async () => {
  await open();
  const call = await place(storyOf('answered'));
  const sid = 'CA00000000000000000000000000000abc';
  const over = network.account.calls.get(call.sid);
  const goesOn = {
    ...over,
    sid,
    status: 'in-progress',
    end_time: null,
    duration: null,
  };
  network.account.calls.set(sid, goesOn);
  assert.equal((await reconcile('--since', '1h')).code, 0);
  assert.equal((await rowsOf()).get(sid).status, 'in-progress');
  for (let i = 0; i < 4; i += 1) {
    await pass(330);
    const [job] = await stack.sql(
      `SELECT state, attempts, extract(epoch FROM due_at - now())::int AS in_s FROM jobs
       WHERE call_sid = $1 AND kind = 'reconcile' AND channel = 'call'`,
      [sid],
    );
    assert.deepEqual([job.state, job.attempts], ['due', 0]);
    assert.ok(job.in_s > 250 && job.in_s <= 300, `${job.in_s}`);
    assert.equal((await rowsOf()).get(sid).outcome, null);
  }
  network.account.calls.set(sid, { ...over, sid });
  await pass(330);
  assert.equal((await rowsOf()).get(sid).status, 'completed');
});

test('a call that Twilio does not know is given up after a day', async () => {
  await open();
  const call = await place(storyOf('message'));
  const sid = 'CA00000000000000000000000000000404';
  await stack.sql(
    `INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at)
     VALUES ($1, $2, now(), now(), now())`,
    [stack.line, sid],
  );
  const stateOf = async () =>
    (await stack.sql(`SELECT state, last_error FROM jobs WHERE call_sid = $1`, [sid]))[0];
  await pass(330);
  assert.deepEqual(await stateOf(), {
    state: 'due',
    last_error: 'Twilio answered 404',
  });
  await pass(86_500);
  assert.deepEqual(await stateOf(), {
    state: 'dead',
    last_error: 'Twilio answered 404',
  });
  assert.equal((await rowsOf()).get(call.sid).reconciled, false);
});

/** As many further calls at Twilio as that one, of which nothing is known here. */
function invent(call, n) {
  const row = network.account.calls.get(call.sid);
  return Array.from({ length: n }, (_, i) => {
    const sid = `CA${String(i).padStart(32, '0')}`;
    network.account.calls.set(sid, { ...row, sid });
    return sid;
  });
}

test('lists of many pages are read to their end, by hand', async () => {
  await open();
  const call = await place(storyOf('answered'));
  const sids = invent(call, 450);
  // Colleagues' legs are no calls, nor are other numbers' calls.
  const row = network.account.calls.get(call.sid);
  const other = 'CA000000000000000000000000000ffff1';
  network.account.calls.set(other, {
    ...row,
    sid: other,
    direction: 'outbound-dial',
  });
  network.account.calls.set(`${other.slice(0, -1)}2`, {
    ...row,
    sid: `${other.slice(0, -1)}2`,
    to: '+15550199999',
  });

  const dry = await reconcile('--since=2h', '--dry-run');
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /; not in the record: 450 calls; nothing was added \(--dry-run\)\.$/m);
  assert.equal((await rowsOf()).size, 1);

  const done = await reconcile('--since', '2h');
  assert.equal(done.code, 0, done.err);
  assert.match(done.out, /lists 452 calls .*; not in the record: 450 calls; all were added\.$/m);
  assert.deepEqual(new Set((await rowsOf()).keys()), new Set([call.sid, ...sids]));
  const none = await reconcile('--since', '2h');
  assert.match(none.out, /; nothing was missing\.$/m);
  assert.match((await reconcile('--since', '2h', '--line', '+15550199999')).out, /lists 1 call/);
});

test('what lacks its end alone is not said to be absent', async () => {
  await open({ disorder: { drop: 1 } });
  const call = await place(storyOf('message'));
  const dry = await reconcile('--since=2h', '--dry-run');
  assert.match(dry.out, new RegExp(`^${call.sid}  .*its end was missing$`, 'm'));
  const [unknown] = invent(call, 1);
  const done = await reconcile('--since=2h');
  assert.equal(done.code, 0, done.err);
  assert.match(
    done.out,
    new RegExp(`^${call.sid}  .*its end was missing; added: completed, 1 recording$`, 'm'),
  );
  assert.match(done.out, new RegExp(`^${unknown}  .*not in the record; added: completed$`, 'm'));
  assert.match(
    done.out,
    /; not in the record: 1 call, in it, without their end or a recording: 1; all were added\.$/m,
  );
});

test('it goes no further back than calls are kept', async () => {
  await open();
  const kept = (since) =>
    stack.mainline(['reconcile', '--since', since, '--dry-run'], {
      env: { TWILIO_API_URL: `http://127.0.0.1:${restPort}`, MAINLINE_KEEP_CALLS_DAYS: '5' },
    });
  const before = await kept('6d');
  assert.equal(before.code, 1);
  assert.match(before.err, /MAINLINE_KEEP_CALLS_DAYS \(5\); .* say --since 5d/);
  assert.equal((await kept('5d')).code, 0);
});

test('what was erased stays away', async () => {
  await open();
  const call = await place(storyOf('message'));
  await stack.sql(`INSERT INTO erased (line, tombstone)
    SELECT line, sha256(key || convert_to(sid, 'UTF8')) FROM calls, erasure_key`);
  await stack.sql('DELETE FROM events');
  await stack.sql('DELETE FROM calls');
  try {
    const done = await reconcile('--since', '2h');
    assert.match(done.out, /; nothing was missing\.$/m);
    await pass(600);
    assert.deepEqual(
      await stack.sql(`SELECT 1 FROM jobs WHERE call_sid = $1 AND kind = 'reconcile'`, [call.sid]),
      [],
    );
    assert.equal((await rowsOf()).size, 0);
  } finally {
    await stack.sql('DELETE FROM erased');
  }
});

test('a page that lies elsewhere is not asked for', async (t) => {
  await open();
  let touched = 0;
  const canary = http.createServer((_, response) => response.end('{}'));
  canary.on('connection', () => (touched += 1));
  await new Promise((resolve) => canary.listen(0, '127.0.0.1', resolve));
  t.after(() => canary.close());
  const host = `127.0.0.1:${canary.address().port}`;
  const path = `/2010-04-01/Accounts/${ACCOUNT}/Calls.json?Page=1`;
  for (const next of [
    `http://${host}${path}`,
    `//${host}${path}`,
    `@${host}${path}`,
    `\\\\${host}${path}`,
    `/2010-04-01/Accounts/${ACCOUNT}/../../../../x`,
    '/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls.json',
  ]) {
    network.rest.requests.length = 0;
    const body = JSON.stringify({ calls: [], next_page_uri: next });
    network.rest.fail({
      path: /\/Calls\.json$/,
      body,
      type: 'application/json',
    });
    const { code, err } = await reconcile('--since', '1h');
    assert.equal(code, 1, next);
    assert.match(err, /not of our account/);
    assert.equal(
      network.rest.requests.filter(({ path: asked }) => !/Calls\.json$/.test(asked)).length,
      0,
    );
  }
  network.rest.fail({
    path: /\/Calls\.json$/,
    redirect: `http://${host}${path}`,
  });
  assert.equal((await reconcile('--since', '1h')).code, 1);
  assert.equal(touched, 0);
});

test('what is asked for by hand is checked, and failures are said', async () => {
  await open();
  for (const args of [
    [],
    ['--since'],
    ['--since', 'yesterday'],
    ['--since', '1w'],
    ['--since', '1h', '--line', '5'],
    ['--since', '1h', 'now'],
    ['--since', '1h', '--all'],
  ]) {
    const { code, err } = await reconcile(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /--help/);
  }
  network.rest.fail({ status: 401, times: 9 });
  const refused = await reconcile('--since', '2026-01-01');
  assert.equal(refused.code, 1);
  assert.match(refused.err, /not complete: Twilio answered 401; check TWILIO_API_KEY/);
  const nobody = await stack.mainline(['reconcile', '--since', '1h'], {
    env: { TWILIO_AUTH_TOKEN: '' },
  });
  assert.equal(nobody.code, 1);
});

test('without an account it is said once, and nobody is asked', async (t) => {
  await open();
  const data = mkdtempSync(join(tmpdir(), 'mainline-reconcile-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  chmodSync(data, 0o777); // as root it becomes another user
  const child = spawn(BINARY, ['jobs'], {
    env: cleanEnv({
      DATABASE_URL: stack.settings.DATABASE_URL,
      MAINLINE_DATA: data,
      MAINLINE_RUN: join(data, 'run'),
      ...(process.getuid() === 0 && { MAINLINE_USER: stack.settings.MAINLINE_USER }),
    }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  await wait(2500);
  child.kill('SIGTERM');
  await closed;
  assert.equal(said.match(/no account at Twilio/g)?.length, 1, said);
});
