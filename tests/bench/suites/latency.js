// Webhooks at a rate that both can keep.

import { interleave } from '../rounds.js';
import { casesTable, roundLine } from '../report.js';

const RATE = 500;
const CONNECTIONS = 50;
const COLUMNS = [
  ...['rps', 'p50Ms', 'p99Ms', 'nginxUs', 'appUs', 'journalUs', 'postgresUs'],
  ...['batch', 'socketErrors', 'refused', 'unaccounted', 'spooled', 'foreign'],
];

export async function latency(rig, { rounds, seconds, say }) {
  const load = { connections: CONNECTIONS, seconds, rate: RATE };
  const cases = {
    mainline: () => rig.recordedLoad(rig.stack.httpsPort, load),
    fastify: () => rig.recordedLoad(rig.peer.port, load),
  };
  say(`webhooks, ${RATE} a second`);
  const results = await interleave(cases, rounds, (...round) => say(roundLine(...round)));
  const { mainline, fastify } = results.medians;
  return {
    tables: [
      {
        title: `Webhooks, ${RATE} a second over ${CONNECTIONS} connections (nginx, app, journal, pg: CPU in us a request)`,
        text: casesTable(results.medians, COLUMNS),
      },
    ],
    figures: [
      {
        name: `p99 at ${RATE}/s / Fastify's`,
        value: mainline.p99Ms / fastify.p99Ms,
        target: 0.35,
        is: 'most',
      },
    ],
    medians: [results.medians],
    results,
  };
}
