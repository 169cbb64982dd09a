// A whole local stack of its own for a test file: script/server in a folder and on
// ports that nobody else uses.

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PhoneNetwork } from '../../simulator/index.js';
import { numberSettings, parseEnv } from '../../simulator/tool/stack.js';
import { Api } from './api.js';
import { ROOT } from './root.js';

export { ROOT };
export const BINARY = process.env.MAINLINE_TEST_BINARY ?? join(ROOT, 'build/release/mainline');
const UP_WITHIN_MS = 120_000;

/** Names of ours in the environment of the test run would change what is tested. */
export function cleanEnv(extra = {}) {
  const ours = /^(MAINLINE_|TWILIO_|DATABASE_URL)/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

const given = new Set();

/**
 * A port that is free now, that was not given before, and that the kernel gives nobody:
 * it is bound only later.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + randomInt(12_000);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export class Stack {
  /**
   * @param {Record<string, string>} [env] further settings, as a user would set them
   * @param {{jobs?: boolean}} [options] jobs: is the background work done?
   */
  static async start(env = {}, { jobs = true } = {}) {
    const stack = new Stack();
    stack.data = mkdtempSync(join(tmpdir(), 'mainline-e2e-'));
    stack.httpsPort = await freePort();
    stack.httpPort = await freePort();
    stack.env = cleanEnv({
      MAINLINE_DATA: stack.data,
      MAINLINE_HTTPS_PORT: String(stack.httpsPort),
      MAINLINE_HTTP_PORT: String(stack.httpPort),
      RUN_JOBS: jobs ? 'yes' : 'no',
      NGINX_SIGN_IN_RATE: '1000r/s', // tests sign in more often than people
      NGINX_SIGN_INS_RATE: '1000r/s',
      ...env,
    });
    await stack.up();
    return stack;
  }

  /** Start script/server and wait for its line. */
  async up() {
    this.server = spawn(join(ROOT, 'script/server'), [], {
      cwd: ROOT,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.server.on('exit', resolve));
    /** What script/server has said since it was started. */
    this.said = '';
    const ready = new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`not up in time:\n${this.said}`)),
        UP_WITHIN_MS,
      );
      const listen = (chunk) => {
        this.said += chunk;
        if (!/^ready https:/m.test(this.said)) return;
        clearTimeout(late);
        resolve();
      };
      this.server.stdout.on('data', listen);
      this.server.stderr.on('data', listen);
      this.server.on('exit', (code) =>
        reject(new Error(`script/server exited ${code}:\n${this.said}`)),
      );
    });
    await ready;
    this.readSettings();
    this.ca = readFileSync(this.settings.MAINLINE_TLS_CA);
    this.token = readFileSync(join(this.data, 'admin-token'), 'utf8').trim();
    this.api = new Api(this);
  }

  /** What the stack is now: process ids change when a part was started again. */
  readSettings() {
    this.settings = parseEnv(readFileSync(join(this.data, 'stack.env'), 'utf8'));
  }

  /** Stop all of it, as Ctrl-C does. */
  async down() {
    this.server.kill('SIGTERM');
    return this.exited;
  }

  async close() {
    await this.down();
    rmSync(this.data, { recursive: true, force: true });
  }

  get publicUrl() {
    return this.settings.MAINLINE_PUBLIC_URL;
  }

  get line() {
    return this.settings.MAINLINE_LINE;
  }

  get servePid() {
    return Number(this.settings.SERVE_PID);
  }

  get jobsPid() {
    return Number(this.settings.JOBS_PID);
  }

  /** A phone network whose number points at this stack. */
  network(options = {}) {
    return new PhoneNetwork({
      accountSid: this.settings.TWILIO_ACCOUNT_SID,
      authToken: this.settings.TWILIO_AUTH_TOKEN.split(',')[0],
      connect: { host: '127.0.0.1', port: this.httpsPort, ca: this.ca },
      numbers: { [this.line]: numberSettings({ publicUrl: this.publicUrl }, this.line) },
      ...options,
    });
  }

  /** The environment in which the program runs, for commands beside it. */
  commandEnv(extra = {}) {
    const names = [
      'DATABASE_URL',
      'MAINLINE_DATA',
      'MAINLINE_PUBLIC_URL',
      'MAINLINE_LINE',
      'MAINLINE_FORWARD_TO',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
    ];
    const settings = names.map((name) => [name, this.settings[name]]);
    return cleanEnv({ ...Object.fromEntries(settings), ...extra });
  }

  /** mainline ARGS. @returns {Promise<{code: number, out: string, err: string}>} */
  mainline(args, { env = {}, input = '' } = {}) {
    return run(BINARY, args, { env: this.commandEnv(env), input });
  }

  /** Rows of an SQL query. */
  async sql(text, values = []) {
    const client = new pg.Client({ connectionString: this.settings.DATABASE_URL });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** The program's log lines so far; of mainline jobs: `log('jobs')`. */
  log(part = 'mainline') {
    return readFileSync(join(this.data, `log/${part}.log`), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}

/** Run a program to its end. */
export function run(file, args, { env = cleanEnv(), input = '', cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
