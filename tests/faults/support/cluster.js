// A primary and its streaming standby, each behind a TCP proxy: the database of a stack
// and a copy of it, which take turns.

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { cleanEnv } from '../../e2e/support/stack.js';
import { TcpProxy } from '../../simulator/peers/tcp-proxy.js';
import { isAlive, kill, treeOf, until } from './processes.js';

const UP_WITHIN_MS = 30_000;

/** One server of the two. */
class Server {
  constructor(name, { data, sockets, binary, owner, log }) {
    Object.assign(this, { name, data, sockets, binary, owner, log });
  }

  get pid() {
    return Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  get url() {
    return `postgresql://mainline@${encodeURIComponent(this.sockets)}/mainline`;
  }

  #as() {
    const { uid, gid } = this.owner;
    return process.getuid() === 0 ? { uid, gid } : {};
  }

  /** A program of PostgreSQL's, to its end. */
  tool(name, args) {
    const { status, stderr } = spawnSync(join(dirname(this.binary), name), args, {
      cwd: '/',
      env: cleanEnv(),
      encoding: 'utf8',
      ...this.#as(),
    });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
  }

  async start() {
    const log = openSync(this.log, 'a');
    const server = spawn(this.binary, ['-D', this.data, '-p', '5432', '-k', this.sockets], {
      cwd: '/',
      env: cleanEnv(),
      detached: true,
      stdio: ['ignore', log, log],
      ...this.#as(),
    });
    closeSync(log);
    server.unref();
    await until(() => this.asks('SELECT 1'), `${this.name} is up`, UP_WITHIN_MS).catch((error) => {
      throw new Error(`${error.message}: ${readFileSync(this.log, 'utf8').slice(-2000)}`);
    });
  }

  /** At once, as a crash would. */
  async crash() {
    const tree = treeOf(this.pid);
    kill(this.pid, 'SIGQUIT');
    await until(() => !tree.some(isAlive), `${this.name} is gone`, UP_WITHIN_MS);
  }

  /** Rows, asked by who may all. */
  async sql(text) {
    const client = new pg.Client({
      host: this.sockets,
      port: 5432,
      user: 'postgres',
      database: 'mainline',
    });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  asks(text) {
    return this.sql(text).catch(() => null);
  }

  async set(setting, value) {
    await this.sql(`ALTER SYSTEM SET ${setting} = ${value}`);
    await this.sql('SELECT pg_reload_conf()');
  }

  /** Where a standby of this one finds it. */
  get source() {
    return `host=${this.sockets} port=5432 user=postgres dbname=postgres application_name=standby`;
  }

  follows(other) {
    appendFileSync(
      join(this.data, 'postgresql.auto.conf'),
      `\nprimary_conninfo = '${other.source}'\nsynchronous_standby_names = ''\n`,
    );
    writeFileSync(join(this.data, 'standby.signal'), '');
    for (const name of ['postgresql.auto.conf', 'standby.signal'])
      chownSync(join(this.data, name), this.owner.uid, this.owner.gid);
  }
}

export class Cluster {
  /** @param {import('../../e2e/support/stack.js').Stack} stack whose database is the primary */
  static async start(stack) {
    const cluster = new Cluster();
    cluster.stack = stack;
    cluster.folder = mkdtempSync(join(tmpdir(), 'mainline-standby-'));
    const data = stack.settings.PG_DATA;
    const owner = statSync(data);
    chownSync(cluster.folder, owner.uid, owner.gid);
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const binary = readlinkSync(`/proc/${pid}/exe`);
    const sockets = decodeURIComponent(new URL(stack.settings.DATABASE_URL).host);
    const log = join(stack.data, 'log/postgres.log');
    cluster.one = new Server('one', { data, sockets, binary, owner, log });
    cluster.two = new Server('two', {
      data: join(cluster.folder, 'data'),
      sockets: cluster.folder,
      binary,
      owner,
      log,
    });
    cluster.primary = cluster.one;
    cluster.standby = cluster.two;
    await cluster.#copy();
    cluster.proxies = await Promise.all(
      [cluster.one, cluster.two].map((server) =>
        TcpProxy.start({ path: join(server.sockets, '.s.PGSQL.5432') }),
      ),
    );
    return cluster;
  }

  async #copy() {
    const { one, two } = this;
    await one.set('wal_keep_size', "'512MB'"); // pg_rewind reads what was long ago
    one.tool('pg_basebackup', ['-h', one.sockets, '-p', '5432', '-U', 'postgres', '-D', two.data, '-c', 'fast']);
    two.follows(one);
    await two.start();
    await this.streams();
  }

  /** The connection string of both. */
  get url() {
    const hosts = this.proxies.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `postgresql://mainline@${hosts}/mainline?target_session_attrs=read-write&sslmode=disable&gssencmode=disable`;
  }

  proxyOf(server) {
    return this.proxies[server === this.one ? 0 : 1];
  }

  /** The standby takes what the primary writes. */
  streams() {
    return until(
      async () =>
        (await this.primary.asks("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"))
          ?.length > 0,
      'the standby streams',
      UP_WITHIN_MS,
    );
  }

  /** A commit is answered when the standby has it as well; or not. */
  async synchronous(is) {
    await this.primary.set('synchronous_standby_names', is ? "'ANY 1 (standby)'" : "''");
    const holds = async () =>
      (await this.primary.sql('SELECT sync_state AS s FROM pg_stat_replication'))[0]?.s ===
      (is ? 'quorum' : 'async');
    await until(holds, 'the kind of replication', UP_WITHIN_MS);
  }

  /** The standby becomes the primary, in this moment; the one that was may live no more. */
  async promote() {
    [this.primary, this.standby] = [this.standby, this.primary];
    await this.primary.sql('SELECT pg_promote(true, 30)');
    this.stack.settings.DATABASE_URL = this.primary.url; // whom the test asks
  }

  /** The former primary comes back, as the standby of the other. */
  async rejoin() {
    const { primary, standby } = this;
    await primary.sql('CHECKPOINT'); // pg_rewind reads the new timeline from it
    standby.tool('pg_rewind', [`--target-pgdata=${standby.data}`, `--source-server=${primary.source}`]);
    standby.follows(primary);
    await standby.start();
    await this.streams();
  }

  async close() {
    for (const server of [this.one, this.two]) await server.crash().catch(() => {});
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
