// All that is measured: a stack of its own, the peer beside it on the same tables, and
// the yardsticks, with the traffic that each is given.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Stack } from '../e2e/support/stack.js';
import { endAll } from './children.js';
import { Database } from './database.js';
import { observe } from './observed.js';
import { oneByOne } from './one-event.js';
import { Peer } from './peer.js';
import { PLAIN_TABLES, Pgbench, SESSION, pairScript, statementScript } from './pgbench.js';
import { watchCpu } from './processes.js';
import { recordPatterns, writeTraffic } from './traffic.js';
import { runWrk } from './wrk.js';

/** The peer's connections to the database; the journal has one. */
const PEER_CONNECTIONS = 8;
const SETTLE_MS = 200;
/** Backends that end with the load are counted once they have been waited for. */
const REAPED_MS = 100;
const NO_LIMIT = '1000000r/s';
const EVENT_TABLES = 'events, events_aside, calls, jobs, changes';
const EVENTS_ADD = 'events_add';

function pgbenchFolder(pgData) {
  const version = readFileSync(join(pgData, 'PG_VERSION'), 'utf8').trim();
  const folder = `/usr/lib/postgresql/${version}/bin`;
  return existsSync(join(folder, 'pgbench')) ? folder : '/usr/bin';
}

export class Rig {
  #starting;
  /** @type {Promise<Stack>[]} */
  #beside = [];
  #closed;

  /**
   * Background work is not done: nothing that is measured waits for it, and it would take
   * its time of these cores.
   * @param {{calls: number, env?: object, say: (text: string) => void}} options `calls`:
   *   distinct ones in the traffic; `env`: further settings of the stack
   */
  async start({ calls, env = {}, say }) {
    say('starting the stack');
    this.#starting = Stack.start(
      {
        NGINX_HOOK_RATE: NO_LIMIT,
        NGINX_API_RATE: NO_LIMIT,
        ...env,
      },
      { jobs: false },
    );
    this.stack = await this.#starting;
    this.database = new Database(this.stack);
    await this.connect();
    say('reading what the program asks of the database');
    const observed = (await this.#observe()).flatMap((each) =>
      each.name === EVENTS_ADD ? oneByOne(each) : [each],
    );
    this.statements = Object.fromEntries(observed.map(({ name, sql }) => [name, sql]));
    this.peer = await Peer.start(this.stack, {
      statements: this.statements,
      session: SESSION,
      connections: PEER_CONNECTIONS,
    });
    this.folder = join(this.stack.data, 'bench');
    mkdirSync(this.folder);
    await this.#preparePgbench(observed);
    this.traffic = join(this.folder, 'traffic');
    say(`signing the requests of ${calls} calls`);
    await writeTraffic(this.patterns, { stack: this.stack, prefix: this.traffic, calls });
  }

  /** Anew, where the database was away. */
  async connect() {
    await this.superuser?.end().catch(() => {});
    this.superuser = new pg.Client({
      connectionString: this.stack.settings.DATABASE_URL.replace('//mainline@', '//postgres@'),
    });
    this.superuser.on('error', () => {}); // it is going down
    await this.superuser.connect();
  }

  /** Play each story once and list it once: every statement that is measured. */
  #observe() {
    const log = join(this.stack.data, 'log/postgres.log');
    return observe(
      (sql) => this.superuser.query(sql),
      log,
      async () => {
        this.patterns = await recordPatterns(this.stack);
        await this.stack.api.get('/api/calls?limit=50');
        await this.stack.api.get('/api/calls?limit=2');
      },
    );
  }

  async #preparePgbench(observed) {
    const { DATABASE_URL: url, PG_DATA } = this.stack.settings;
    this.pgbench = new Pgbench({ bin: pgbenchFolder(PG_DATA), url, folder: this.folder });
    const events = observed.filter(({ name }) => name === EVENTS_ADD);
    const CALL_SID = 1;
    const scripts = (make) =>
      Object.fromEntries(
        this.patterns.map(({ story, requests }) => [
          story,
          make(
            story,
            events.filter(({ values }) => values[CALL_SID] === requests[0].callSid),
          ),
        ]),
      );
    this.pgbench.add('statement', scripts(statementScript));
    this.pgbench.add('pair', scripts(pairScript));
  }

  /** The roots of the trees whose CPU time is told apart. */
  get groups() {
    const { SERVE_PID, NGINX_PID } = this.stack.settings;
    return {
      serve: { root: Number(SERVE_PID) }, // the journal among them
      journal: { root: Number(SERVE_PID), name: 'ml-journal' },
      nginx: { root: Number(NGINX_PID) },
      peerApp: { root: this.peer.app.pid },
      peerNginx: { root: this.peer.nginx.pid },
      postgres: this.database.group,
    };
  }

  /** The program's own figures, by their names. @returns {Promise<Record<string, number>>} */
  async figures() {
    const { status, body } = await this.stack.api.request('/metrics');
    if (status !== 200) throw new Error(`/metrics answered ${status}`);
    const samples = [...body.matchAll(/^mainline_(\w+) (\S+)$/gm)];
    return Object.fromEntries(samples.map(([, name, value]) => [name, Number(value)]));
  }

  /** Until what was under way when the load ended has been written, the spool among it. */
  async #settle() {
    while ((await this.figures()).spool_records > 0) await wait(SETTLE_MS);
    const written = async () =>
      (await this.superuser.query('SELECT count(*)::int AS n FROM events')).rows[0].n;
    for (let before = -1, now = await written(); now !== before; now = await written()) {
      before = now;
      await wait(SETTLE_MS);
    }
  }

  /** Empty tables, and nothing left to be written behind them. */
  async emptyTables() {
    await this.#settle();
    await this.superuser.query(`TRUNCATE ${EVENT_TABLES}; ${PLAIN_TABLES}`);
    await this.superuser.query('GRANT ALL ON SCHEMA plain TO mainline');
    await this.superuser.query('GRANT ALL ON ALL TABLES IN SCHEMA plain TO mainline');
    await this.superuser.query('CHECKPOINT');
  }

  /** @param {() => Promise<object>} load @returns {Promise<object>} its result and what it cost */
  async measure(load) {
    const stop = watchCpu(this.groups);
    const result = await load();
    await wait(REAPED_MS);
    const { cpuS, foreign } = stop();
    const us = (name) => (cpuS[name] * 1e6) / result.answers;
    const cpu = {
      nginxUs: us('nginx') + us('peerNginx'),
      appUs: us('serve') - us('journal') + us('peerApp'),
      journalUs: us('journal'),
      postgresUs: us('postgres'),
    };
    return { ...result, ...cpu, foreign };
  }

  /** Give the traffic to a port, once. */
  load(port, options) {
    return this.measure(() => runWrk({ port, requests: this.traffic, ...options }));
  }

  /**
   * The same to who keeps a record of it. `unaccounted`: answers without a row, and rows
   * beyond those whose answer may have been under way at the end.
   */
  async recordedLoad(port, options) {
    await this.emptyTables();
    const before = await this.figures();
    const result = await this.load(port, options);
    return { ...result, ...(await this.told(before)), ...(await this.recorded(result, options)) };
  }

  /** What the program says of itself since then. */
  async told(before) {
    const after = await this.figures();
    const grown = (name) => after[name] - before[name];
    const statements = grown('event_statements_total');
    return {
      spooled: grown('events_spooled_total') + grown('events_spooled_by_worker_total'),
      unrecorded: grown('unrecorded_total'),
      ...(statements > 0 && { batch: grown('events_committed_total') / statements }),
    };
  }

  /** Which rows stand behind the answers of a load. */
  async recorded(result, options) {
    await this.#settle();
    const [{ events, calls, aside }] = await this.stack.sql(
      `SELECT (SELECT count(*)::int FROM events) AS events,
        (SELECT count(*)::int FROM calls) AS calls,
        (SELECT count(*)::int FROM events_aside) AS aside`,
    );
    const surplus = events - (result.answers - result.refused);
    const unaccounted = surplus < 0 ? -surplus : Math.max(0, surplus - options.connections);
    return { events, calls, aside, surplus, unaccounted };
  }

  /** Another stack, for what needs one of its own; it ends with this one at the latest. */
  startBeside(env) {
    const starting = Stack.start(env);
    this.#beside.push(starting);
    return starting;
  }

  /** End all that was started, once, also what is only just starting. */
  close() {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  get isClosed() {
    return this.#closed !== undefined;
  }

  async #end() {
    const stack = await this.#starting?.catch(() => undefined);
    await endAll();
    await this.superuser?.end().catch(() => {});
    await stack?.close();
    for (const starting of this.#beside) await (await starting.catch(() => undefined))?.close();
  }
}
