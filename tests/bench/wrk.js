// The load: wrk, which replays files of requests and hides no error.

import { fileURLToPath } from 'node:url';
import { runToEnd } from './children.js';

const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url));
const TIMEOUT_S = 15; // Twilio's own patience

/** How many files of requests there are, and threads from so many connections on. */
export const THREADS = 2;

/**
 * @typedef {object} Load
 * @property {number} rps answers a second
 * @property {number} answers
 * @property {number} refused answers that are not 2xx or 3xx
 * @property {number} socketErrors connections refused, broken or timed out
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} meanMs
 * @property {number} busy connections that were waiting for an answer, by Little's law
 */

/** What wrk.lua printed at its end. @returns {Load} */
export function parseWrk(out) {
  const line = /^RESULT (\{.*\})$/m.exec(out);
  if (line === null) throw new Error(`wrk gave no result:\n${out}`);
  const result = JSON.parse(line[1]);
  if (result.ranOut) throw new Error('wrk ran out of requests; there must be more for this load');
  const rps = result.requests / result.seconds;
  return {
    rps,
    answers: result.requests,
    refused: result.status,
    socketErrors: result.connect + result.read + result.write + result.timeout,
    p50Ms: result.p50 / 1000,
    p99Ms: result.p99 / 1000,
    meanMs: result.mean / 1000,
    busy: (rps * result.mean) / 1e6,
  };
}

/**
 * @param {object} load
 * @param {number} load.port of 127.0.0.1
 * @param {string} load.requests prefix of the files
 * @param {number} load.connections
 * @param {number} load.seconds
 * @param {boolean} [load.wrap] begin again at the files' end
 * @param {number} [load.rate] requests a second; 0 is as many as are answered
 * @returns {Promise<Load>}
 */
export async function runWrk({ port, requests, connections, seconds, wrap = false, rate = 0 }) {
  const threads = Math.min(THREADS, connections);
  const options = [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, `--timeout=${TIMEOUT_S}s`];
  const mode = wrap ? 'wrap' : 'once';
  const args = [requests, mode, String(rate), String(threads)];
  const url = `https://127.0.0.1:${port}/`;
  const out = await runToEnd('wrk', [...options, '-s', SCRIPT, url, '--', ...args]);
  return parseWrk(out);
}
