// AWS's own signer, asked whether a request is signed as it would sign it.

import { createHash, createHmac } from 'node:crypto';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { SignatureV4 } from '@smithy/signature-v4';

/** The hash that the signer is handed, by Node's own. */
class Sha256 {
  constructor(secret) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  update(data) {
    this.hash.update(data);
  }

  async digest() {
    return this.hash.digest();
  }
}

/** "20261122T090000Z" */
export const dateOf = (text) =>
  new Date(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const optionsOf = ({ region, key, secret }) => ({
  region,
  service: 's3',
  sha256: Sha256,
  uriEscapePath: false,
  credentials: { accessKeyId: key, secretAccessKey: secret },
});

/**
 * The query of a presigned GET, by name.  AWS's JavaScript also tells that the
 * payload is unsigned; its other libraries and its documentation do not, nor do we.
 */
export async function presign(account, { host, path, date, expiresIn }) {
  const presigner = new S3RequestPresigner(optionsOf(account));
  const [hostname, port] = host.split(/:(?=\d+$)/);
  const signed = await presigner.presign(
    { method: 'GET', protocol: 'https:', hostname, port, path, query: {}, headers: { host } },
    {
      signingDate: date,
      expiresIn,
      unhoistableHeaders: new Set(['x-amz-content-sha256']),
      unsignableHeaders: new Set(['x-amz-content-sha256']),
    },
  );

  return signed.query;
}

/** The Authorization header of a request whose headers are all signed. */
export async function authorization(account, { method, path, headers, body }) {
  const signer = new SignatureV4(optionsOf(account));
  const signed = await signer.sign(
    { method, protocol: 'http:', hostname: 'unused', path, query: {}, headers, body },
    { signingDate: dateOf(headers['x-amz-date']) },
  );

  return signed.headers.authorization;
}
