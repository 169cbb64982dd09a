// pgbouncer in transaction mode before the database of a stack.

import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { cleanEnv, freePort } from '../../e2e/support/stack.js';
import { until } from './processes.js';

const BINARY = '/usr/sbin/pgbouncer';
const UP_WITHIN_MS = 10_000;

/** "1.18.0"; throws where it is not installed: script/bootstrap --test does. */
export function bouncerVersion() {
  const { stdout, error } = spawnSync(BINARY, ['--version'], { encoding: 'utf8' });
  if (error) throw new Error(`${BINARY}: ${error.message}; run script/bootstrap --test`);
  return /PgBouncer (\S+)/.exec(stdout)[1];
}

export class Bouncer {
  #process = null;

  /**
   * @param {import('./postgres.js').Postgres} postgres
   * @param {Record<string, string|number>} [settings] further ones, of pgbouncer.ini
   */
  static async start(postgres, settings = {}) {
    const bouncer = new Bouncer();
    bouncer.owner = postgres.owner; // it refuses to be root, and the socket is that user's
    bouncer.folder = mkdtempSync(join(tmpdir(), 'mainline-bouncer-'));
    bouncer.port = await freePort();
    const all = {
      listen_addr: '127.0.0.1',
      listen_port: bouncer.port,
      unix_socket_dir: '',
      auth_type: 'any',
      pool_mode: 'transaction',
      default_pool_size: 4, // fewer than there are clients: sessions are shared
      max_client_conn: 200,
      ...settings,
    };
    const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}`);
    const to = `host=${dirname(postgres.socket)} port=5432 user=mainline`;
    writeFileSync(
      join(bouncer.folder, 'pgbouncer.ini'),
      `[databases]\n* = ${to}\n[pgbouncer]\n${lines.join('\n')}\n`,
    );
    const { uid, gid } = bouncer.owner;
    chownSync(bouncer.folder, uid, gid);
    chownSync(join(bouncer.folder, 'pgbouncer.ini'), uid, gid);
    await bouncer.up();
    return bouncer;
  }

  get pid() {
    return this.#process?.pid ?? null;
  }

  /** Of that database, by another role's name the same: it is forced to be ours. */
  url(database = 'mainline') {
    return `postgresql://mainline@127.0.0.1:${this.port}/${database}`;
  }

  async up() {
    const { uid, gid } = this.owner;
    const log = openSync(join(this.folder, 'log'), 'a');
    this.#process = spawn(BINARY, [join(this.folder, 'pgbouncer.ini')], {
      cwd: '/',
      env: cleanEnv(),
      stdio: ['ignore', log, log],
      ...(process.getuid() === 0 ? { uid, gid } : {}),
    });
    closeSync(log);
    const asks = () =>
      this.sql('SELECT 1').then(
        () => true,
        () => false,
      );
    await until(asks, `pgbouncer is up: ${this.log()}`, UP_WITHIN_MS);
  }

  log() {
    return readFileSync(join(this.folder, 'log'), 'utf8').slice(-2000);
  }

  /** Killed at once, with every connection through it. */
  async kill() {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
    this.#process = null;
  }

  /** Rows of an SQL query through it. */
  async sql(text, database) {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** What one setting is in each of the sessions that it shares out, all held at once. */
  async sessions(setting, count = 4) {
    const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: this.url() }));
    await Promise.all(clients.map((client) => client.connect()));
    try {
      // Each keeps its session until the end of its transaction.
      for (const client of clients) await client.query('BEGIN');
      const rows = await Promise.all(
        clients.map((client) =>
          client.query(`SELECT pg_backend_pid() AS pid, current_setting('${setting}') AS value`),
        ),
      );
      return rows.map(({ rows: [row] }) => row);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  }

  async close() {
    if (this.#process !== null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
