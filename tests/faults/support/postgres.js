// The database of a stack, stopped, frozen and started by us.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv } from '../../e2e/support/stack.js';
import { isAlive, kill, treeOf, until } from './processes.js';

const UP_WITHIN_MS = 30_000;

export class Postgres {
  #frozen = [];

  /**
   * While script/server is frozen (see supervised.js), or it would start it again by itself.
   * @param {import('../../e2e/support/stack.js').Stack} stack
   */
  constructor(stack) {
    this.stack = stack;
    this.data = stack.settings.PG_DATA;
    this.binary = readlinkSync(`/proc/${this.pid}/exe`);
    this.owner = statSync(this.data);
  }

  get pid() {
    return Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** The socket that clients connect to. */
  get socket() {
    const { searchParams, host } = new URL(this.stack.settings.DATABASE_URL);
    const folder = searchParams.get('host') ?? decodeURIComponent(host);
    return join(folder, '.s.PGSQL.5432');
  }

  /** pg_ctl stop -m immediate: at once, as a crash would. */
  async stop() {
    const tree = treeOf(this.pid);
    kill(this.pid, 'SIGQUIT');
    await until(() => !tree.some(isAlive), 'the database is gone', UP_WITHIN_MS);
  }

  async start() {
    const { uid, gid } = this.owner;
    const log = openSync(join(this.stack.data, 'log/postgres.log'), 'a');
    const server = spawn(this.binary, ['-D', this.data, '-p', '5432'], {
      cwd: '/',
      env: cleanEnv(),
      detached: true,
      stdio: ['ignore', log, log],
      ...(process.getuid() === 0 ? { uid, gid } : {}),
    });
    closeSync(log);
    server.unref();
    await this.isUp();
  }

  /** It answers a statement. */
  isUp() {
    return until(
      () => existsSync(join(this.data, 'postmaster.pid')) && this.#asks(),
      'the database is up',
      UP_WITHIN_MS,
    );
  }

  async #asks() {
    try {
      await this.stack.sql('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  /** Every process of it stands still, its connections open. */
  freeze() {
    this.#frozen = treeOf(this.pid);
    this.#frozen.forEach((pid) => kill(pid, 'SIGSTOP'));
  }

  async thaw() {
    this.#frozen.forEach((pid) => kill(pid, 'SIGCONT'));
    this.#frozen = [];
    await this.isUp();
  }
}

/** A connection string with another way in: host and port, no encryption. */
export function through(databaseUrl, port) {
  const url = new URL(databaseUrl);
  const user = url.username || 'mainline';
  return `postgresql://${user}@127.0.0.1:${port}${url.pathname}?sslmode=disable&gssencmode=disable`;
}
