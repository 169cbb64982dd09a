// An authority that gives certificates: pebble, Let's Encrypt's own test server, as
// Debian packages it, with a name server beside it for which every name is this host.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../e2e/support/stack.js';
import { certificateFor } from '../../simulator/testing/certificate.js';

const UP_WITHIN_MS = 15_000;

/** The first of these commands that is not here; undefined if all are. */
export const missing = (...commands) =>
  commands.find((command) => {
    try {
      execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });

export class Pebble {
  #children = [];
  #folder = mkdtempSync(join(tmpdir(), 'mainline-pebble-'));

  /** @param {number} httpPort where the servers listen that it is to look at */
  static async start(httpPort) {
    const pebble = new Pebble();
    await pebble.#start(httpPort);
    return pebble;
  }

  async #start(httpPort) {
    const [port, management, dns, control] = await Promise.all(Array.from({ length: 4 }, freePort));
    const own = certificateFor('localhost');
    this.own = own.cert;
    this.management = management;
    this.control = control;
    this.directory = `https://localhost:${port}/dir`;
    /** Who vouches for its own HTTPS. */
    this.caFile = this.#write('own.pem', own.cert);
    const config = this.#write(
      'config.json',
      JSON.stringify({
        pebble: {
          listenAddress: `127.0.0.1:${port}`,
          managementListenAddress: `127.0.0.1:${management}`,
          certificate: this.caFile,
          privateKey: this.#write('own.key', own.key),
          httpPort,
          tlsPort: httpPort,
        },
      }),
    );
    // Debian 13's listens at one door more, whose option Debian 12's does not know.
    const help = spawnSync('pebble-challtestsrv', ['-h'], { encoding: 'utf8' }).stderr;
    const doors = ['-http01', '-https01', '-tlsalpn01', '-doh'];
    const off = doors.filter((door) => help.includes(`${door} `)).flatMap((door) => [door, '']);
    const listens = ['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${control}`];
    this.#run('pebble-challtestsrv', [
      ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', ''],
      ...listens,
      ...off,
    ]);
    this.#run('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`]);
    /** What a client trusts who trusts this authority. */
    this.root = await this.#answer('/roots/0');
  }

  #write(name, text) {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  #run(file, args) {
    const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' };
    this.#children.push(spawn(file, args, { env, stdio: 'ignore' }));
  }

  async #answer(path) {
    for (const until = performance.now() + UP_WITHIN_MS; ;) {
      try {
        return await get({ host: '127.0.0.1', port: this.management, path, ca: this.own });
      } catch (error) {
        if (performance.now() > until) throw error;
        await wait(50);
      }
    }
  }

  close() {
    this.#children.forEach((child) => child.kill());
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function get(options) {
  return new Promise((resolve, reject) => {
    const request = https.get({ servername: 'localhost', ...options }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    request.on('error', reject);
  });
}
