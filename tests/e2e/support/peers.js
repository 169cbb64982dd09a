// Who is told of calls: a mail server and a program that takes webhooks, both of
// which can be away, refuse, or be the last thing that a process of ours saw.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { Webhook } from 'standardwebhooks';
import { MailServer } from '../../doors/support/smtp.js';

/** A mail server at a port that stays, though it may be closed for a while. */
export class Post {
  /** Called in place of handing on the server's word that it has the letter. */
  onTaken = null;

  /** @param {number} port */
  static async start(port) {
    const post = new Post();
    post.port = port;
    post.server = await MailServer.start({ tls: 'no' });
    await post.open();
    return post;
  }

  open() {
    this.relay = net.createServer((client) => this.#relay(client));
    return new Promise((resolve) => this.relay.listen(this.port, '127.0.0.1', resolve));
  }

  #relay(client) {
    const server = net.connect(this.server.port, '127.0.0.1');
    for (const each of [client, server]) each.on('error', () => {});
    client.pipe(server);
    server.on('data', (chunk) => {
      if (this.onTaken && chunk.toString('latin1').startsWith('250 taken')) return this.onTaken();
      return client.write(chunk);
    });
    server.on('close', () => client.destroy());
  }

  shut() {
    return new Promise((resolve) => this.relay.close(resolve));
  }

  get letters() {
    return this.server.letters;
  }

  /** Those about a call. */
  of(sid) {
    return this.letters.filter((each) => each.header('Message-ID')[0].includes(sid));
  }

  async stop() {
    await this.shut();
    await this.server.stop();
  }
}

/** A program that is asked by webhook; each request's signature is checked. */
export class Sink {
  secret = `whsec_${randomBytes(32).toString('base64')}`;
  requests = [];
  /** (request, response, number of the request about this call) => void, or 204 */
  answer = null;

  /** @param {number} port */
  static start(port) {
    const sink = new Sink();
    sink.url = `http://127.0.0.1:${port}/calls?who=mainline`;
    sink.server = http.createServer((request, response) => sink.#take(request, response));
    return new Promise((resolve) => sink.server.listen(port, '127.0.0.1', () => resolve(sink)));
  }

  async #take(request, response) {
    const chunks = await request.toArray();
    const body = Buffer.concat(chunks).toString();
    const { method, url, headers } = request;
    // Throws where the signature or its time is not right, and the test fails for want of it.
    const event = new Webhook(this.secret).verify(body, headers);
    assert.deepEqual(event, JSON.parse(body));
    this.requests.push({ method, url, headers, event, at: Date.now() });
    if (this.answer) return this.answer(request, response, this.of(event.data.sid).length);
    return response.writeHead(204).end();
  }

  /** Those about a call. */
  of(sid) {
    return this.requests.filter(({ event }) => event.data.sid === sid);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
