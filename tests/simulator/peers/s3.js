// An S3 server that others wrote: s3rver, in a folder of its own, behind a door
// that fails as it is told, and at which AWS's own signer decides who may come in:
// s3rver lets in who does not sign, and believes every signature of version 4.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import S3rver from 's3rver';
import { Chance } from '../random.js';
import { Faults } from '../rest/faults.js';
import { authorization, dateOf, presign } from './aws.js';

/** S3RVER is the only key that s3rver knows. */
export const ACCOUNT = { region: 'eu-central-1', key: 'S3RVER', secret: 'S3cret/with+signs=' };
export const BUCKET = 'audio';

/** How far clocks may be apart. */
const SKEW_MS = 15 * 60 * 1000;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** What is wrong with a signature in the query, or null. */
async function wrongQuery(url, host) {
  const given = Object.fromEntries(url.searchParams);
  const date = dateOf(given['X-Amz-Date']);
  const expiresIn = Number(given['X-Amz-Expires']);

  if (Date.now() > date.getTime() + expiresIn * 1000) return 'ExpiredToken';
  const want = await presign(ACCOUNT, { host, path: url.pathname, date, expiresIn });
  return want['X-Amz-Signature'] === given['X-Amz-Signature'] &&
    want['X-Amz-Credential'] === given['X-Amz-Credential']
    ? null
    : 'SignatureDoesNotMatch';
}

/** The same of one in the headers. */
async function wrongHeaders(request, path, body) {
  const given = request.headers.authorization ?? '';
  const names = /SignedHeaders=([^,]*)/.exec(given)?.[1].split(';') ?? [];
  const headers = Object.fromEntries(names.map((name) => [name, request.headers[name]]));

  for (const name of ['host', 'x-amz-date', 'x-amz-content-sha256'])
    if (headers[name] === undefined) return 'AccessDenied';
  if (!(Math.abs(Date.now() - dateOf(headers['x-amz-date'])) < SKEW_MS))
    return 'RequestTimeTooSkewed';
  const want = await authorization(ACCOUNT, { method: request.method, path, headers, body });
  if (want.replace(/\s/g, '') !== given.replace(/\s/g, '')) return 'SignatureDoesNotMatch';
  return headers['x-amz-content-sha256'] === sha256(body) ? null : 'XAmzContentSHA256Mismatch';
}

function refuse(response, status, code) {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
}

export class S3Server {
  #folder = mkdtempSync(join(tmpdir(), 'mainline-s3-'));
  #s3rver = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: this.#folder,
    configureBuckets: [{ name: BUCKET }],
  });
  #behind = 0;
  #front;
  #faults;

  /** @type {{method: string, path: string, headers: object, status: number}[]} */
  requests = [];
  port = 0;

  /** @param {{seed?: number}} [options] @returns {Promise<S3Server>} */
  static async start({ seed = 1 } = {}) {
    const server = new S3Server(seed);
    server.#behind = (await server.#s3rver.run()).port;
    await server.up();
    return server;
  }

  constructor(seed) {
    this.#faults = new Faults(new Chance(seed, 's3'));
    this.#front = http.createServer((request, response) => {
      this.#serve(request, response).catch((error) => response.destroy(error));
    });
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  get url() {
    return `${this.origin}/${BUCKET}`;
  }

  /**
   * Of a REST fault: path, method, times, skip, chance, status, hang, reset, delayMs.
   * @param {import('../rest/faults.js').Fault} fault
   * @returns {() => void} takes it back
   */
  fail(fault) {
    return this.#faults.add(fault);
  }

  mend() {
    this.#faults.clear();
  }

  /** What is in the bucket. @returns {Promise<string[]>} */
  async keys() {
    const listed = await (await this.#ask('?list-type=2&max-keys=1000')).text();
    return [...listed.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
  }

  /** @returns {Promise<{status: number, type: string|null, body: Buffer}>} */
  async get(key) {
    const response = await this.#ask(`/${key}`);
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get('content-type'), body };
  }

  #ask(path) {
    return fetch(`http://127.0.0.1:${this.#behind}/${BUCKET}${path}`);
  }

  /** Listen, again at the same port after `down`. */
  up() {
    return new Promise((resolve, reject) => {
      this.#front.once('error', reject);
      this.#front.listen(this.port, '127.0.0.1', () => {
        this.#front.off('error', reject);
        this.port = this.#front.address().port;
        resolve();
      });
    });
  }

  /** Connections are refused, and those there are break. What was stored stays. */
  async down() {
    if (!this.#front.listening) return;
    this.#front.closeAllConnections();
    await new Promise((resolve) => this.#front.close(resolve));
  }

  async close() {
    await this.down();
    await this.#s3rver.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #serve(request, response) {
    const { method, headers } = request;
    const url = new URL(request.url, this.origin);
    const asked = { method, path: url.pathname, headers, status: 0 };
    const pieces = [];

    this.requests.push(asked);
    response.once('finish', () => (asked.status = response.statusCode));
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const fault = this.#faults.hit(method, url.pathname);
    if (fault.delayMs) await wait(fault.delayMs);
    if (fault.hang) return;
    if (fault.reset) request.socket.resetAndDestroy();
    else if (fault.status !== undefined) refuse(response, fault.status, 'SlowDown');
    else await this.#judge(request, url, body, response);
  }

  async #judge(request, url, body, response) {
    const wrong = url.searchParams.has('X-Amz-Signature')
      ? await wrongQuery(url, request.headers.host)
      : await wrongHeaders(request, url.pathname, body);

    if (wrong === null) this.#passOn(request, body, response);
    else refuse(response, 403, wrong);
  }

  #passOn({ method, url, headers }, body, response) {
    const onward = http.request(
      { host: '127.0.0.1', port: this.#behind, method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );

    onward.on('error', (error) => response.destroy(error));
    onward.end(body);
  }
}
