// Webhooks of whole calls, as many as are answered.

import { interleave } from '../rounds.js';
import { casesTable, roundLine } from '../report.js';

const CONNECTIONS = [1, 8, 32, 256];
/** Where the ratios are taken: enough connections to keep every worker busy. */
const LOADED = 32;
const MOST = 256;
/** The yardstick is the best of these, since the journal needs no more than one. */
const CLIENTS = [8, 16, 32];
const WARM_UP_S = 2;

const COLUMNS = [
  ...['rps', 'p50Ms', 'p99Ms', 'nginxUs', 'appUs', 'journalUs', 'postgresUs'],
  ...['batch', 'socketErrors', 'refused', 'unaccounted', 'spooled', 'busy', 'foreign'],
];

const statementAt = (clients) => `pgbench, statement, ${clients}`;
const pairAt = (clients) => `pgbench, plain pair, ${clients}`;

/** How many clients pgbench has beside so many connections. */
function clientsAt(connections) {
  return connections === LOADED ? CLIENTS : [Math.min(connections, CLIENTS.at(-1))];
}

function casesAt(rig, connections, seconds) {
  const load = { connections, seconds };
  const inDatabase = (name, clients) => async () => {
    await rig.emptyTables();
    return rig.measure(() => rig.pgbench.run(name, { clients, seconds }));
  };
  const statements = clientsAt(connections).map((clients) => [
    statementAt(clients),
    inDatabase('statement', clients),
  ]);
  const few = Math.min(connections, CLIENTS[0]);
  return {
    mainline: () => rig.recordedLoad(rig.stack.httpsPort, load),
    fastify: () => rig.recordedLoad(rig.peer.port, load),
    ...Object.fromEntries(statements),
    [pairAt(few)]: inDatabase('pair', few),
    'nginx return 200': () => rig.load(rig.peer.staticPort, { ...load, wrap: true }),
  };
}

function figuresOf(results) {
  const at = (name) => results[LOADED].medians[name].rps;
  const mostErrors = results[MOST].medians.mainline.socketErrors;
  const lost = CONNECTIONS.reduce((sum, c) => sum + results[c].medians.mainline.unaccounted, 0);
  const best = Math.max(...CLIENTS.map((clients) => at(statementAt(clients))));
  const [few] = CLIENTS;
  const ratio = (name, value, target) => ({ name, value, target, is: 'least' });
  return [
    ratio(
      `webhooks / pgbench's best over ${few} to ${CLIENTS.at(-1)} clients`,
      at('mainline') / best,
      0.65,
    ),
    ratio('statement / plain pair', at(statementAt(few)) / at(pairAt(few)), 0.8),
    ratio('webhooks / Fastify', at('mainline') / at('fastify'), 2.8),
    { name: `socket errors at ${MOST} connections`, value: mostErrors, target: 0, is: 'most' },
    { name: 'answers without a row', value: lost, target: 0, is: 'most' },
  ];
}

export async function webhooks(rig, { rounds, seconds, say }) {
  for (const port of [rig.stack.httpsPort, rig.peer.port]) {
    await rig.recordedLoad(port, { connections: LOADED, seconds: WARM_UP_S });
  }
  const results = {};
  for (const connections of CONNECTIONS) {
    say(`webhooks, ${connections} connections`);
    const told = (...round) => say(roundLine(...round));
    results[connections] = await interleave(casesAt(rig, connections, seconds), rounds, told);
  }
  const tables = CONNECTIONS.map((connections) => ({
    title: `Webhooks, ${connections} connections (nginx, app, journal, pg: CPU in us a request)`,
    text: casesTable(results[connections].medians, COLUMNS),
  }));
  const medians = Object.values(results).map((each) => each.medians);
  return { tables, figures: figuresOf(results), medians, results };
}
