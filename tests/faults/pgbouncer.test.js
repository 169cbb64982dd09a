// pgbouncer in transaction mode between us and the database, with as few sessions as a
// company would give it: each story is told right, no session is left with settings or
// statements of ours, and a pgbouncer that is killed takes nothing along.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { BINARY, run, Stack } from '../e2e/support/stack.js';
import { freshSeed } from '../simulator/index.js';
import { Bouncer, bouncerVersion } from './support/bouncer.js';
import { Postgres } from './support/postgres.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';
import { assertNothingHappened, BEFORE_S, underLoad } from './support/under-load.js';

const STEADY_S = 4;
const RESTARTS = 4;
const AWAY_MS = 700;
const seed = process.env.SEED ?? freshSeed();

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {Bouncer} */
let bouncer;
before(async () => {
  stack = await Stack.start();
  // What a careless server has by default, and what must not hold for us.
  await stack.sql('ALTER ROLE mainline SET synchronous_commit = off');
  await stack.sql('CREATE TABLE commits (how text)');
  await stack.sql(`CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO commits VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$`);
  await stack.sql(`CREATE TRIGGER note_commit AFTER INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION note_commit()`);
  bouncer = await Bouncer.start(new Postgres(stack));
  supervised = await Supervised.takeOver(stack, { DATABASE_URL: bouncer.url() });
});
beforeEach(() => stack.sql('TRUNCATE events, events_aside, calls'));
afterEach(() => drained(stack));
after(async () => {
  await supervised?.handBack();
  await bouncer?.close();
  await stack?.close();
});

const complaints = () =>
  ['mainline', 'jobs'].flatMap((part) => stack.log(part).filter(({ ev }) => ev === 'db_error'));

test(`every story through pgbouncer ${bouncerVersion()}, seed ${seed}`, async (t) => {
  const happened = await underLoad(stack, `${seed} ${t.name}`, BEFORE_S + STEADY_S, () =>
    wait(STEADY_S * 1000),
  );
  await assertNothingHappened(t, happened);
  assert.deepEqual(complaints(), [], 'no statement was refused');
  const commits = await stack.sql('SELECT how, count(*)::integer AS n FROM commits GROUP BY how');
  assert.deepEqual(
    commits.map(({ how }) => how),
    ['on'],
    'each event is durable before it is acknowledged',
  );
});

test('no session is left with what was set for us', async () => {
  for (const [setting, want] of [
    ['statement_timeout', '0'],
    ['synchronous_commit', 'off'],
    ['plan_cache_mode', 'auto'],
    ['jit', 'on'],
  ]) {
    const sessions = await bouncer.sessions(setting);
    assert.equal(new Set(sessions.map(({ pid }) => pid)).size, sessions.length);
    assert.deepEqual(new Set(sessions.map(({ value }) => value)), new Set([want]), setting);
  }
  assert.deepEqual(await bouncer.sql('SELECT name FROM pg_prepared_statements'), []);
});

test(`pgbouncer is killed ${RESTARTS} times, seed ${seed}`, async (t) => {
  const seconds = BEFORE_S + RESTARTS * 1.5 + 1;
  const happened = await underLoad(stack, `${seed} ${t.name}`, seconds, async () => {
    for (let i = 0; i < RESTARTS; i += 1) {
      await bouncer.kill();
      await wait(AWAY_MS);
      await bouncer.up();
      await wait(AWAY_MS);
    }
  });
  await assertNothingHappened(t, happened);
});

test('two migrations at once, and no lock is left', async () => {
  await stack.sql('CREATE DATABASE second');
  const migrate = () =>
    run(BINARY, ['migrate'], {
      env: { ...supervised.settings, DATABASE_URL: bouncer.url('second') },
    });
  const ended = await Promise.all([migrate(), migrate()]);
  assert.deepEqual(
    ended.map(({ code }) => code),
    [0, 0],
    JSON.stringify(ended),
  );
  const locks = await stack.sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'");
  assert.deepEqual(locks, []);
  assert.equal((await migrate()).code, 0);
});

test('commands work through it', async () => {
  const env = { DATABASE_URL: bouncer.url() };
  for (const args of [
    ['flow', 'list'],
    ['user', 'list'],
    ['jobs', 'list'],
    ['migrate', '--rebuild-calls'],
    ['export'],
  ]) {
    const { code, err } = await stack.mainline(args, { env });
    assert.equal(code, 0, `${args.join(' ')}: ${err}`);
  }
});
