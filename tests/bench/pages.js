// A thousand open pages: wrk as many of them, and a few that look at what they are told.

import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { start } from './children.js';
import { THREADS } from './wrk.js';

const SCRIPT = fileURLToPath(new URL('pages.lua', import.meta.url));
const TICK_MS = 800;
/** Until all have connected, and have what was there before them behind them. */
export const OPEN_S = 6;

/** @typedef {{polls: number, reads: number, feeds: number, kib: number, broken: number}} Asked a second */

function parse(out) {
  const line = /^RESULT (\{.*\})$/m.exec(out);
  if (line === null) throw new Error(`wrk gave no result:\n${out}`);
  const { seconds, connect, read, write, timeout, status, ...counts } = JSON.parse(line[1]);
  return {
    polls: counts.polls / seconds,
    reads: counts.reads / seconds,
    feeds: counts.feeds / seconds,
    kib: counts.bytes / seconds / 1024,
    broken: connect + read + write + timeout + status,
  };
}

/**
 * So many pages for so many seconds, the first OPEN_S of which they come.
 * @param {import('./rig.js').Rig} rig
 * @returns {{pid: number, closed: Promise<Asked>}}
 */
export function openPages(rig, { pages, seconds }) {
  const { stack } = rig;
  const options = [`-t${THREADS}`, `-c${pages}`, `-d${seconds}s`, '--timeout=15s'];
  const { host } = new URL(stack.publicUrl);
  const folder = join(stack.settings.MAINLINE_RUN, 'live');
  const args = [host, folder, stack.token, String(pages), String(THREADS)];
  const url = `https://127.0.0.1:${stack.httpsPort}/`;
  const child = start('wrk', [...options, '-s', SCRIPT, url, '--', ...args]);
  const closed = new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (out += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(out))));
  });
  return { pid: child.pid, closed: closed.then(parse) };
}

/** One page that looks at what it is told: when did it see a call for the first time? */
export class Watcher {
  #agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  #running = true;
  #done;
  #word;
  #path;
  /** @type {Map<string, number>} SID -> performance.now() */
  seen = new Map();
  gaps = 0;

  constructor(stack) {
    this.stack = stack;
    this.#done = this.#watch();
  }

  #get(path, headers = {}) {
    const { httpsPort: port, ca, publicUrl } = this.stack;
    const { hostname: servername, host } = new URL(publicUrl);
    const options = { host: '127.0.0.1', port, ca, servername, path, agent: this.#agent };
    return new Promise((resolve, reject) => {
      https
        .get({ ...options, headers: { Host: host, ...headers } }, (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve(response.statusCode === 200 ? JSON.parse(Buffer.concat(chunks)) : null),
          );
        })
        .on('error', reject);
    });
  }

  async #file() {
    const headers = { Authorization: `Bearer ${this.stack.token}` };
    this.#path ??= (await this.#get('/api/live', headers))?.path;
    const file = this.#path && (await this.#get(this.#path));
    if (!file) this.#path = undefined;
    return file;
  }

  async #look() {
    const now = (await this.#get('/api/changes'))?.change;
    if (now === undefined || now === this.#word) return;
    const file = await this.#file();
    if (!file) return;
    if (this.#word !== undefined && !file.since.includes(this.#word)) this.gaps += 1;
    this.#word = file.change;
    const at = performance.now();
    for (const { sid } of file.calls) if (!this.seen.has(sid)) this.seen.set(sid, at);
  }

  async #watch() {
    await wait(Math.random() * TICK_MS);
    while (this.#running) {
      const began = performance.now();
      await this.#look();
      await wait(Math.max(0, TICK_MS - (performance.now() - began)));
    }
    this.#agent.destroy();
  }

  async close() {
    this.#running = false;
    await this.#done;
  }
}
