// The commands, as somebody at a terminal meets them.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { BINARY, cleanEnv, run, Stack } from './support/stack.js';
import { ROOT } from './support/root.js';
import { assertTwiml } from './support/twiml.js';
import { inbound, post } from './support/webhook.js';

const SAMPLE = join(ROOT, 'flows/sample.json');
const COMMANDS = ['serve', 'jobs', 'migrate', 'config', 'flow', 'token', 'user', 'export', 'version'];

/** @type {Stack} */
let stack;
let folder;
before(async () => {
  stack = await Stack.start();
  folder = mkdtempSync(join(tmpdir(), 'mainline-cli-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stack.close();
});

/** mainline ARGS with nothing of ours in the environment. */
const bare = (args, env = {}, input = '') => run(BINARY, args, { env: cleanEnv(env), input });

function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('every command helps, on standard output, with status 0', async () => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['help'],
    ...COMMANDS.flatMap((command) => [
      [command, '--help'],
      [command, '-h'],
    ]),
  ]) {
    const { code, out, err } = await bare(args);
    assert.equal(code, 0, args.join(' '));
    assert.match(out, /^usage: mainline/);
    assert.equal(err, '');
    for (const line of out.split('\n')) assert.ok(line.length <= 100, line);
  }
});

test('what is not understood gets status 2 and says where help is', async () => {
  for (const args of [
    [],
    ['serv'],
    ['flow'],
    ['flow', 'nothing'],
    ['jobs', 'sell'],
    ['jobs', 'list', 'archive'],
    ['jobs', 'list', '--state', 'all'],
    ['jobs', 'list', '--limit', '0'],
    ['jobs', 'list', '--limit', 'x'],
    ['jobs', 'list', '--kind', 'bake'],
    ['jobs', 'retry', 'bake', 'CA1'],
    ['jobs', 'retry', '--dead', '--kind', 'bake'],
    ['jobs', 'retry'],
    ['jobs', 'retry', 'archive'],
    ['jobs', 'retry', 'archive', 'CA1', 'RE1', 'more'],
    ['jobs', 'retry', '--dead', 'archive'],
    ['jobs', 'retry', 'archive', 'CA1', '--kind', 'archive'],
    ['jobs', 'retry', '--all'],
    ['token'],
    ['token', 'sell'],
    ['user'],
    ['serve', 'now'],
    ['migrate', '--down'],
    ['config', 'x'],
    ['flow', 'check'],
    ['flow', 'show', 'seven'],
    ['flow', 'publish'],
    ['token', 'add'],
    ['token', 'add', '--name'],
    ['token', 'add', '--name', 'x', '--scope', 'all'],
    ['token', 'add', '--name', '', '--scope', 'read'],
    ['token', 'revoke'],
    ['token', 'add', '--name', 'x', '--scope', 'read', '--force'],
  ]) {
    const { code, out, err } = await bare(args, { DATABASE_URL: 'host=/nonexistent' });
    assert.equal(code, 2, `${args.join(' ')}: ${err}`);
    assert.equal(out, '');
    assert.match(err, /--help|--scope|--name|--state|--limit|flow list/);
  }
});

test('what kinds of jobs there are', async () => {
  const daily = ['retention', 'settle', 'snapshot', 'sweep'];
  const kinds = ['archive', 'doctor', 'erase', 'notify', 'reconcile', ...daily];
  const { err } = await bare(['jobs', 'list', '--kind', 'bake']);
  assert.match(err, new RegExp(`there is no kind bake; there are ${kinds.join(', ')};`));
  const { out } = await bare(['jobs', '--help']);
  for (const kind of kinds) assert.match(out, new RegExp(`^  ${kind} +\\S`, 'm'));
  assert.match((await bare(['--help'])).out, /^  jobs +.*list.*retry/m);
});

test('version', async () => {
  for (const args of [['version'], ['--version']]) {
    const { code, out } = await bare(args);
    assert.equal(code, 0);
    assert.match(out, /^mainline \d+\.\d+\.\d+ \(libpq \d+/);
  }
});

test('what is missing or wrong in the configuration is named, all of it at once', async () => {
  const missing = await bare(['serve']);
  assert.equal(missing.code, 1);
  for (const key of [
    'DATABASE_URL',
    'MAINLINE_PUBLIC_URL',
    'TWILIO_ACCOUNT_SID',
    'TWILIO_AUTH_TOKEN',
  ])
    assert.match(missing.err, new RegExp(`^mainline serve: ${key}: is not set`, 'm'));

  const wrong = await bare(['config'], {
    MAINLINE_PUBLIC_URL: 'https://phone.example.com/',
    MAINLINE_WORKERS: '0',
    MAINLINE_LINE: '15550100001',
    MAINLINE_FORWARD_TO: '+1 555 0100',
    MAINLINE_COLOUR: 'red',
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: 'a,,b',
    MAINLINE_LOG_LEVEL: 'loud',
    DATABASE_URL: 'postgresql://[broken',
  });
  assert.equal(wrong.code, 1);
  for (const key of [
    'MAINLINE_PUBLIC_URL',
    'MAINLINE_WORKERS',
    'MAINLINE_LINE',
    'MAINLINE_FORWARD_TO',
    'MAINLINE_COLOUR',
    'TWILIO_ACCOUNT_SID',
    'TWILIO_AUTH_TOKEN',
    'MAINLINE_LOG_LEVEL',
    'DATABASE_URL',
  ])
    assert.match(wrong.err, new RegExp(`^mainline config: ${key}: `, 'm'));
});

test('the configuration prints itself, without secrets', async () => {
  const secret = 'f00df00df00df00df00df00df00df00d';
  const { code, out } = await bare(['config'], {
    DATABASE_URL: `postgresql://app:${secret}@db.example/calls`,
    TWILIO_AUTH_TOKEN_FILE: file('token', `${secret}\n`),
    MAINLINE_CONFIG: file('mainline.ini', 'MAINLINE_WORKERS = 4\nMAINLINE_LINE = +15550100009\n'),
    MAINLINE_WORKERS: '6',
  });
  assert.equal(code, 0);
  assert.ok(!out.includes(secret), out);
  assert.match(out, /^MAINLINE_WORKERS = 6$/m);
  assert.match(out, /^MAINLINE_LINE = \+15550100009$/m);
  assert.match(out, /^TWILIO_AUTH_TOKEN = \*{4}$/m);
  assert.match(out, /^DATABASE_URL = .*host=db\.example/m);
});

test('a flow is checked, and each error has its place and its mend', async () => {
  const good = await bare(['flow', 'check', SAMPLE]);
  assert.deepEqual([good.code, good.err], [0, '']);
  const flow = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  flow.steps.office.forward.to = ['recption'];
  flow.steps.welcome.menu.tries = '3';
  const bad = await bare(['flow', 'check', '-'], {}, JSON.stringify(flow));
  assert.equal(bad.code, 1);
  assert.match(
    bad.err,
    /^-: steps\.office\.forward\.to\[0\]: no phone is named "recption"; the phones are: reception/m,
  );
  assert.match(
    bad.err,
    /^-: steps\.welcome\.menu\.tries: must be a whole number from 1 to 10, without quotes$/m,
  );
  const broken = await bare(['flow', 'check', file('broken.json', '{\n  "lines": {,\n}')]);
  assert.equal(broken.code, 1);
  assert.match(broken.err, /line 2, column 13: is not JSON here: a name in double quotes is missing/);
  assert.equal((await bare(['flow', 'check', join(folder, 'nothing.json')])).code, 1);
});

test('a flow is published, shown, listed and used by the next call', async () => {
  const none = await stack.mainline(['flow', 'list']);
  assert.match(none.err, /Nothing is published/);
  const builtin = await stack.mainline(['flow', 'show']);
  assert.match(JSON.parse(builtin.out).steps.welcome.menu.say, /Press 1/);

  const { code, out } = await stack.mainline(['flow', 'publish', SAMPLE, '--by', 'Ada']);
  assert.deepEqual(
    [code, out.trim().split('\n').at(-1)],
    [0, 'Published as version 1; new calls begin with it at once.'],
  );
  assert.match((await stack.mainline(['flow', 'publish', SAMPLE])).out, /It is version 1 already/);
  assert.equal((await stack.mainline(['flow', 'show'])).out, readFileSync(SAMPLE, 'utf8'));
  assert.equal((await stack.mainline(['flow', 'show', '1'])).code, 0);
  assert.equal((await stack.mainline(['flow', 'show', '2'])).code, 1);
  assert.match((await stack.mainline(['flow', 'list'])).out, /^ +1 .*Ada$/m);

  // The first version is in force at once, in workers that run since before it.
  const answer = assertTwiml(
    await post(stack, `/twilio/voice?line=${encodeURIComponent(stack.line)}`, inbound(stack)),
  );
  assert.match(answer, /Acme/);
  assert.match(answer, /&amp;v=1&amp;/);
});

test('the second version waits 30 s, and a call ends on the version it began with', async () => {
  const flow = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  flow.steps.welcome.menu.say = 'Second version.';
  flow.steps.message.voicemail.say = 'Second message.';
  const path = file('second.json', JSON.stringify(flow));
  const second = await stack.mainline(['flow', 'publish', path]);
  assert.match(second.out, /Published as version 2; new calls begin with it in 30 s\./);
  assert.equal(second.err, '');
  const url = `/twilio/voice?line=${encodeURIComponent(stack.line)}`;
  const first = assertTwiml(await post(stack, url, inbound(stack)));
  assert.match(first, /Acme/);
  await stack.sql("UPDATE flows SET published_at = published_at - interval '31 seconds'");
  // A publish of the same document writes the snapshot again.
  await stack.mainline(['flow', 'publish', path]);
  assert.match(assertTwiml(await post(stack, url, inbound(stack))), /Second version/);
  const action = /action="([^"]+)"/.exec(first)[1].replaceAll('&amp;', '&');
  const next = assertTwiml(await post(stack, action, inbound(stack, { Digits: '2' })));
  assert.match(next, /Please leave a message/);
  assert.match(next, /&amp;v=1&amp;/);
});

test('a flow without the line is published, and said to be so', async () => {
  const flow = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  flow.lines = { '+15550109999': flow.lines['*'] };
  const { code, err } = await stack.mainline([
    'flow',
    'publish',
    file('elsewhere.json', JSON.stringify(flow)),
  ]);
  assert.equal(code, 0);
  assert.match(err, /warning: MAINLINE_LINE \+\d+ is not among its lines; .*leave a message/);
});

test('a flow that tells somebody is published, and what it lacks is said', async () => {
  const flow = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  flow.lines['*'].notify = { email: ['a@example.com'], webhook: 'https://example.com/calls' };
  const publish = async (env) => {
    const input = JSON.stringify(flow);
    const { code, err } = await stack.mainline(['flow', 'publish', '-'], { input, env });
    assert.equal(code, 0, err);
    return err;
  };
  const bareWords = await publish({});
  assert.match(bareWords, /warning: it names mail addresses, but MAINLINE_SMTP_URL is not set here/);
  assert.match(bareWords, /warning: it names a webhook, but MAINLINE_WEBHOOK_SECRET is not set here/);
  const mail = { MAINLINE_SMTP_URL: 'smtp://127.0.0.1:9', MAINLINE_SMTP_FROM: 'a@example.com' };
  assert.doesNotMatch(await publish(mail), /mail addresses/);
  assert.equal(
    await publish({
      ...mail,
      MAINLINE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    }),
    '',
  );
});

test('tokens are made, listed and revoked', async () => {
  const made = await stack.mainline([
    'token',
    'add',
    '--name',
    'dashboard',
    '--scope',
    'read,audio',
  ]);
  assert.match(made.out, /^ml_[A-Za-z0-9_-]{43}\n$/);
  const twice = await stack.mainline(['token', 'add', '--name=dashboard', '--scope=read']);
  assert.equal(twice.code, 1);
  assert.match(twice.err, /in use/);
  const listed = await stack.mainline(['token', 'list']);
  assert.match(listed.out, /dashboard +read,audio .*never +in use/);
  assert.ok(!listed.out.includes(made.out.trim()));
  assert.equal((await stack.mainline(['token', 'revoke', 'dashboard'])).code, 0);
  assert.equal((await stack.mainline(['token', 'revoke', 'dashboard'])).code, 1);
  assert.match((await stack.mainline(['token', 'list'])).out, /dashboard .*revoked 20/);
});

test('jobs are listed, and those given up are tried again', async () => {
  await stack.sql(
    `INSERT INTO jobs (line, call_sid, kind, channel, state, due_at, attempts, last_error, finished_at)
     VALUES ($1, 'CA7', 'notify', 'email', 'dead', '2026-01-01', 9, '404', '2026-01-02'),
            ($1, 'CA7', 'notify', 'webhook', 'done', '2026-01-01', 1, 'nobody', '2026-01-02'),
            ($1, 'CA8', 'notify', 'email', 'due', '2099-01-01', 0, NULL, NULL)`,
    [stack.line],
  );
  const states = async (...args) =>
    (await stack.mainline(['jobs', 'list', '--kind', 'notify', ...args])).out
      .split('\n')
      .slice(1, -1)
      .map((row) => row.split(/ {2,}/)[0]);
  assert.deepEqual(await states(), ['dead', 'due']);
  assert.deepEqual(await states('--state', 'done'), ['done']);
  assert.deepEqual(await states('--limit', '1'), ['dead']);
  const listed = await stack.mainline(['jobs', 'list', '--state=dead']);
  assert.match(listed.out, /^dead +2026-01-02T00:00:00 +9 +notify +CA7 +email +404$/m);
  assert.match(listed.out, /CHANNEL +REMARK$/m);

  const retry = (...args) => stack.mainline(['jobs', 'retry', ...args]);
  const none = await retry('notify', 'CA7', 'webhook');
  assert.equal(none.code, 1);
  assert.match(none.err, /no such job waits or was given up; see mainline jobs list/);
  assert.equal((await retry('notify', 'CA9')).code, 1);
  const one = await retry('notify', 'CA7');
  assert.deepEqual([one.code, one.out], [0, '1 job is due now.\n']);
  assert.deepEqual((await retry('--dead')).out, '0 jobs are due now.\n');
});

test('a database that is away is said in words, with status 1', async () => {
  for (const args of [
    ['migrate'],
    ['flow', 'list'],
    ['flow', 'publish', SAMPLE],
    ['token', 'list'],
    ['token', 'revoke', 'x'],
    ['user', 'list'],
    ['jobs', 'list'],
    ['jobs', 'retry', '--dead'],
  ]) {
    const { code, err } = await bare(args, {
      DATABASE_URL: `host=${folder} user=nobody`,
      MAINLINE_DATA: folder,
    });
    assert.equal(code, 1, args.join(' '));
    assert.match(err, /the database cannot be reached; check DATABASE_URL/);
  }
});

test('migrating again changes nothing', async () => {
  const { code, out } = await stack.mainline(['migrate']);
  assert.equal(code, 0);
  assert.match(out, /at version \d+ already/);
});

test('serve does not run as root without a user to become', async (t) => {
  if (process.getuid() !== 0) {
    t.diagnostic('not root here: what is refused is only asked of root');
    return;
  }
  const { code, err } = await stack.mainline(['serve'], {
    env: { MAINLINE_RUN: join(folder, 'run') },
  });
  assert.equal(code, 1);
  assert.match(err, /will not serve as root/);
});

test('a dump is restored, every call with its outcome', async () => {
  await stack.sql(
    `INSERT INTO calls (line, sid, first_seen_at, first_received_at, updated_at, status_rank, note)
     VALUES ($1, 'CA1', now(), now(), now(), 112, 'ours'), ($1, 'CA2', now(), now(), now(), 125, '')`,
    [stack.line],
  );
  const url = stack.settings.DATABASE_URL;
  const dump = join(folder, 'mainline.dump');
  const restored = url.replace(/\/mainline$/, '/restored');
  const dumped = await run('pg_dump', ['-Fc', '-f', dump, url]);
  assert.equal(dumped.code, 0, dumped.err);
  await stack.sql('CREATE DATABASE restored');
  const done = await run('pg_restore', ['--exit-on-error', '--no-owner', '-d', restored, dump]);
  assert.equal(done.code, 0, done.err);
  const client = new pg.Client({ connectionString: restored });
  await client.connect();
  const rows = `SELECT line, sid, outcome, reason, status, note FROM calls ORDER BY sid`;
  const copy = (await client.query(rows)).rows;
  await client.end();
  assert.ok(copy.length >= 2);
  assert.deepEqual(copy, await stack.sql(rows));
  assert.equal(copy.find(({ sid }) => sid === 'CA1').reason, 'twilio_error');
});
