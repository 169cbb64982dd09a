// The peer: what Mainline's workers do, on Fastify, in as many processes as there are
// cores. PEER_CONFIG names a JSON file; see tests/bench/peer.js, which writes it.

import cluster from 'node:cluster';
import { chmodSync, readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';
import { listRoute } from './list.js';
import { webhookRoutes } from './webhooks.js';

const config = JSON.parse(readFileSync(process.env.PEER_CONFIG, 'utf8'));

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', () => {
    listening += 1;
    if (listening < config.processes) return;
    chmodSync(config.socket, 0o666); // nginx's workers are another user's
    console.log('ready');
  });
  cluster.on('exit', () => process.exit(1));
  for (let i = 0; i < config.processes; i += 1) cluster.fork();
} else {
  // It writes no log: a line a request is what Mainline does more.
  const app = Fastify({ logger: false, bodyLimit: 64 * 1024 });
  const poolOf = (options) =>
    new pg.Pool({
      connectionString: config.databaseUrl,
      max: config.connections / config.processes,
      idleTimeoutMillis: 0,
      ...options,
    }).on('error', () => {}); // an idle connection has broken; the next one is new
  // Who writes has the settings of the journal's connection, who reads those of a worker's.
  webhookRoutes(app, poolOf({ options: config.session }), config);
  listRoute(app, poolOf({}), config);
  await app.listen({ path: config.socket });
}
