// A TCP proxy that fails as it is told: between a client and PostgreSQL, or any
// other server.  It counts bytes, and the messages of PostgreSQL's protocol.
// https://www.postgresql.org/docs/current/protocol-message-formats.html

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import net from 'node:net';

/** @typedef {'client'|'server'} Side who sends */

/**
 * @typedef {object} Cut when a connection is broken off
 * @property {Side} from whose bytes or messages are counted, over all connections
 * @property {number} [bytes] so many are let through, then it breaks
 * @property {number} [messages] so many messages are let through whole
 * @property {string} [type] only messages of this type are counted, such as 'C'
 * @property {boolean} [reset] by RST where it is TCP, instead of an orderly end
 */

/** Codes of untyped first messages that ask for encryption: the answer is a single byte. */
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

export class TcpProxy {
  #listenOn;
  #target;
  #server;
  #pairs = new Set();
  #delayMs = 0;
  #frozen = false;
  /** @type {(Cut & {bytesLeft: number, messagesLeft: number, done: () => void})[]} */
  #cuts = [];

  /**
   * @param {net.NetConnectOpts} target {path} or {host, port}
   * @param {net.ListenOptions} [listenOn] {path}, which PostgreSQL's clients look for as
   *   FOLDER/.s.PGSQL.PORT, or {port}
   */
  constructor(target, listenOn = { port: 0, host: '127.0.0.1' }) {
    this.#target = target;
    this.#listenOn = listenOn;
    /** How often it was connected to. */
    this.connections = 0;
    /** What was let through, by who sent it. */
    this.bytes = { client: 0, server: 0 };
    /** Messages let through; counted while the connection is not encrypted. */
    this.messages = { client: 0, server: 0 };
  }

  /** @returns {Promise<this>} */
  static async start(target, listenOn) {
    const proxy = new TcpProxy(target, listenOn);
    await proxy.open();
    return proxy;
  }

  /** The port or the path that it listens on. */
  get port() {
    return this.#listenOn.port;
  }

  get path() {
    return this.#listenOn.path;
  }

  /** How many there are now. */
  get openConnections() {
    return this.#pairs.size;
  }

  /** Accept connections, again after `refuse`. */
  async open() {
    if (this.#listenOn.path !== undefined) rmSync(this.#listenOn.path, { force: true });
    this.#server = net.createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    this.#server.listen(this.#listenOn);
    await once(this.#server, 'listening');
    if (this.#listenOn.path === undefined) {
      this.#listenOn = { ...this.#listenOn, port: this.#server.address().port };
    }
  }

  /** Refuse new connections; those there are go on. */
  async refuse() {
    const closing = this.#server;
    this.#server = null;
    // Resolves only when the last connection has ended, which nobody waits for.
    closing?.close();
    await new Promise(setImmediate);
  }

  /** Break every connection there is. */
  cut({ reset = false } = {}) {
    for (const pair of [...this.#pairs]) pair.destroy(reset);
  }

  /** Pass nothing on, while connections stay open and new ones are taken: a black hole. */
  freeze() {
    this.#frozen = true;
  }

  /** Go on, with all that was held back. */
  thaw() {
    this.#frozen = false;
    for (const pair of this.#pairs) pair.flow();
  }

  /** Pass everything on so much later. */
  delay(ms) {
    this.#delayMs = ms;
  }

  /**
   * Break one connection at a chosen place; afterwards all goes on as before.
   * @param {Cut} cut
   * @returns {Promise<void>} when it has broken
   */
  cutAfter(cut) {
    return new Promise((done) => {
      const { bytes = Infinity, messages = Infinity } = cut;
      this.#cuts.push({ ...cut, bytesLeft: bytes, messagesLeft: messages, done });
    });
  }

  /** Forget the cuts that have not come. */
  mend() {
    this.#cuts = [];
    this.#delayMs = 0;
    this.thaw();
  }

  async close() {
    await this.refuse();
    this.cut();
  }

  #accept(client) {
    this.connections += 1;
    const server = net.connect({ ...this.#target, allowHalfOpen: true });
    const pair = new Pair(client, server, {
      held: () => this.#frozen,
      delayMs: () => this.#delayMs,
      admit: (side, chunk, messages) => this.#admit(side, chunk, messages),
      closed: () => this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
  }

  /**
   * How many bytes of this chunk may pass, and the cut that comes then.
   * @param {Side} side
   * @param {Buffer} chunk
   * @param {{end: number, type: string}[]} messages that end in this chunk, and where
   */
  #admit(side, chunk, messages) {
    let passes = chunk.length;
    let due = null;
    for (const cut of this.#cuts.filter(({ from }) => from === side)) {
      const at = placeOf(cut, chunk, messages);
      if (at === null || at > passes || (at === passes && due !== null)) continue;
      passes = at;
      due = cut;
    }
    this.bytes[side] += passes;
    this.messages[side] += messages.filter(({ end }) => end <= passes).length;
    for (const cut of this.#cuts) if (cut.from === side) spend(cut, passes, messages);
    if (due !== null) this.#cuts = this.#cuts.filter((each) => each !== due);
    return { passes, due };
  }
}

const counted = ({ type }, messages) =>
  messages.filter((each) => type === undefined || each.type === type);

/** Where in this chunk the cut comes, or null. */
function placeOf(cut, chunk, messages) {
  if (cut.bytesLeft <= 0 || cut.messagesLeft <= 0) return 0;
  const byBytes = cut.bytesLeft <= chunk.length ? cut.bytesLeft : Infinity;
  const byMessages = counted(cut, messages)[cut.messagesLeft - 1]?.end ?? Infinity;
  const at = Math.min(byBytes, byMessages);
  return at === Infinity ? null : at;
}

function spend(cut, passed, messages) {
  cut.bytesLeft -= passed;
  cut.messagesLeft -= counted(cut, messages).filter(({ end }) => end <= passed).length;
}

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  #client;
  #server;
  #about;
  #readers;
  #queues = { client: [], server: [] };
  #timers = new Set();
  #over = false;

  constructor(client, server, about) {
    this.#client = client;
    this.#server = server;
    this.#about = about;
    const dialogue = { answers: 0 };
    this.#readers = {
      client: new Messages('client', dialogue),
      server: new Messages('server', dialogue),
    };
    this.#watch(client, 'client');
    this.#watch(server, 'server');
  }

  #watch(socket, side) {
    socket.on('data', (chunk) => this.#take(side, chunk));
    socket.on('end', () => this.#take(side, null));
    socket.on('error', () => this.destroy(false));
    socket.on('close', () => this.#ended());
  }

  /** A chunk, or null for the end of what this side sends. */
  #take(side, chunk) {
    const pass = () => {
      this.#queues[side].push(chunk);
      this.flow();
    };
    const delayMs = this.#about.delayMs();
    if (delayMs === 0) {
      pass();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      pass();
    }, delayMs);
    this.#timers.add(timer);
  }

  /** Pass on what waits, unless it is to be held. */
  flow() {
    for (const side of ['client', 'server']) {
      while (!this.#over && !this.#about.held() && this.#queues[side].length > 0) {
        this.#pass(side, this.#queues[side].shift());
      }
    }
  }

  #pass(side, chunk) {
    const to = side === 'client' ? this.#server : this.#client;
    if (chunk === null) {
      to.end();
      return;
    }
    const messages = this.#readers[side].read(chunk);
    const { passes, due } = this.#about.admit(side, chunk, messages);
    if (due === null) {
      to.write(chunk);
      return;
    }
    this.#over = true;
    const breakOff = () => {
      this.destroy(due.reset);
      due.done();
    };
    if (passes === 0) breakOff();
    else to.write(chunk.subarray(0, passes), breakOff);
  }

  destroy(reset = false) {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of [this.#client, this.#server]) {
      if (reset && socket.remoteFamily !== undefined) socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  /** One that ended in order waits for the other; one that broke has taken it along. */
  #ended() {
    if (this.#client.destroyed && this.#server.destroyed) this.#about.closed();
  }
}

/** Finds where PostgreSQL's messages end in a stream of chunks. */
class Messages {
  #side;
  #dialogue;
  #head = Buffer.alloc(0);
  #bodyLeft = 0;
  #type = '';
  #isStart;
  #isLost = false;

  /** @param {Side} side @param {{answers: number}} dialogue single bytes that the server owes */
  constructor(side, dialogue) {
    this.#side = side;
    this.#dialogue = dialogue;
    this.#isStart = side === 'client';
  }

  /** @param {Buffer} chunk @returns {{end: number, type: string}[]} */
  read(chunk) {
    const ended = [];
    let at = 0;
    while (at < chunk.length && !this.#isLost) {
      at = this.#bodyLeft > 0 ? this.#skipBody(chunk, at) : this.#readHead(chunk, at);
      if (this.#bodyLeft === 0 && this.#type !== '') {
        ended.push({ end: at, type: this.#type });
        this.#type = '';
      }
    }
    return ended;
  }

  #skipBody(chunk, at) {
    const taken = Math.min(this.#bodyLeft, chunk.length - at);
    this.#bodyLeft -= taken;
    return at + taken;
  }

  /** A type and a length; the client's first ones have a length and a code instead. */
  #readHead(chunk, at) {
    if (this.#side === 'server' && this.#dialogue.answers > 0 && this.#head.length === 0) {
      return this.#readAnswer(chunk, at);
    }
    const size = this.#isStart ? 8 : 5;
    const taken = Math.min(size - this.#head.length, chunk.length - at);
    this.#head = Buffer.concat([this.#head, chunk.subarray(at, at + taken)]);
    if (this.#head.length === size) this.#understand();
    return at + taken;
  }

  /** The single byte that answers a request to encrypt. */
  #readAnswer(chunk, at) {
    this.#dialogue.answers -= 1;
    this.#type = String.fromCharCode(chunk[at]);
    if (this.#type !== 'N') this.#isLost = true;
    return at + 1;
  }

  #understand() {
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    const length = head.readInt32BE(this.#isStart ? 0 : 1);
    this.#bodyLeft = length - (this.#isStart ? 8 : 4);
    if (this.#bodyLeft < 0) this.#isLost = true;
    if (!this.#isStart) {
      this.#type = String.fromCharCode(head[0]);
      return;
    }
    const asksFirst = [SSL_REQUEST, GSS_REQUEST].includes(head.readInt32BE(4));
    if (asksFirst) this.#dialogue.answers += 1;
    this.#isStart = asksFirst;
    this.#type = asksFirst ? 'encrypt' : 'startup';
  }
}
