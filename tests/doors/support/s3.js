// An S3-compatible storage on the loopback: s3rver keeps the objects, and before
// it AWS's own signer decides who may come in, since s3rver looks at no signature
// of version 4.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { authorization, dateOf, presign } from './aws.js';

export const ACCOUNT = { region: 'eu-central-1', key: 'S3RVER', secret: 'S3cret/with+signs=' };
export const BUCKET = 'audio';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function refuse(response, status, code) {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
}

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
    if (!names.includes(name)) return 'AccessDenied';
  const want = await authorization(ACCOUNT, { method: request.method, path, headers, body });
  if (want.replace(/\s/g, '') !== given.replace(/\s/g, '')) return 'SignatureDoesNotMatch';
  return headers['x-amz-content-sha256'] === sha256(body) ? null : 'XAmzContentSHA256Mismatch';
}

export class Storage {
  /** @type {{ method: string, headers: object }[]} what came in */
  seen = [];

  static async start() {
    const storage = new Storage();

    storage.folder = mkdtempSync(join(tmpdir(), 'mainline-s3-'));
    storage.s3rver = new S3rver({
      address: '127.0.0.1',
      port: 0,
      silent: true,
      directory: storage.folder,
      configureBuckets: [{ name: BUCKET }],
    });
    storage.behind = (await storage.s3rver.run()).port;
    storage.front = http.createServer((request, response) => {
      storage.#serve(request, response).catch((error) => response.destroy(error));
    });
    await new Promise((resolve) => storage.front.listen(0, '127.0.0.1', resolve));
    storage.port = storage.front.address().port;
    storage.origin = `http://127.0.0.1:${storage.port}`;
    return storage;
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.origin);
    const pieces = [];

    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    this.seen.push({ method: request.method, headers: request.headers });
    if (this.failure !== undefined) return refuse(response, this.failure, 'SlowDown');
    const wrong = url.searchParams.has('X-Amz-Signature')
      ? await wrongQuery(url, request.headers.host)
      : await wrongHeaders(request, url.pathname, body);
    if (wrong !== null) return refuse(response, 403, wrong);
    return this.#passOn(request, body, response);
  }

  #passOn(request, body, response) {
    const { method, headers } = request;
    const onward = http.request(
      { host: '127.0.0.1', port: this.behind, method, path: request.url, headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );

    onward.on('error', (error) => response.destroy(error));
    onward.end(body);
  }

  async stop() {
    this.front.closeAllConnections();
    await new Promise((resolve) => this.front.close(resolve));
    await this.s3rver.close();
    rmSync(this.folder, { recursive: true });
  }
}
