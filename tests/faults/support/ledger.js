// What was sent and how it was answered, against what the database holds.
//
// An event is a distinct signed request, named by the key that the worker gives it:
// SHA-256 over kind, URI and the sorted parameters, each with its length before it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertTwiml } from '../../e2e/support/twiml.js';

const CALLBACKS = ['status', 'leg', 'recording', 'transcription'];
/** Of nginx's own answers; a worker writes no line break there. */
const NGINX_BEGINS = '<?xml version="1.0" encoding="UTF-8"?>\n<Response>';

/** @param {string} path with its query, as sent @param {string} body the form, as sent */
export function eventKey(path, body) {
  const kind = routeOf(path).replaceAll('-', '_');
  const pairs = [...new URLSearchParams(body)].map((pair) => pair.map((part) => Buffer.from(part)));
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  const hash = createHash('sha256');
  for (const part of [Buffer.from(kind), Buffer.from(path), ...pairs.flat()]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    hash.update(length).update(part);
  }
  return hash.digest('hex');
}

const routeOf = (path) => path.split('?')[0].split('/').pop();

/** The log, without lines that a full disk has torn. */
function linesOf(stack) {
  const text = readFileSync(join(stack.data, 'log/mainline.log'), 'utf8');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** Did nginx answer in the place of a worker? */
export const isNginx = ({ body }) => String(body ?? '').startsWith(NGINX_BEGINS);

/**
 * @typedef {object} Entry one event
 * @property {string} key
 * @property {string} route
 * @property {string} callSid
 * @property {object} request as it was sent last
 * @property {boolean} acknowledged a worker answered 2xx
 * @property {string[]} req nginx's request ids of those answers, which the log has too
 */

export class Ledger {
  constructor() {
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    /** @type {{at: number, ms: number, voice: boolean}[]} of every answer */
    this.answers = [];
    /** @type {string[]} what no caller may ever get */
    this.faults = [];
    /** Answers by who gave them and how: "200", "nginx 200", "503", "error". */
    this.counts = new Map();
  }

  /**
   * A request has been answered, or was not.
   * @param {{path: string, body: string, callSid: string, request: object}} sent
   * @param {{status: number, headers: object, body: string|Buffer, ms: number}} [response]
   * @returns {'acknowledged'|'nginx'|'refused'}
   */
  note({ path, body, callSid, request }, response) {
    const key = eventKey(path, body);
    const route = routeOf(path);
    const entry = this.entries.get(key) ?? { key, route, acknowledged: false, req: [] };
    this.entries.set(key, Object.assign(entry, { callSid, request }));
    const voice = !CALLBACKS.includes(route);
    const own = response !== undefined && voice && isNginx(response);
    this.#count(own ? `nginx ${response.status}` : String(response?.status ?? 'error'));
    if (response === undefined) {
      if (voice) this.faults.push(`${route}: no answer`);
      return 'refused';
    }
    this.answers.push({ at: performance.now(), ms: response.ms, voice });
    if (voice) this.#check(route, response);
    if (own) return 'nginx';
    if (response.status >= 300) return 'refused';
    entry.acknowledged = true;
    entry.req.push(response.headers['x-request-id']);
    return 'acknowledged';
  }

  #count(what) {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** A caller gets valid TwiML and nothing else. */
  #check(route, { status, headers, body }) {
    try {
      assertTwiml({ status, headers, body: String(body) });
    } catch (error) {
      this.faults.push(`${route} ${status}: ${error.message.split('\n')[0]}`);
    }
  }

  get acknowledged() {
    return [...this.entries.values()].filter((entry) => entry.acknowledged);
  }

  /** Callbacks that no worker took. */
  get refusedCallbacks() {
    return [...this.entries.values()].filter(
      ({ acknowledged, route }) => !acknowledged && CALLBACKS.includes(route),
    );
  }

  /** "200 5120, nginx 200 12, 204 3000" */
  toString() {
    return [...this.counts].map(([what, n]) => `${what}: ${n}`).join(', ');
  }

  /**
   * What the database makes of it.
   * @param {import('../../e2e/support/stack.js').Stack} stack
   * @returns {Promise<{lost: Entry[], unrecorded: Entry[], double: object[], strange: object[]}>}
   *   `unrecorded`: acknowledged and lost, but said to be so in the log; `strange`: events
   *   that nobody sent
   */
  async audit(stack) {
    const rows = await stack.sql(
      `SELECT encode(event_key, 'hex') AS key, kind, call_sid FROM events
       UNION ALL SELECT encode(event_key, 'hex'), 'aside', NULL FROM events_aside`,
    );
    const there = new Set(rows.map(({ key }) => key));
    const said = new Set(
      linesOf(stack)
        .filter(({ ev }) => ev === 'unrecorded')
        .map(({ req }) => req),
    );
    const absent = this.acknowledged.filter(({ key }) => !there.has(key));
    const isSaid = ({ req }) => req.every((id) => said.has(id));
    const double = [
      ...(await stack.sql(
        'SELECT encode(event_key, $1) AS event FROM events GROUP BY event_key HAVING count(*) > 1',
        ['hex'],
      )),
      ...(await stack.sql('SELECT sid FROM calls GROUP BY sid HAVING count(*) > 1')),
    ];
    return {
      lost: absent.filter((entry) => !isSaid(entry)),
      unrecorded: absent.filter(isSaid),
      double,
      strange: rows.filter(({ key, kind }) => kind !== 'reconcile' && !this.entries.has(key)),
    };
  }
}

const SHOWN = 10;

/** There is none of these; a few are shown if there are. */
export function assertNone(what, list) {
  const shown = list.slice(0, SHOWN).map((each) => {
    if (typeof each === 'string') return each;
    const { request: _request, ...rest } = each;
    return JSON.stringify(rest);
  });
  assert.equal(list.length, 0, `${list.length} ${what}:\n  ${shown.join('\n  ')}`);
}
