// A mail server that others wrote, its certificates, and what it has taken.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '../smtp.py');

/** An authority of our own, and a certificate of it for a host. */
export class Authority {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'mainline-smtp-'));
    this.ca = join(this.folder, 'ca.pem');
    this.#openssl('req', '-x509', '-subj', '/CN=Test', '-keyout', 'ca.key', '-out', 'ca.pem');
  }

  #openssl(command, ...rest) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
    execFileSync('openssl', [command, ...key, ...rest], { cwd: this.folder, stdio: 'pipe' });
  }

  /** @param {string} names "IP:127.0.0.1,DNS:localhost" */
  certificate(names) {
    const name = names.replace(/\W/g, '_');

    this.#openssl('req', '-x509', '-subj', '/CN=server', '-addext', `subjectAltName=${names}`,
      '-addext', 'basicConstraints=critical,CA:FALSE', '-CA', 'ca.pem', '-CAkey', 'ca.key',
      '-keyout', `${name}.key`, '-out', `${name}.pem`);
    return { cert: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
  }

  file(name, bytes) {
    writeFileSync(join(this.folder, name), bytes);
    return join(this.folder, name);
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}

const bytes = (base64) => Buffer.from(base64, 'base64');

function letterOf({ raw, headers, parts, ...envelope }) {
  return {
    ...envelope,
    raw: bytes(raw).toString('latin1'),
    headers,
    parts: parts.map((part) => ({ ...part, content: bytes(part.content) })),
    header: (name) => headers.filter(([is]) => is === name).map(([, value]) => value),
  };
}

export class MailServer {
  letters = [];

  static async start(options) {
    const server = new MailServer();

    server.child = spawn('/usr/bin/python3', [PROGRAM, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: server.child.stdout });
    server.port = await new Promise((resolve, reject) => {
      server.child.on('close', () => reject(new Error('the mail server ended')));
      lines.on('line', (line) => {
        const said = JSON.parse(line);

        if (said.port !== undefined) resolve(said.port);
        else server.letters.push(letterOf(said));
      });
    });
    return server;
  }

  async stop() {
    const closed = new Promise((resolve) => this.child.on('close', resolve));

    this.child.stdin.end();
    await closed;
  }
}
