// The containers of docker-compose.yml as the tests' stack: called through the
// published port, looked into and disturbed by docker.  compose.sh has built them and
// names the project, the images and the ports in the environment.

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Api } from '../../e2e/support/api.js';
import { ROOT } from '../../e2e/support/root.js';
import { parseEnv } from '../../simulator/tool/stack.js';

const exec = promisify(execFile);
const MAX_BYTES = 256 * 1024 * 1024;

export async function docker(...args) {
  const { stdout } = await exec('docker', args, { cwd: ROOT, maxBuffer: MAX_BYTES });
  return stdout;
}

export const compose = (...args) => docker('compose', ...args);

export class Containers {
  /** @param {string} folder what script/compose-env has written */
  constructor(folder) {
    this.data = folder;
    this.settings = parseEnv(readFileSync(join(folder, 'stack.env'), 'utf8'));
    this.httpsPort = Number(this.settings.MAINLINE_HTTPS_PORT);
    this.ca = readFileSync(this.settings.MAINLINE_TLS_CA);
    this.token = readFileSync(join(folder, 'admin-token'), 'utf8').trim();
    this.api = new Api(this);
    mkdirSync(join(folder, 'log'), { recursive: true });
    // The spool lies in a volume; how much waits there is asked of /metrics.
    this.settings.MAINLINE_DATA = join(folder, 'nowhere');
  }

  get publicUrl() {
    return this.settings.MAINLINE_PUBLIC_URL;
  }

  get line() {
    return this.settings.MAINLINE_LINE;
  }

  /** Rows of a query, which may hold quoted text in the place of $1. */
  async sql(text, values = []) {
    const query = values.reduce((all, value, i) => all.replaceAll(`$${i + 1}`, `'${value}'`), text);
    const wrapped = `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`;
    const psql = ['psql', '-X', '-U', 'postgres', '-d', 'mainline', '-At', '-c', wrapped];
    return JSON.parse(await compose('exec', '-T', 'db', ...psql));
  }

  /** What the program has said, to where the ledger looks for it. */
  async readLog() {
    const text = await compose('logs', '--no-log-prefix', '--no-color', 'app');
    writeFileSync(join(this.data, 'log/mainline.log'), text);
  }

  async #id(service) {
    return (await compose('ps', '-q', service)).trim();
  }

  /** When a service's container was started last, in milliseconds since 1970. */
  async startedAt(service) {
    const said = await docker('inspect', '-f', '{{.State.StartedAt}}', await this.#id(service));
    return Date.parse(said.trim());
  }

  /**
   * Kill a container's main process, as the kernel would when memory is short; `docker
   * kill` would count as a wish of ours, after which nothing is restarted.
   * @returns {Promise<number>} when, in milliseconds since 1970
   */
  async kill(service) {
    const pid = (await docker('inspect', '-f', '{{.State.Pid}}', await this.#id(service))).trim();
    const image = `${process.env.MAINLINE_IMAGES}-db`;
    const run = ['run', '--rm', '--pid=host', '--user', '0', '--entrypoint', 'sh', image];
    return Number(await docker(...run, '-c', `kill -9 ${pid} && date +%s%3N`));
  }
}
