// An event that no table takes, not even that of what is set aside, keeps nobody
// waiting: its bytes are kept in a file, and all others go on.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Stack } from './support/stack.js';
import { inbound, post } from './support/webhook.js';

const WITHIN_MS = 15_000;
const POISON = '+15550100666';

/** @type {Stack} */
let stack;

before(async () => {
  stack = await Stack.start({}, { jobs: false });
  for (const table of ['events', 'events_aside'])
    await stack.sql(
      `ALTER TABLE ${table} ADD CONSTRAINT poison
       CHECK (position(convert_to('15550100666', 'UTF8') IN body) = 0)`,
    );
});
after(() => stack.close());

const folder = () => join(stack.settings.MAINLINE_DATA, 'spool');
const files = (ending) => readdirSync(folder()).filter((name) => name.endsWith(ending));

async function until(what, holds) {
  const end = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(50);
  }
}

const isThere = async ({ CallSid }) =>
  (await stack.sql('SELECT FROM calls WHERE sid = $1', [CallSid])).length === 1;

/** Poison among calls; all of them are answered as ever. */
async function send() {
  const froms = ['+15550100001', POISON, '+15550100002', '+15550100003'];
  const list = froms.map((From) => inbound(stack, { From }));
  const path = `/twilio/voice?line=${encodeURIComponent(stack.line)}`;
  const answers = await Promise.all(list.map((params) => post(stack, path, params)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  return list;
}

async function assertKept([first, poison, ...rest], n) {
  for (const params of [first, ...rest])
    await until('the others are there', () => isThere(params));
  await until('it is kept', () => files('.bad').length === n);
  await until('nothing else waits', () => files('.seg').length + files('.own').length === 0);
  const kept = files('.bad').map((name) => readFileSync(join(folder(), name), 'latin1'));
  assert.equal(kept.filter((bytes) => bytes.includes(poison.CallSid)).length, 1);
  const said = stack.log().filter(({ ev }) => ev === 'spool_bad');
  assert.equal(said.length, n);
  assert.ok(!said.some((line) => JSON.stringify(line).includes('5550100')));
}

test('one that comes while all is well', async () => assertKept(await send(), 1));

test('one that comes out of the spool', async () => {
  const holder = new pg.Client({ connectionString: stack.settings.DATABASE_URL });
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE events, events_aside');
  const list = await send();
  assert.ok(files('.seg').length + files('.own').length > 0);
  await holder.query('ROLLBACK');
  await holder.end();
  await assertKept(list, 2);
});
