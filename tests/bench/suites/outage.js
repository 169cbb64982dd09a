// PostgreSQL is away: callers are answered as fast as ever, and what was spooled
// meanwhile is in the database soon after it is back.

import { setTimeout as wait } from 'node:timers/promises';
import { interleave } from '../rounds.js';
import { casesTable, roundLine } from '../report.js';

const RATE = 500;
const CONNECTIONS = 50;
const WARM_UP_S = 2;
const LOOK_MS = 20;
const EMPTY_WITHIN_MS = 600_000;
const COLUMNS = [
  ...['rps', 'p50Ms', 'p99Ms', 'nginxUs', 'appUs', 'journalUs', 'postgresUs'],
  ...['socketErrors', 'refused', 'unaccounted', 'spooled', 'emptyS', 'emptyRps', 'foreign'],
];

/**
 * From the database's first answer until the spool is empty. `emptyRps` counts from when
 * the journal has noticed, which it looks for every one or two seconds.
 */
async function emptied(rig) {
  const began = performance.now();
  let first;
  for (;;) {
    const now = performance.now();
    const { database_up: up, spool_records: records } = await rig.figures();
    if (up === 1) first ??= { at: now, records };
    if (records === 0) {
      const took = (now - (first?.at ?? now)) / 1000;
      return {
        emptyS: (now - began) / 1000,
        ...(took > 0 && { emptyRps: first.records / took }),
      };
    }
    if (now - began > EMPTY_WITHIN_MS) throw new Error(`${records} events stay in the spool`);
    await wait(LOOK_MS);
  }
}

async function away(rig, load) {
  await rig.emptyTables();
  await rig.load(rig.stack.httpsPort, { ...load, seconds: WARM_UP_S });
  await rig.emptyTables();
  const before = await rig.figures();
  await rig.database.shutDown();
  let result;
  try {
    result = await rig.load(rig.stack.httpsPort, load);
    Object.assign(result, await rig.told(before));
  } finally {
    await rig.database.start();
    await rig.connect();
  }
  const empty = await emptied(rig);
  return { ...result, ...empty, ...(await rig.recorded(result, load)) };
}

function figuresOf({ healthy, away: gone }) {
  const most = (name, value, target) => ({ name, value, target, is: 'most' });
  return [
    most(`p99 at ${RATE}/s without the database / with it`, gone.p99Ms / healthy.p99Ms, 1.5),
    most('answers that are not 2xx without it', gone.refused + gone.socketErrors, 0),
    most('answers without a row after it', gone.unaccounted, 0),
  ];
}

export async function outage(rig, { rounds, seconds, say }) {
  const load = { connections: CONNECTIONS, seconds, rate: RATE };
  const cases = {
    healthy: () => rig.recordedLoad(rig.stack.httpsPort, load),
    away: () => away(rig, load),
  };
  say(`webhooks, ${RATE} a second, with the database and without it`);
  await rig.recordedLoad(rig.stack.httpsPort, { ...load, seconds: WARM_UP_S });
  const results = await interleave(cases, rounds, (...round) => say(roundLine(...round)));
  return {
    tables: [
      {
        title:
          `Webhooks, ${RATE} a second, with PostgreSQL and without ` +
          '(emptied: seconds until the spool is, and its events a second)',
        text: casesTable(results.medians, COLUMNS),
      },
    ],
    figures: figuresOf(results.medians),
    medians: [results.medians],
    results,
  };
}
