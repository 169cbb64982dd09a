// The page with the keypad, and the few requests by which it plays a call.  It
// listens on a socket that nginx alone talks to, and only in a local stack without
// an account at Twilio: whoever reaches it may place calls.

import { rmSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readCall, readOutcome, readStack, StackError } from '../tool/stack.js';
import { COLLEAGUE_DEEDS, KeypadCall, OutOfTurn } from './call.js';
import { fileAt } from './files.js';
import { endLeft, tellOfEnd } from './unfinished.js';

const MOST_CALLS = 4;
const MAX_BODY_BYTES = 64 * 1024;
const JSON_TYPE = 'application/json';
const SOUND_TYPE = 'application/octet-stream';
const KEY = /^[0-9*#]$/;
const CALLER = /^\+[1-9]\d{6,14}$|^anonymous$/;
/** A page that is gone is noticed when it is written to. */
const BEAT_MS = 1000;
/** The page's own wish to come back. */
const RETRY_MS = 500;
/** Who stops the simulator does not wait for long. */
const STOPS_WITHIN_MS = 1000;
/** So long after its end a call's happenings can still be read. */
const KEPT_MS = 60_000;

/** A refusal: what is sent of it. */
class Refusal extends Error {
  constructor(status, code, words) {
    super(words);
    Object.assign(this, { status, code });
  }
}

export class KeypadServer {
  #server = http.createServer((request, response) => this.#serve(request, response));
  #folder;
  /** @type {Map<string, KeypadCall>} */
  #calls = new Map();

  /** @param {string} folder MAINLINE_DATA of the stack that is called, and no other is */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @param {string} path of the socket */
  async listen(path) {
    rmSync(path, { force: true });
    // Its folder says who may; nginx's workers may be somebody else than we are.
    const mask = process.umask(0);
    const listening = new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    process.umask(mask);
    await listening;
  }

  /**
   * End the calls that an earlier simulator left, in the rows and, where the stack runs, at the
   * server as well; otherwise it finds out by asking.
   * @param {import('../account.js').Account} account
   */
  async endLeft(account) {
    const left = endLeft(join(this.#folder, 'twilio'), account);
    if (left.length === 0) return;
    const stack = await readStack({ MAINLINE_DATA: this.#folder }).catch(nothing);
    if (stack !== null) await Promise.all(left.map((row) => tellOfEnd(stack, row)));
  }

  /** Hang up all calls, so that their rows say so and the server hears of it if it still runs. */
  async close() {
    const calls = [...this.#calls.values()];
    calls.forEach((call) => call.hangUp('stop'));
    const ended = Promise.all(calls.map((call) => call.finished));
    await Promise.race([ended, wait(STOPS_WITHIN_MS, undefined, { ref: false })]);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request, response) {
    try {
      await this.#route(request, response);
    } catch (error) {
      const refusal = refusalOf(error);
      json(response, refusal.status, { code: refusal.code, detail: refusal.message });
    }
  }

  async #route(request, response) {
    const { method, headers } = request;
    const path = request.url.split('?')[0];
    if (method === 'GET' || method === 'HEAD') return this.#get(path, request, response);
    if (method !== 'POST') throw new Refusal(405, 'method_not_allowed', 'GET and POST alone.');
    if (!isFromPage(headers)) throw new Refusal(403, 'not_from_page', 'Only its own page may.');
    const body = await bodyOf(request);
    if (path === '/keypad/calls') return this.#place(body, response);
    const [, id, deed] = /^\/keypad\/calls\/([0-9a-f]{32})\/([a-z]+)$/.exec(path) ?? [];
    this.#do(this.#find(id), deed, body);
    response.writeHead(204).end();
    return undefined;
  }

  async #get(path, request, response) {
    if (path === '/keypad/status') return this.#status(response);
    const [, id] = /^\/keypad\/calls\/([0-9a-f]{32})\/events$/.exec(path) ?? [];
    if (id !== undefined) return this.#events(this.#find(id), request, response);
    const file = fileAt(path);
    if (file === null) throw new Refusal(404, 'not_found', 'There is nothing here.');
    response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
    return undefined;
  }

  async #status(response) {
    const stack = await readStack({ MAINLINE_DATA: this.#folder }).catch(() => null);
    json(response, 200, { line: stack?.line ?? null, calls: this.#going() });
  }

  #going() {
    return [...this.#calls.values()].filter((call) => !call.isOver).length;
  }

  #find(id) {
    const call = this.#calls.get(id);
    if (call === undefined) throw new Refusal(404, 'no_such_call', 'This call is not known here.');
    return call;
  }

  async #place(body, response) {
    const { from } = asJson(body);
    if (typeof from !== 'string' || !CALLER.test(from))
      throw new Refusal(
        400,
        'bad_number',
        'A number is + and 7 to 15 digits, like +15550123187; leave it empty to withhold it.',
      );
    if (this.#going() >= MOST_CALLS)
      throw new Refusal(429, 'line_busy', 'The line is busy: four calls are going on already.');
    const stack = await readStack({ MAINLINE_DATA: this.#folder });
    const call = new KeypadCall(stack, { from }, (one, sid) =>
      one.isOver ? outcomeOf(stack, sid) : readCall(stack, sid).catch(nothing),
    );
    this.#calls.set(call.id, call);
    call.finished.then(() => setTimeout(() => this.#calls.delete(call.id), KEPT_MS).unref());
    json(response, 201, { id: call.id, sid: call.sid, line: stack.line });
  }

  #do(call, deed, body) {
    if (deed === 'sound') call.hear(body);
    else if (deed === 'sample') call.playSample();
    else if (deed === 'hangup') call.hangUp();
    else if (deed === 'key') call.press(keyOf(asJson(body)));
    else if (deed === 'colleague') {
      const { leg, does } = asJson(body);
      if (!COLLEAGUE_DEEDS.includes(does))
        throw new Refusal(400, 'bad_deed', `They may ${COLLEAGUE_DEEDS.join(', ')}.`);
      call.let(leg, does);
    } else throw new Refusal(404, 'not_found', 'There is nothing here.');
  }

  /** https://html.spec.whatwg.org/multipage/server-sent-events.html */
  #events(call, request, response) {
    const after = Number(request.headers['last-event-id'] ?? 0) || 0;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    const beat = setInterval(() => response.write(':\n\n'), BEAT_MS);
    const leave = call.watch();
    const stop = call.happenings.follow(after, {
      one: (what) => response.write(`id: ${what.n}\ndata: ${JSON.stringify(what)}\n\n`),
      end: () => response.end('event: end\ndata:\n\n'),
    });
    response.on('close', () => {
      clearInterval(beat);
      stop();
      leave();
    });
  }
}

/** The call as the feed has it, once it has an outcome; null where it cannot be read. */
function outcomeOf(stack, sid) {
  return readOutcome(stack, sid).catch(nothing);
}

function nothing(error) {
  if (error instanceof StackError) return null;
  throw error;
}

/**
 * A page of another origin must not play calls.  Browsers that do not say where a
 * request comes from send at least its origin with a POST.
 */
function isFromPage(headers) {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin !== undefined && headers.origin === `https://${headers.host}`;
}

async function bodyOf(request) {
  const type = request.headers['content-type']?.split(';')[0] ?? '';
  if (type !== JSON_TYPE && type !== SOUND_TYPE)
    throw new Refusal(415, 'bad_type', `${JSON_TYPE} or ${SOUND_TYPE}.`);
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Refusal(413, 'body_too_large', 'Up to 64 KiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asJson(body) {
  try {
    const value = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new Refusal(400, 'bad_json', 'This is no JSON object.');
}

function keyOf({ key }) {
  if (typeof key !== 'string' || !KEY.test(key))
    throw new Refusal(400, 'bad_key', 'A key is one of 0 to 9, * and #.');
  return key;
}

function refusalOf(error) {
  if (error instanceof Refusal) return error;
  if (error instanceof OutOfTurn) return new Refusal(409, 'out_of_turn', error.message);
  if (error instanceof StackError) return new Refusal(503, 'stack_away', error.message);
  return new Refusal(500, 'broken', error.message);
}

function json(response, status, body) {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
