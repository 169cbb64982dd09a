// The traffic: whole calls as Twilio would make them.  The simulator places one call of
// each story against the stack; what it sent is the pattern for thousands of others, with
// SIDs and callers of their own, each request signed by the official library.

import { randomBytes, randomInt } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { encodeForm } from '../simulator/wire/form.js';
import { storyNamed } from '../simulator/stories.js';
import { THREADS } from './wrk.js';

/** How often each story happens among ten calls. */
export const MIX = { answered: 4, message: 3, no_answer: 2, hung_up_in_menu: 1 };
/** Calls under way at a time in each file. */
const WINDOW = 200;
const CALLER = '+15550123456';
const SIDS = /\b(CA|RE)[0-9a-f]{32}\b/g;

/**
 * @typedef {object} Pattern
 * @property {string} story
 * @property {import('../simulator/wire/webhooks.js').WebhookRequest[]} requests in their order
 */

/** Place one call of each story. @returns {Promise<Pattern[]>} */
export async function recordPatterns(stack) {
  const patterns = [];
  for (const name of Object.keys(MIX)) {
    const { people, caller } = storyNamed(name);
    const network = stack.network({ people });
    const call = await network.call({ from: CALLER, to: stack.line, caller });
    await network.close();
    if (network.problems.length > 0) throw new Error(JSON.stringify(network.problems));
    patterns.push({ story: name, requests: call.requests });
  }
  return patterns;
}

/** A function that gives a pattern's SIDs and caller those of another call. */
function renamer() {
  const sids = new Map();
  const caller = `+1555${String(randomInt(10_000_000)).padStart(7, '0')}`;
  const renamed = (sid) => {
    if (!sids.has(sid)) sids.set(sid, sid.slice(0, 2) + randomBytes(16).toString('hex'));
    return sids.get(sid);
  };
  return (text) => text.replaceAll(CALLER, caller).replaceAll(SIDS, renamed);
}

/** Another call after this pattern. @returns {{path: string, headers: object, body: string}[]} */
export function another({ requests }, sign) {
  const rename = renamer();
  return requests.map((pattern) => {
    const url = rename(pattern.url);
    const params = pattern.params.map(([name, value]) => [name, rename(value)]);
    const space = pattern.body.includes('%20') ? '%20' : '+';
    const body = encodeForm(params, { space });
    const headers = {
      ...pattern.headers,
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Twilio-Signature': sign(url, params),
    };
    return { path: url.replace(/^https:\/\/[^/]+/, ''), headers, body };
  });
}

/** A record of wrk.lua: six digits, then the HTTP request. */
export function record(method, host, { path, headers, body = '' }) {
  const lines = Object.entries({ Host: host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const text = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  return String(Buffer.byteLength(text)).padStart(6, '0') + text;
}

/** Story by story in the proportions of the mix. */
function* endless(patterns) {
  const turn = patterns.flatMap((pattern) => Array(MIX[pattern.story]).fill(pattern));
  for (let i = 0; ; i += 1) yield turn[(i * 7) % turn.length];
}

/** The requests of `calls` calls, of which WINDOW are under way at any time. */
function* interleaved(patterns, calls, sign) {
  const source = endless(patterns);
  const open = [];
  let placed = 0;
  for (let turn = 0; placed < calls || open.length > 0; turn += 1) {
    while (open.length < WINDOW && placed < calls) {
      open.push(another(source.next().value, sign));
      placed += 1;
    }
    const at = turn % open.length;
    yield open[at].shift();
    if (open[at].length === 0) open.splice(at, 1);
  }
}

/**
 * Write the files that wrk.lua replays.
 * @param {Pattern[]} patterns
 * @param {{stack: object, prefix: string, calls: number}} options
 */
export async function writeTraffic(patterns, { stack, prefix, calls }) {
  const network = stack.network();
  const sign = (url, params) => network.sign(url, params);
  const host = new URL(stack.publicUrl).host;
  for (let thread = 0; thread < THREADS; thread += 1) {
    const file = createWriteStream(`${prefix}-${thread}`);
    for (const request of interleaved(patterns, Math.ceil(calls / THREADS), sign)) {
      if (!file.write(record('POST', host, request))) await once(file, 'drain');
    }
    file.end();
    await once(file, 'finish');
  }
  await network.close();
}
