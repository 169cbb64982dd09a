// A host that nobody may ever talk to: it counts who connects, and keeps every
// credential that it is shown, with or without TLS.

import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { certificateFor } from '../testing/certificate.js';

/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16;

export class Canary {
  #server;
  #sockets = new Set();

  /** @param {string} [host] where it listens @returns {Promise<Canary>} */
  static async start(host = '127.0.0.1') {
    const canary = new Canary();
    await new Promise((resolve) => canary.#server.listen(0, host, resolve));
    return canary;
  }

  constructor() {
    /** TCP connections, whatever came of them. */
    this.connections = 0;
    /** @type {{method: string, url: string, host: string, tls: boolean}[]} */
    this.requests = [];
    /** @type {string[]} every Authorization header */
    this.authorizations = [];
    const plain = http.createServer((request, response) => this.#answer(request, response));
    const secure = https.createServer(certificateFor('localhost'), (request, response) =>
      this.#answer(request, response),
    );
    this.#server = net.createServer((socket) => this.#greet(socket, plain, secure));
  }

  get port() {
    return this.#server.address().port;
  }

  /** @returns {boolean} nobody has ever come */
  get isUntouched() {
    return this.connections === 0;
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #greet(socket, plain, secure) {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }

  #answer(request, response) {
    const { method, url, headers, socket } = request;
    this.requests.push({ method, url, host: headers.host, tls: socket.encrypted === true });
    if (headers.authorization !== undefined) this.authorizations.push(headers.authorization);
    response.writeHead(200, { 'Content-Type': 'audio/x-wav' });
    response.end('RIFF');
  }
}
