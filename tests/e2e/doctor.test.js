// What stands between the caller and the answer is named: faults are planted one by one on
// a whole stack, and on a healthy one nothing is found.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { certificateFor } from '../simulator/testing/certificate.js';
import { Front } from './support/front.js';
import { until } from './support/door.js';
import { BINARY, freePort, Stack } from './support/stack.js';

const HOST = 'phone.example.com';
const URL_ = `https://${HOST}`;
const ACCOUNT = `AC${'5a'.repeat(16)}`;
const TOKEN = 'the token of this test';
const PHONE = '+15550100777';
const BIN = 'https://handler.twilio.com/twiml/EH00000000000000000000000000000000';

/** @type {Stack} */
let stack;
let network;
/** @type {Front} */
let front;
/** Folders of this test's own. */
let scratch;
let made = 0;
const fronts = [];

before(async () => {
  const port = await freePort();
  scratch = mkdtempSync(join(tmpdir(), 'doctor-'));
  stack = await Stack.start(
    {
      TWILIO_API_URL: `http://127.0.0.1:${port}`,
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: TOKEN,
      MAINLINE_PUBLIC_URL: URL_,
      MAINLINE_WORKERS: '4',
    },
    { jobs: false },
  );
  const line = encodeURIComponent(stack.line);
  const url = (route) => `${URL_}/twilio/${route}?line=${line}`;
  network = stack.network({
    numbers: {
      [stack.line]: {
        voiceUrl: url('voice'),
        voiceMethod: 'POST',
        voiceFallbackUrl: BIN,
        statusCallback: `${url('status')}#rc=5&rp=all`,
      },
    },
    people: { [PHONE]: { does: 'busy' } },
  });
  await network.listen(port);
  await network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  await publish(() => {});
  // As `mainline jobs` would leave it; it does not run, so that nothing mends itself.
  await stack.sql(`INSERT INTO jobs (line, call_sid, kind, channel, due_at, finished_at)
    SELECT '', '', kind, channel, now() + interval '1 day', now() FROM
    (VALUES ('snapshot', 'here'), ('sweep', 'hour')) v(kind, channel)`);
  await stack.sql("DELETE FROM jobs WHERE kind IN ('archive', 'notify')");
  front = await frontOf(stack.data, 'tls/key.pem', 'tls/cert.pem');
});
after(async () => {
  await Promise.all(fronts.map((each) => each.close()));
  await network?.close();
  await stack?.close();
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  network.rest.mend();
  network.rest.authOnMedia = true;
  front.change = (request) => request;
});

async function frontOf(folder, key, cert) {
  const made = await Front.start({
    key: readFileSync(join(folder, key)),
    cert: readFileSync(join(folder, cert)),
    ports: { https: stack.httpsPort, http: stack.httpPort },
  });
  fronts.push(made);
  return made;
}

/** mainline doctor, where it finds the public URL at nginx itself. */
async function look(env = {}, args = []) {
  const { code, out, err } = await stack.mainline(['doctor', '--json', ...args], {
    env: {
      TWILIO_API_URL: stack.settings.TWILIO_API_URL,
      MAINLINE_RUN: stack.settings.MAINLINE_RUN,
      MAINLINE_CA_FILE: stack.settings.MAINLINE_TLS_CA,
      MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${stack.httpsPort}`,
      ...env,
    },
  });
  assert.equal(err, '');
  const findings = JSON.parse(out);
  for (const finding of findings) {
    assert.deepEqual(Object.keys(finding), ['check', 'code', 'severity', 'text', 'mend']);
    assert.match(finding.code, /^[a-z0-9_]+$/);
    assert.match(finding.text, /^[^]*[.)]$/);
  }
  const bad = findings.filter(({ severity }) => ['fault', 'warning'].includes(severity));
  assert.equal(code, bad.some(({ severity }) => severity === 'fault') ? 1 : 0);
  for (const { mend } of bad) assert.ok(mend.length > 10);
  return { findings, codes: bad.map(({ code: each }) => each).sort(), code };
}

/** What is found with these settings is just this, in any order. */
async function finds(env, ...codes) {
  const { codes: found, findings } = await look(env);
  const bad = findings.filter(({ severity }) => !['ok', 'not_checked'].includes(severity));
  assert.deepEqual(found, codes.sort(), JSON.stringify(bad, null, 1));
}

/** A folder for MAINLINE_DATA, as the stack's, with the flow's snapshot. */
function dataFolder(change = () => {}) {
  const folder = join(scratch, `data${made++}`);
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'flows.json'),
    readFileSync(join(stack.settings.MAINLINE_DATA, 'flows.json')),
  );
  change(folder);
  return folder;
}

/** Publish a flow with this change. */
async function publish(change) {
  const shown = JSON.parse((await stack.mainline(['flow', 'show'])).out);
  delete shown.lines['*'];
  change(shown);
  const { code, err } = await stack.mainline(['flow', 'publish', '-'], {
    input: JSON.stringify(shown),
  });
  assert.equal(code, 0, err);
}

/** Each set of settings with what is found, several at a time. */
async function all(cases) {
  const left = [...cases];
  const one = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      await finds(next[0], ...next.slice(1));
  };
  await Promise.all([one(), one(), one()]);
}

test('on a healthy stack nothing is found, and nothing is left out', async () => {
  const events = await stack.sql('SELECT count(*)::int AS n FROM events');
  const { findings, code } = await look();
  assert.deepEqual(
    findings.filter(({ severity }) => severity !== 'ok'),
    [],
  );
  assert.equal(code, 0);
  assert.ok(findings.length >= 15);
  // Neither is anything recorded of it.
  assert.equal((await stack.sql('SELECT count(*)::int AS n FROM calls'))[0].n, 1);
  assert.deepEqual(await stack.sql('SELECT count(*)::int AS n FROM events'), events);
});

test('in words: each finding with its mend, and how many', async () => {
  const { code, out } = await stack.mainline(['doctor'], {
    env: {
      TWILIO_API_URL: stack.settings.TWILIO_API_URL,
      MAINLINE_RUN: stack.settings.MAINLINE_RUN,
      MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${stack.httpsPort}`,
    },
  });
  assert.equal(code, 1);
  assert.match(
    out,
    /^FAULT {8}certificate_self_signed\n {13}The certificate of phone\.example\.com/m,
  );
  assert.match(out, /^ {13}Mend: Install a certificate of a public authority/m);
  assert.match(out, /^not checked {2}public_url: /m);
  assert.match(out, /^As it should be: .*database, migrations/m);
  assert.match(out, /^1 fault, 0 warnings\.$/m);
  for (const args of [['--jsn'], ['now']])
    assert.equal((await stack.mainline(['doctor', ...args])).code, 2);
});

test('settings', async () => {
  await all([
    [{ MAINLINE_WORKERS: 'many' }, 'config_invalid'],
    [{ DATABASE_URL: 'host=/nonexistent' }, 'database_unreachable'],
    [{ MAINLINE_LINE: '+15550100002' }, 'line_not_in_flow'],
    [{ MAINLINE_SPOOL_MB: '1048576' }, 'disk_low'],
    [{ MAINLINE_DATA: join(scratch, 'nowhere') }, 'folder_missing', 'snapshot_missing'],
    [{ MAINLINE_RUN: scratch }, 'workers_down', 'api_down'],
  ]);
  const { codes } = await look({
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
    MAINLINE_PUBLIC_URL: 'https://localhost:1',
    MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${await freePort()}`,
  });
  for (const wanted of ['account_placeholder', 'public_url_local', 'public_url_unreachable'])
    assert.ok(codes.includes(wanted), `${wanted} among ${codes}`);
});

test('the database: rights, schema', async () => {
  const [last] = await stack.sql('SELECT * FROM schema_migrations ORDER BY version DESC LIMIT 1');
  const planted = {
    database_rights: [
      'REVOKE INSERT ON calls FROM CURRENT_USER',
      'GRANT INSERT ON calls TO CURRENT_USER',
    ],
    migrations_newer: [
      "INSERT INTO schema_migrations (version, name, sha256) VALUES (999, 'x', '')",
      'DELETE FROM schema_migrations WHERE version = 999',
    ],
    migrations_changed: [
      `UPDATE schema_migrations SET name = 'x', sha256 = '\\x00' WHERE version = ${last.version}`,
      `UPDATE schema_migrations SET name = '${last.name}', sha256 = '\\x${last.sha256.toString('hex')}'
       WHERE version = ${last.version}`,
    ],
    migrations_pending: [
      `DELETE FROM schema_migrations WHERE version = ${last.version}`,
      `INSERT INTO schema_migrations (version, name, sha256)
       VALUES (${last.version}, '${last.name}', '\\x${last.sha256.toString('hex')}')`,
    ],
    // It takes the index of the search with it; nothing here searches.
    pg_trgm_missing: ['DROP EXTENSION pg_trgm CASCADE', 'CREATE EXTENSION pg_trgm'],
  };
  for (const [code, [plant, mend]] of Object.entries(planted)) {
    await stack.sql(plant);
    await finds({}, code);
    await stack.sql(mend);
  }
  await finds({});
});

test('folders: the snapshot, the spool, what nginx reads', async () => {
  const record = (name) => (folder) => {
    mkdirSync(join(folder, 'spool'));
    writeFileSync(join(folder, 'spool', name), 'x');
  };
  const without = dataFolder((folder) => rmSync(join(folder, 'flows.json')));
  const broken = dataFolder((folder) => writeFileSync(join(folder, 'flows.json'), '{'));
  const stale = dataFolder((folder) =>
    writeFileSync(join(folder, 'flows.json'), '{"versions":[],"blocks":""}'),
  );
  const bad = dataFolder(record(`${'0'.repeat(16)}-${'1'.repeat(16)}.bad`));
  const waits = dataFolder(record(`${'0'.repeat(16)}-${'1'.repeat(16)}.seg`));
  await all([
    [{ MAINLINE_DATA: without }, 'snapshot_missing'],
    [{ MAINLINE_DATA: stale }, 'snapshot_stale'],
    [{ MAINLINE_DATA: broken }, 'snapshot_broken'],
    [{ MAINLINE_DATA: bad }, 'spool_bad_files'],
    [{ MAINLINE_DATA: waits }, 'spool_waiting'],
  ]);
});

test('the background work', async () => {
  const row = `'', 'CA${'0'.repeat(32)}', 'archive', 'RE${'0'.repeat(32)}'`;
  await stack.sql(`INSERT INTO jobs (line, call_sid, kind, channel, state, due_at)
    VALUES (${row}, 'dead', now())`);
  await finds({}, 'jobs_dead');
  await stack.sql(
    `UPDATE jobs SET state = 'due', due_at = now() - interval '1 hour' WHERE kind = 'archive'`,
  );
  await finds({}, 'jobs_late');
  await stack.sql(`DELETE FROM jobs WHERE kind = 'archive'`);
  await stack.sql(`UPDATE jobs SET finished_at = now() - interval '1 hour' WHERE kind = 'sweep'`);
  await finds({}, 'reconcile_late');
  await stack.sql(
    `UPDATE jobs SET finished_at = now() - interval '1 hour' WHERE kind = 'snapshot'`,
  );
  await finds({}, 'jobs_not_running');
  await stack.sql('UPDATE jobs SET finished_at = now()');
});

test('the certificate', async () => {
  const write = (name, text) => {
    const file = join(scratch, name);
    writeFileSync(file, text);
    return file;
  };
  const shown = async (host, days) => {
    const { key, cert } = certificateFor(host, days);
    const name = `${host}.${days}`;
    write(`${name}.key`, key);
    const file = write(`${name}.cert`, cert);
    const { port } = await frontOf(scratch, `${name}.key`, `${name}.cert`);
    return {
      MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${port}`,
      MAINLINE_CA_FILE: file,
    };
  };
  const stranger = {
    MAINLINE_CA_FILE: write('none.pem', readFileSync(stack.settings.MAINLINE_TLS_CA)),
  };
  await all([
    [{ ...(await shown(HOST, 90)), ...stranger }, 'certificate_self_signed'],
    [await shown('other.example.com', 90), 'certificate_name'],
    [await shown(HOST, 0), 'certificate_expired'],
    [{ MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${stack.httpPort}` }, 'certificate_no_tls'],
    [{ MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${await freePort()}` }, 'public_url_unreachable'],
  ]);
});

test('the way of a signed request', async (t) => {
  const through = { MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${front.port}` };
  const header = (host) => (request) => ({
    ...request,
    headers: { ...request.headers, host },
  });
  const path = (from, to) => (request) => ({
    ...request,
    path: request.path.replace(from, to),
  });
  const body = (from, to) => (request) => ({
    ...request,
    body: Buffer.from(request.body.toString().replace(from, to)),
  });
  const ways = {
    'passed on as it came': [(request) => request],
    'its Host written anew': [header('localhost'), 'host_rewritten'],
    'a port added to it': [header(`${HOST}:8443`), 'port_added'],
    'a Host that nobody knows': [header('inner.example'), 'host_unknown'],
    'its body escaped anew': [body('%C3%A9', '%c3%a9'), 'body_rewritten'],
    'its body cleaned': [body('%3Cb%3E', ''), 'body_changed'],
    'its query decoded': [path('%2B', '+'), 'query_changed'],
    'its path cut': [path('/twilio/', '/'), 'path_changed'],
    'sent to the plain port': [(request) => ({ ...request, to: 'http' }), 'plain_port'],
    'sent elsewhere': [
      () => ({
        status: 308,
        headers: { Location: 'https://www.example.com/' },
      }),
      'redirected',
    ],
    'answered by somebody else': [() => ({ status: 404, body: '<h1>Not here' }), 'not_mainline'],
  };
  for (const [name, [change, ...codes]] of Object.entries(ways)) {
    await t.test(name, async () => {
      front.change = change;
      await finds(through, ...codes);
    });
  }
  await t.test('signed with what the workers do not take', async () => {
    network.authTokens.push('another token');
    await finds({ TWILIO_AUTH_TOKEN: 'another token' }, 'signature_refused');
    await finds(
      { TWILIO_AUTH_TOKEN: `another token,${TOKEN}` },
      'token_differs',
      'two_auth_tokens',
    );
    network.authTokens.pop();
  });
  await t.test('with nobody behind nginx', async () => {
    const socket = join(stack.settings.MAINLINE_RUN, 'hook.sock');
    renameSync(socket, `${socket}.away`);
    try {
      await finds({}, 'workers_down', 'workers_no_answer');
    } finally {
      renameSync(`${socket}.away`, socket);
    }
  });
});

test('the account at Twilio', async (t) => {
  const { account, rest } = network;
  const planted = {
    'nobody there': [() => rest.fail({ reset: true, times: 99 }), 'twilio_unreachable'],
    suspended: [() => (account.status = 'suspended'), 'account_suspended'],
    closed: [() => (account.status = 'closed'), 'account_closed'],
    'on trial, the phone not verified': [
      () => (account.isTrial = true),
      'account_trial',
      'phone_not_verified',
    ],
    'on trial, the phone verified': [
      () => Object.assign(account, { isTrial: true, callerIds: [PHONE] }),
      'account_trial',
    ],
    'with another clock': [() => (rest.clockShiftMs = 60_000), 'clock_skew_twilio'],
    'with audio for everybody': [() => (rest.authOnMedia = false), 'media_open'],
    'a country closed': [() => (account.closedCodes = ['1']), 'country_closed'],
  };
  for (const [name, [plant, ...codes]] of Object.entries(planted)) {
    await t.test(name, async () => {
      plant();
      await finds({}, ...codes);
      Object.assign(account, {
        status: 'active',
        isTrial: false,
        callerIds: [],
        closedCodes: [],
      });
      rest.mend();
      rest.authOnMedia = true;
    });
  }
  await t.test('keys and tokens', async () => {
    const key = {
      TWILIO_API_KEY: `SK${'1'.repeat(32)}`,
      TWILIO_API_SECRET: 'wrong',
    };
    await finds(key, 'api_key_refused');
    await finds({ TWILIO_AUTH_TOKEN: `${TOKEN},an old one` }, 'auth_token_stale');
    const { codes } = await look({ TWILIO_AUTH_TOKEN: 'wrong' });
    assert.deepEqual(codes, ['auth_token_refused', 'signature_refused']);
  });
});

test('the numbers', async (t) => {
  const settings = { ...network.numbers[stack.line] };
  const set = (change) => {
    Object.assign(network.numbers[stack.line], change);
    network.account.putNumber(stack.line);
  };
  const elsewhere = 'https://demo.twilio.com/welcome/voice/';
  const planted = {
    'a method of its own': [{ voiceMethod: 'GET' }, 'number_drifted'],
    'no status callback': [{ statusCallback: '' }, 'number_drifted'],
    'pointed elsewhere': [{ voiceUrl: elsewhere, statusCallback: '' }, 'number_elsewhere'],
    'pointed nowhere': [{ voiceUrl: '', voiceFallbackUrl: '', statusCallback: '' }, 'number_unset'],
    'at an address that we had': [
      { voiceUrl: settings.voiceUrl.replace(HOST, 'old.example.com') },
      'number_moved',
    ],
    'its fallback on this host': [
      { voiceFallbackUrl: settings.voiceUrl.replace('/voice', '/fallback') },
      'fallback_same_host',
    ],
  };
  for (const [name, [change, ...codes]] of Object.entries(planted)) {
    await t.test(name, async () => {
      set(change);
      await finds({}, ...codes);
      set(settings);
    });
  }
  await t.test('one more that points here', async () => {
    network.account.addNumber('+15550100005', {
      ...settings,
      sid: `PN${'5'.repeat(32)}`,
      voiceUrl: settings.voiceUrl.replace('0001', '0005'),
      statusCallback: settings.statusCallback.replace('0001', '0005'),
    });
    await finds({}, 'number_not_in_flow');
    network.account.numberRows.delete(`PN${'5'.repeat(32)}`);
  });
});

test('the flow, and who is told', async () => {
  const closed = await freePort();
  await publish((flow) => {
    flow.lines['+15550100003'] = { ...flow.lines[stack.line] };
    flow.lines[stack.line].notify = {
      email: ['office@example.com'],
      webhook: `http://127.0.0.1:${closed}/`,
    };
  });
  await finds({}, 'number_missing', 'mail_not_configured', 'webhook_not_configured');
  const told = {
    MAINLINE_SMTP_URL: `smtp://127.0.0.1:${closed}`,
    MAINLINE_SMTP_FROM: 'a@example.com',
    MAINLINE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  };
  await finds(told, 'number_missing');
  const { codes } = await look(told, ['--notify']);
  assert.deepEqual(codes, ['notice_failed', 'notice_failed', 'number_missing']);
});

test('the page is told what `mainline jobs` finds, when somebody asks', async (t) => {
  const api = (method) => stack.api.request('/api/doctor', { method });
  await stack.sql("DELETE FROM jobs WHERE kind = 'doctor'");
  const none = await api('GET');
  assert.deepEqual(none.json, {
    pending: false,
    host: null,
    checked_at: null,
    findings: [],
  });
  assert.equal((await api('POST')).json.code, 'jobs_not_running');
  const agent = (
    await stack.mainline(['token', 'add', '--name', 'x', '--scope', 'read'])
  ).out.trim();
  for (const method of ['GET', 'POST'])
    assert.equal((await stack.api.request('/api/doctor', { method, token: agent })).status, 403);
  assert.equal((await stack.api.request('/api/doctor?x=1')).status, 400);

  // Where the user who runs it may read it.
  const authority = join(scratch, 'authority.pem');
  chmodSync(scratch, 0o755);
  writeFileSync(authority, stack.ca);
  const env = stack.commandEnv({
    TWILIO_API_URL: stack.settings.TWILIO_API_URL,
    MAINLINE_RUN: stack.settings.MAINLINE_RUN,
    MAINLINE_CA_FILE: authority,
    MAINLINE_PUBLIC_CONNECT: `127.0.0.1:${stack.httpsPort}`,
    ...(stack.settings.MAINLINE_USER && { MAINLINE_USER: stack.settings.MAINLINE_USER }),
  });
  const jobs = spawn(BINARY, ['jobs'], { env, stdio: 'ignore' });
  t.after(() => jobs.kill());
  const asked = await until(async () => {
    const { status, json } = await api('POST');
    return status === 202 && json;
  }, 10_000);
  assert.equal(asked.pending, true);
  const shown = await until(async () => {
    const { json } = await api('GET');
    return json.checked_at !== null && !json.pending && json;
  }, 20_000);
  assert.equal(shown.host, hostname());
  const { findings } = await look();
  const codes = (list) => list.filter(({ check }) => check !== 'jobs').map(({ code }) => code);
  assert.deepEqual(codes(shown.findings), codes(findings));
});
