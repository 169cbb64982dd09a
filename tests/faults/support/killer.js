// A random process of ours gets SIGKILL, again and again.

import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, kill } from './processes.js';

/** How often each role is chosen, whatever the number of its processes. */
const WEIGHTS = { hook: 4, worker: 4, api: 1, journal: 3, live: 1, jobs: 1, supervisor: 1 };

export class Killer {
  #running = true;
  #done;

  /**
   * @param {import('./supervised.js').Supervised} supervised
   * @param {{random: () => number, everyMs?: number}} options
   */
  constructor(supervised, { random, everyMs = 200 }) {
    this.supervised = supervised;
    this.random = random;
    /** @type {Map<string, number>} kills by role */
    this.kills = new Map();
    /** @type {{at: number, role: string}[]} when, in milliseconds since the epoch */
    this.times = [];
    this.#done = this.#go(everyMs);
  }

  async #go(everyMs) {
    while (this.#running) {
      await wait(everyMs);
      if (this.#running) this.#killOne();
    }
  }

  #killOne() {
    const members = this.supervised.members().filter(({ pid }) => isAlive(pid));
    const roles = [...new Set(members.map(({ role }) => role))];
    const sum = roles.reduce((total, role) => total + WEIGHTS[role], 0);
    let left = this.random() * sum;
    const role = roles.find((each) => (left -= WEIGHTS[each]) < 0);
    const candidates = members.filter((each) => each.role === role);
    if (candidates.length === 0) return;
    const { pid } = candidates[Math.floor(this.random() * candidates.length)];
    if (!kill(pid, 'SIGKILL')) return;
    this.kills.set(role, (this.kills.get(role) ?? 0) + 1);
    this.times.push({ at: Date.now(), role });
  }

  async stop() {
    this.#running = false;
    await this.#done;
  }

  /** "hook 40, journal 31, …" */
  toString() {
    return [...this.kills].map(([role, n]) => `${role} ${n}`).join(', ');
  }
}
