// The stack's database, shut down and started again.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Postgres } from '../faults/support/postgres.js';
import { isAlive, kill, treeOf, until } from '../faults/support/processes.js';

const DOWN_WITHIN_MS = 30_000;
const NOBODY = -1;

export class Database extends Postgres {
  /** Its processes; none while it is away. */
  get group() {
    return { root: existsSync(join(this.data, 'postmaster.pid')) ? this.pid : NOBODY };
  }

  /**
   * In good order: what script/server leaves as it is, for somebody has asked for it. It
   * also stops what we start, at its own end.
   */
  async shutDown() {
    const tree = treeOf(this.pid);
    kill(this.pid, 'SIGINT');
    await until(() => !tree.some(isAlive), 'the database is down', DOWN_WITHIN_MS);
  }
}
