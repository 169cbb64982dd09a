// An S3 server that others wrote: s3rver, in a folder of its own, behind a door
// that fails as it is told and that checks signatures, by aws4: s3rver itself lets
// in who does not sign, and believes every signature of version 4.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import aws4 from 'aws4';
import S3rver from 's3rver';
import { Chance } from '../random.js';
import { Faults } from '../rest/faults.js';

/** The only credentials that s3rver knows. */
export const ACCESS_KEY = 'S3RVER';
export const SECRET_KEY = 'S3RVER';

export class S3Server {
  #folder = mkdtempSync(join(tmpdir(), 's3-'));
  #bucket;
  #s3;
  #server;
  #faults;
  #address = { port: 0, host: '127.0.0.1' };
  #ours = randomUUID();

  /**
   * @param {{bucket?: string, seed?: number}} [options]
   * @returns {Promise<S3Server>}
   */
  static async start(options = {}) {
    const server = new S3Server(options);
    await server.#s3.configureBuckets();
    await server.up();
    return server;
  }

  constructor({ bucket = 'audio', seed = 1 }) {
    this.#bucket = bucket;
    this.#faults = new Faults(new Chance(seed, 's3'));
    this.#s3 = new S3rver({
      silent: true,
      directory: this.#folder,
      vhostBuckets: false,
      configureBuckets: [{ name: bucket, configs: [] }],
    });
    /** @type {{method: string, path: string, signed: boolean, status: number}[]} */
    this.requests = [];
    const serve = this.#s3.callback();
    this.#server = http.createServer((request, response) => this.#serve(request, response, serve));
  }

  /** The endpoint; the bucket is the first part of the path. */
  get origin() {
    return `http://${this.#address.host}:${this.#address.port}`;
  }

  get url() {
    return `${this.origin}/${this.#bucket}`;
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
    return fetch(`${this.url}${path}`, { headers: { 'x-test': this.#ours } });
  }

  /** Listen, again at the same port after `down`. */
  up() {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#address.port, this.#address.host, () => {
        this.#server.off('error', reject);
        this.#address = { ...this.#address, port: this.#server.address().port };
        resolve();
      });
    });
  }

  /** Connections are refused, and those there are break. What was stored stays. */
  async down() {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async close() {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serve(request, response, serve) {
    if (request.headers['x-test'] === this.#ours) {
      serve(request, response);
      return;
    }
    const [path] = request.url.split('?');
    const signed = isSigned(request);
    const asked = { method: request.method, path, signed, status: 0 };
    this.requests.push(asked);
    response.once('finish', () => (asked.status = response.statusCode));
    const fault = this.#faults.hit(request.method, path);
    if (fault.delayMs) await wait(fault.delayMs);
    if (fault.hang) return;
    if (fault.reset) request.socket.resetAndDestroy();
    else if (fault.status !== undefined) refuse(response, fault.status, 'SlowDown');
    else if (!signed) refuse(response, 403, 'SignatureDoesNotMatch');
    else serve(request, response);
  }
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
/** How far clocks may be apart. */
const SKEW_MS = 15 * 60 * 1000;

/** Would S3 believe this request? Its body is not looked at. */
function isSigned({ method, url, headers }) {
  const [, user, region, names, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  const at = headers['x-amz-date']?.replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  if (user !== ACCESS_KEY || !(Math.abs(Date.now() - Date.parse(at)) < SKEW_MS)) return false;
  const signed = Object.fromEntries(names.split(';').map((name) => [name, headers[name]]));
  const needed = ['host', 'x-amz-date', 'x-amz-content-sha256'];
  if (needed.some((name) => signed[name] === undefined)) return false;
  const keys = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
  const ours = aws4.sign({ service: 's3', region, method, path: url, headers: signed }, keys);
  return ours.headers.Authorization.endsWith(`Signature=${signature}`);
}

function refuse(response, status, code) {
  response.writeHead(status, { 'Content-Type': 'application/xml', Connection: 'close' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
}
