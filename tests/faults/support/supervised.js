// The processes of a stack in our own hands: each is started again when it ends, as
// systemd would, so that all of them may be killed.
//
// script/server, which takes the end of a part for the end of the stack, is frozen
// meanwhile; nginx and the database go on as its children.  When it is thawed it
// finds its parts gone and stops the rest.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BINARY, cleanEnv, run } from '../../e2e/support/stack.js';
import { childrenOf, isAlive, kill, until } from './processes.js';

/** systemd's own: RestartSec. */
const RESTART_MS = 100;
const STOPS_WITHIN_MS = 15_000;
/** In stack.env, and no settings of the program's. */
const NO_SETTING = /_PID$|^PG_|^NGINX_|^MAINLINE_TLS_CA$/;
/** The names that the supervisor's children give themselves. */
const ROLES = {
  'ml-hook': 'hook',
  'ml-api': 'api',
  'ml-journal': 'journal',
  'ml-live': 'live',
};

/** The settings with which script/server has started the program. */
export function settingsOf(stack) {
  const settings = Object.entries(stack.settings).filter(([name]) => !NO_SETTING.test(name));
  return cleanEnv(Object.fromEntries(settings));
}

class Part {
  #wanted = false;
  #loop = null;
  #process = null;

  constructor(name, logFile) {
    this.name = name;
    this.logFile = logFile;
    this.starts = 0;
  }

  get pid() {
    return this.#process?.pid ?? null;
  }

  start(env) {
    this.#wanted = true;
    this.#loop = this.#keepUp(env);
  }

  async #keepUp(env) {
    while (this.#wanted) {
      const log = openSync(this.logFile, 'a');
      this.#process = spawn(BINARY, [this.name], { env, stdio: ['ignore', log, log] });
      closeSync(log);
      this.starts += 1;
      await new Promise((resolve) => this.#process.on('exit', resolve));
      this.#process = null;
      if (this.#wanted) await wait(RESTART_MS);
    }
  }

  async stop(signal) {
    this.#wanted = false;
    const process = this.#process;
    process?.kill(signal);
    const late = setTimeout(() => process?.kill('SIGKILL'), STOPS_WITHIN_MS);
    await this.#loop;
    clearTimeout(late);
  }
}

export class Supervised {
  /**
   * Take a stack's processes over from script/server and run them.
   * @param {import('../../e2e/support/stack.js').Stack} stack
   * @param {Record<string, string>} [env] further settings
   * @param {Record<string, Record<string, string>>} [own] of one part alone: serve or jobs
   */
  static async takeOver(stack, env = {}, own = {}) {
    const taken = new Supervised();
    taken.stack = stack;
    taken.settings = settingsOf(stack);
    taken.own = own;
    taken.logFile = join(stack.data, 'log/mainline.log');
    const jobsLog = join(stack.data, 'log/jobs.log');
    taken.thaw = () => kill(stack.server.pid, 'SIGCONT');
    kill(stack.server.pid, 'SIGSTOP');
    process.on('exit', taken.thaw); // a frozen one would stay for ever
    const ours = childrenOf(stack.server.pid).filter(({ name }) => /^(mainline|ml-)/.test(name));
    ours.forEach(({ pid }) => kill(pid, 'SIGTERM'));
    await until(() => !ours.some(({ pid }) => isAlive(pid)), 'the parts end', STOPS_WITHIN_MS);
    const { code } = await run(BINARY, ['jobs', '--help'], { env: taken.settings });
    taken.parts = [new Part('serve', taken.logFile)];
    if (code === 0) taken.parts.push(new Part('jobs', jobsLog));
    await taken.start(env);
    return taken;
  }

  get supervisor() {
    return this.parts[0].pid;
  }

  get hasJobs() {
    return this.parts.length > 1;
  }

  get starts() {
    return this.parts.reduce((sum, { starts }) => sum + starts, 0);
  }

  async start(env = {}) {
    for (const part of this.parts) part.start({ ...this.settings, ...env, ...this.own[part.name] });
    await this.isReady();
  }

  /** A webhook would be answered by a worker. */
  async isReady() {
    const path = '/healthz';
    await until(async () => {
      const { status } = await this.stack.api.request(path, { token: null }).catch(() => ({}));
      return status === 200 && this.members().some(({ role }) => role !== 'supervisor');
    }, 'the processes are up');
  }

  /** All stopped in good order, or by another signal. */
  async stop(signal = 'SIGTERM') {
    await Promise.all(this.parts.map((part) => part.stop(signal)));
  }

  /** Stopped and started anew, with other settings. */
  async restart(env) {
    await this.stop();
    await this.start(env);
  }

  /** Who lives, by role: supervisor, hook, api, journal, jobs; worker where no name tells. */
  members() {
    const own = this.parts
      .filter(({ pid }) => pid !== null)
      .map(({ name, pid }) => ({ role: name === 'serve' ? 'supervisor' : name, pid }));
    if (this.supervisor === null) return own;
    const children = childrenOf(this.supervisor).map(({ name, pid }) => ({
      role: ROLES[name] ?? 'worker',
      pid,
    }));
    return [...own, ...children];
  }

  /** Stop our processes and let script/server go on, so that the stack can be closed. */
  async handBack() {
    await this.stop();
    process.off('exit', this.thaw);
    this.thaw();
  }
}
