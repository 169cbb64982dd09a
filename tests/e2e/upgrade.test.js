// The schema of the next version comes while this one answers: nobody who calls, and
// nothing that was acknowledged, notices.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { childrenOf } from '../faults/support/processes.js';
import { until } from './support/door.js';
import { Stack } from './support/stack.js';

/** As long as a large table takes, and longer than an event waits for the database. */
const LOCKED_S = 3;
/** Each with two calls at a time. */
const LANES = 4;

/** @type {Stack} */
let stack;
let network;
const answers = [];
before(async () => {
  stack = await Stack.start({}, { jobs: false });
  network = stack.network();
  network.on('answer', ({ call, request }) =>
    answers.push({ call: call.sid, url: request.url, status: request.response.status }),
  );
});
after(async () => {
  await network.close();
  await stack.close();
});

/** What a migration may do: new tables, columns and indexes; nothing is taken away. */
const migration = () =>
  stack.sql(
    `BEGIN;
     ALTER TABLE events ADD COLUMN of_later text;
     ALTER TABLE calls ADD COLUMN of_later integer NOT NULL DEFAULT 7;
     CREATE INDEX calls_of_later ON calls (of_later);
     CREATE TABLE of_later (x integer);
     SELECT pg_sleep(${LOCKED_S});
     INSERT INTO schema_migrations (version, name, sha256)
       SELECT max(version) + 1, 'of_later.sql', '' FROM schema_migrations;
     COMMIT`,
  );

function load(lanes) {
  const state = { on: true };
  const place = (key) =>
    network.call({ from: '+15550001001', to: stack.line, caller: [{ press: key }] });
  const lane = async () => {
    while (state.on) await Promise.all([place('1'), place('2')]);
  };
  const all = Promise.all(Array.from({ length: lanes }, lane));
  return () => {
    state.on = false;
    return all;
  };
}

test('the next schema comes under calls: each is answered, none is lost', async () => {
  const end = load(LANES);
  await wait(500);
  const before = answers.length;
  await migration();
  assert.ok(answers.length > before + 2 * LANES, 'more than the calls that were under way');
  const workers = () => childrenOf(stack.servePid).filter(({ name }) => name === 'ml-hook');
  const old = workers().map(({ pid }) => pid);
  process.kill(stack.servePid, 'SIGHUP');
  await until(async () => workers().every(({ pid }) => !old.includes(pid)));
  await wait(500);
  await end();
  assert.deepEqual(answers.filter(({ status }) => status < 200 || status > 299), []);
  const lost = () =>
    stack
      .sql('SELECT call_sid, uri FROM events')
      .then((rows) => new Set(rows.map(({ call_sid: sid, uri }) => `${sid} ${uri}`)))
      .then((known) =>
        answers.filter(({ call, url }) => {
          const uri = url.replace(/^https:\/\/[^/]+/, '').replace(/#.*/, '');
          return !known.has(`${call} ${uri}`);
        }),
      );
  await until(async () => (await lost()).length === 0);
  const [{ n }] = await stack.sql('SELECT count(*)::integer AS n FROM calls WHERE of_later = 7');
  assert.equal(n, new Set(answers.map(({ call }) => call)).size);
});

test('this version goes on against it, and says that it is the older one', async () => {
  assert.equal((await stack.api.get('/readyz', { token: null })).ready, true);
  assert.ok((await stack.api.get('/api/calls')).calls.length > 10);
  const { code, err } = await stack.mainline(['migrate']);
  assert.equal(code, 1);
  assert.match(err, /newer than this program \(\d+\); use the newer program/);
});
