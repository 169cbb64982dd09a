// Stands between a client and PostgreSQL: forwards, falls silent, or cuts the
// connection at one message of the protocol.
// https://www.postgresql.org/docs/current/protocol-message-formats.html

import net from 'node:net';

const LENGTH_BYTES = 4;

/** Takes one direction's bytes apart; the client's first message has no type byte. */
class Messages {
  #rest = Buffer.alloc(0);

  constructor(typed) {
    this.typed = typed;
  }

  /** @returns {Buffer[]} the messages that are whole now */
  take(chunk) {
    const whole = [];
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.typed ? 1 : 0;
      if (this.#rest.length < head + LENGTH_BYTES) return whole;
      const length = head + this.#rest.readUInt32BE(head);
      if (this.#rest.length < length) return whole;
      whole.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
      this.typed = true;
    }
  }
}

export class TcpProxy {
  #pairs = new Set();
  #silent = false;
  #cut = null;

  /** @param {string} upstream path of a unix socket */
  static async open(upstream) {
    const proxy = new TcpProxy();
    proxy.upstream = upstream;
    proxy.server = net.createServer((client) => proxy.#connect(client));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  #connect(client) {
    const server = net.connect(this.upstream);
    const pair = { client, server };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('error', end);
      socket.on('close', end);
      if (this.#silent) socket.pause();
    }
    this.#forward(pair, client, server, new Messages(false));
    this.#forward(pair, server, client, new Messages(true));
  }

  #forward(pair, from, to, messages) {
    from.on('data', (chunk) => {
      for (const message of messages.take(chunk)) {
        if (from.destroyed || to.destroyed) return;
        if (!this.#passes(pair, to, message)) return;
        to.write(message);
      }
    });
    if (this.#silent) from.pause();
  }

  #passes(pair, to, message) {
    const cut = this.#cut;
    if (cut === null) return true;
    cut.passed += 1;
    if (cut.passed < cut.at) return true;
    this.#cut = null;
    cut.hit = true;
    const part = Math.floor(message.length * cut.part);
    if (part > 0) to.write(message.subarray(0, part), () => this.#break(pair));
    else this.#break(pair);
    return false;
  }

  #break({ client, server }) {
    client.resetAndDestroy();
    server.destroy();
  }

  /** Nothing goes through any more, in either direction; who connects is not answered. */
  silence() {
    this.#silent = true;
    for (const { client, server } of this.#pairs) [client, server].forEach((each) => each.pause());
  }

  /** What was held back goes on its way. */
  resume() {
    this.#silent = false;
    for (const { client, server } of this.#pairs) [client, server].forEach((each) => each.resume());
  }

  /**
   * Break the connection at the nth message from now, whichever way it goes.
   * @param {number} at 1 is the next
   * @param {number} part of the message that still goes through: 0 none, 0.5 half of it
   * @returns {{passed: number, hit: boolean}} `hit`: it has come to that
   */
  cutAt(at, part = 0) {
    this.#cut = { at, part, passed: 0, hit: false };
    return this.#cut;
  }

  /** Forget a cut that has not come. */
  spare() {
    this.#cut = null;
  }

  /** Break all that are connected. */
  breakAll() {
    for (const pair of this.#pairs) this.#break(pair);
  }

  get connections() {
    return this.#pairs.size;
  }

  close() {
    this.breakAll();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
