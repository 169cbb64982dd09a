// The primary is lost and the standby promoted, with a connection string that names
// both: callers notice nothing, and with synchronous replication nothing acknowledged
// is lost.  A host that is gone refuses connections, or swallows what is sent to it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Stack } from '../e2e/support/stack.js';
import { freshSeed } from '../simulator/index.js';
import { Cluster } from './support/cluster.js';
import { until } from './support/processes.js';
import { drained } from './support/spool.js';
import { Supervised } from './support/supervised.js';
import { assertNothingHappened, BEFORE_S, underLoad } from './support/under-load.js';

/** Until somebody, or a program, has seen it and promotes the standby. */
const NOTICED_MS = 3000;
const AFTER_S = 8;
const COMMITS_WITHIN_MS = 10_000;
const ALL_BACK_WITHIN_MS = 20_000;
const CALLS_PER_S = 25; // beside two servers that write all of it
const seed = process.env.SEED ?? freshSeed();

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {Cluster} */
let cluster;
before(async () => {
  stack = await Stack.start();
  cluster = await Cluster.start(stack);
  supervised = await Supervised.takeOver(stack, { DATABASE_URL: cluster.url });
  await cluster.synchronous(true);
});
beforeEach(() => stack.sql('TRUNCATE events, events_aside, calls'));
afterEach(() => drained(stack));
after(async () => {
  await supervised?.handBack();
  await cluster?.close();
  await stack?.close();
});

const events = async (server) =>
  (await server.sql('SELECT count(*)::integer AS n FROM events'))[0].n;

/** The standby is promoted; how many milliseconds until something new is committed. */
async function promote() {
  const before = await events(cluster.standby);
  await cluster.promote();
  return until(
    async () => (await events(cluster.primary)) > before,
    'a commit',
    COMMITS_WITHIN_MS,
  );
}

const word = async () => (await stack.api.get('/api/changes', { described: false })).change;
const snapshot = () => readFileSync(join(stack.settings.MAINLINE_DATA, 'flows.json'), 'utf8');

/** Workers write, the background work reads it there, and pages are told of changes. */
async function assertAllAreBack(t, number) {
  const began = performance.now();
  const path = `/api/blocks/${encodeURIComponent(number)}`;
  const blocked = async () => {
    const headers = { 'Content-Type': 'application/json' };
    return (await stack.api.request(path, { method: 'PUT', body: '{}', headers })).status === 200;
  };
  await until(blocked, 'the API writes', ALL_BACK_WITHIN_MS);
  await until(() => snapshot().includes(number), 'the jobs are back', ALL_BACK_WITHIN_MS);
  const before = await word();
  const network = stack.network({ people: { '*': { does: 'busy' } } });
  const call = await network.call({ from: '+15550001234', to: stack.line, caller: [{ press: '2' }, { message: 8 }] });
  await network.close();
  await until(async () => (await word()) !== before, 'pages are told', ALL_BACK_WITHIN_MS);
  assert.equal((await stack.api.call(call.sid)).outcome, 'voicemail');
  t.diagnostic(`API, jobs and pages: ${Math.round(performance.now() - began)} ms later`);
}

const WAYS = {
  'refuses connections': async (server) => {
    await server.crash();
    await cluster.proxyOf(server).refuse();
    cluster.proxyOf(server).cut();
  },
  'swallows all that is sent to it': async (server) => {
    cluster.proxyOf(server).freeze();
    await server.crash();
  },
};

let number = 15550002000;
for (const [way, away] of Object.entries(WAYS)) {
  test(`the primary ${way}, seed ${seed}`, async (t) => {
    const lost = cluster.primary;
    let committedMs = Infinity;
    const seconds = BEFORE_S + NOTICED_MS / 1000 + AFTER_S;
    const happens = async () => {
      await away(lost);
      await wait(NOTICED_MS);
      committedMs = await promote();
    };
    const name = `${seed} ${t.name}`;
    const happened = await underLoad(stack, name, seconds, happens, CALLS_PER_S);
    t.diagnostic(`first commit ${Math.round(committedMs)} ms after the promotion`);
    await assertNothingHappened(t, happened);
    await assertAllAreBack(t, `+${(number += 1)}`);
  });

  test(`the one that ${way} comes back as a standby and is left alone`, async (t) => {
    const back = cluster.standby;
    await cluster.proxyOf(back).close();
    await cluster.rejoin();
    await cluster.proxyOf(back).open();
    cluster.proxyOf(back).mend();
    await cluster.synchronous(true);
    // Those that begin now begin at the first host, whoever that is.
    await supervised.restart({ DATABASE_URL: cluster.url });
    const name = `${seed} ${t.name}`;
    const happened = await underLoad(stack, name, 3, () => wait(2000), CALLS_PER_S);
    await assertNothingHappened(t, happened);
    await assertAllAreBack(t, `+${(number += 1)}`);
  });
}
