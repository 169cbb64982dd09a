// A folder that looks as script/server leaves it, with the small Mainline behind it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFor } from './certificate.js';
import { COLLEAGUE, LINE, routes } from './fake-mainline.js';
import { startServer } from './fake-server.js';
import { ACCOUNT, TOKEN } from './network.js';

const PUBLIC = 'https://phone.example.com';

/**
 * @param {object} call what the API says of every call
 * @returns {Promise<{data: string, server: any, close: () => Promise<void>}>}
 */
export async function stackFolder(call) {
  const data = mkdtempSync(join(tmpdir(), 'stack-'));
  const tls = certificateFor('phone.example.com');
  const api = { body: JSON.stringify(call), headers: { 'Content-Type': 'application/json' } };
  const server = await startServer(
    { ...routes(), '*': ({ path }) => (path.startsWith('/api/calls/CA') ? api : 404) },
    { tls },
  );
  writeFileSync(join(data, 'ca.pem'), tls.cert);
  writeFileSync(join(data, 'admin-token'), 'sesame\n');
  const env = {
    MAINLINE_HTTPS_PORT: server.port,
    MAINLINE_PUBLIC_URL: PUBLIC,
    MAINLINE_LINE: LINE,
    MAINLINE_FORWARD_TO: COLLEAGUE,
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    MAINLINE_TLS_CA: join(data, 'ca.pem'),
  };
  const lines = Object.entries(env).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(data, 'stack.env'), lines.join(''));
  const close = async () => {
    await server.close();
    rmSync(data, { recursive: true });
  };
  return { data, server, close };
}
