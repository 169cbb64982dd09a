// Certificates for tests, made by openssl: Node can use them but not make them.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A self-signed certificate for a host.
 * @param {string} [host]
 * @param {number} [days] 0 for one that has expired already
 * @returns {{key: string, cert: string}}
 */
export function certificateFor(host = 'localhost', days = 2) {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const file = (name) => join(folder, name);
  const run = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
  try {
    run(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      file('key'),
      '-out',
      file('csr'),
      '-subj',
      `/CN=${host}`,
      '-addext',
      `subjectAltName=DNS:${host}`,
    );
    run(
      'x509',
      '-req',
      '-in',
      file('csr'),
      '-signkey',
      file('key'),
      '-days',
      String(days),
      '-copy_extensions',
      'copy',
      '-out',
      file('cert'),
    );
    return { key: readFileSync(file('key'), 'utf8'), cert: readFileSync(file('cert'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
