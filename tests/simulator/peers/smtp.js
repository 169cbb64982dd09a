// A real mail server for tests: Debian's aiosmtpd, run as a child (smtp.py).  It
// keeps what it took, read as MIME by Python's own library.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { certificateFor } from '../testing/certificate.js';

const LOG_CHARACTERS = 10_000;
const SCRIPT = fileURLToPath(new URL('smtp.py', import.meta.url));
/** The package belongs to Debian's Python, which need not be the first on the PATH. */
const PYTHON = process.env.MAINLINE_TEST_PYTHON ?? '/usr/bin/python3';

/**
 * @typedef {object} Mail
 * @property {string} from of the envelope
 * @property {string[]} to of the envelope
 * @property {boolean} tls
 * @property {string|null} user who logged in
 * @property {[name: string, value: string][]} headers decoded
 * @property {string|null} text
 * @property {string|null} html
 * @property {{filename: string, type: string, bytes: Buffer}[]} attachments
 * @property {string[]} defects whatever is wrong with it as MIME
 * @property {Buffer} raw
 */

/**
 * @typedef {object} Rule what goes wrong
 * @property {'connect'|'auth'|'mail'|'rcpt'|'data'} stage
 * @property {string} [reply] such as '451 4.3.0 Try again later'
 * @property {true} [hang] no reply
 * @property {true} [lose] the connection breaks; at `data` when the mail has been taken
 * @property {number} [times] how often; without it until `mend`
 * @property {string} [to] mail, rcpt: only addresses with this in them
 */

export class SmtpServer extends EventEmitter {
  #options;
  #child;
  #folder;
  #orders = 0;

  /**
   * @param {object} [options]
   * @param {'none'|'starttls'|'implicit'} [options.tls] starttls: nothing goes without it
   * @param {string} [options.user] who must log in, with `password`; without it nobody
   * @param {string} [options.password]
   * @param {number} [options.sizeLimit] bytes
   * @param {string} [options.host] whom the certificate names
   * @returns {Promise<SmtpServer>}
   */
  static async start(options = {}) {
    const server = new SmtpServer(options);
    await server.up();
    return server;
  }

  constructor({ host = 'localhost', ...options }) {
    super();
    this.#options = { tls: 'none', port: 0, ...options };
    /** @type {Mail[]} */
    this.messages = [];
    /** @type {{user: string, right: boolean, mechanism: string}[]} */
    this.logins = [];
    this.connections = 0;
    /** The end of what it had to say of clients that broke off, and the like. */
    this.log = '';
    /** The certificate, to be trusted by clients, and the file that it is in. */
    this.ca = null;
    if (this.#options.tls !== 'none') this.#certify(host);
  }

  #certify(host) {
    this.#folder = mkdtempSync(join(tmpdir(), 'smtp-'));
    const { key, cert } = certificateFor(host);
    this.ca = cert;
    for (const [name, text] of Object.entries({ key, cert })) {
      this.#options[name] = join(this.#folder, name);
      writeFileSync(this.#options[name], text, { mode: 0o600 });
    }
    this.caFile = this.#options.cert;
  }

  get port() {
    return this.#options.port;
  }

  /** Listen, again at the same port after `down`. */
  async up() {
    this.#child = spawn(PYTHON, [SCRIPT, JSON.stringify(this.#options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr.on(
      'data',
      (chunk) => (this.log = (this.log + chunk).slice(-LOG_CHARACTERS)),
    );
    // An order to one that has gone is lost with it.
    this.#child.stdin.on('error', () => {});
    const exited = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`smtp.py ended with ${code}; is python3-aiosmtpd here?\n${this.log}`);
    });
    exited.catch(() => {});
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
    [this.#options.port] = await Promise.race([once(this, 'ready'), exited]);
  }

  #hear(line) {
    const told = JSON.parse(line);
    if (told.connection) this.connections += 1;
    if (told.login) this.logins.push(told.login);
    if (told.message) this.messages.push(mailOf(told.message));
    if (told.message) this.emit('message', this.messages.at(-1));
    if (told.ready) this.emit('ready', told.ready);
    if (told.done !== undefined) this.emit(`done ${told.done}`);
  }

  /** Connections are refused, and those there are break. */
  async down() {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** @param {Rule} rule */
  fail(rule) {
    return this.#order({ rule });
  }

  /** Every reply to MAIL, RCPT and DATA comes so much later. */
  delay(delayMs) {
    return this.#order({ delayMs });
  }

  /** All goes well again. */
  mend() {
    return this.#order({ mend: true });
  }

  async #order(order) {
    this.#orders += 1;
    const done = once(this, `done ${this.#orders}`);
    this.#child.stdin.write(`${JSON.stringify({ id: this.#orders, ...order })}\n`);
    await done;
  }

  /** Wait until there are so many messages. @returns {Promise<Mail[]>} */
  async received(count, withinMs = 10_000) {
    const signal = AbortSignal.timeout(withinMs);
    while (this.messages.length < count) await once(this, 'message', { signal });
    return this.messages;
  }

  async close() {
    await this.down();
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }
}

function mailOf({ raw, attachments, ...mail }) {
  return {
    ...mail,
    raw: Buffer.from(raw, 'base64'),
    attachments: attachments.map(({ base64, ...about }) => ({
      ...about,
      bytes: Buffer.from(base64, 'base64'),
    })),
  };
}
