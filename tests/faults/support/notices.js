// Where notices go: an outgoing webhook's other end, which remembers the ids that it
// was sent (https://www.standardwebhooks.com: a repeated notice has the same one).

import http from 'node:http';
import { isNoticed } from './model.js';

export class NoticeSink {
  static async open() {
    const sink = new NoticeSink();
    /** @type {{id: string, at: number, body: object}[]} */
    sink.received = [];
    sink.server = http.createServer((request, response) => sink.#take(request, response));
    await new Promise((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    sink.url = `http://127.0.0.1:${sink.server.address().port}/`;
    return sink;
  }

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null');
    this.received.push({ id: request.headers['webhook-id'], at: Date.now(), body });
    response.writeHead(204).end();
  }

  get ids() {
    return new Set(this.received.map(({ id }) => id));
  }

  /** Ids that came more than once. */
  get doubles() {
    const times = Map.groupBy(this.received, ({ id }) => id);
    return [...times].filter(([, all]) => all.length > 1);
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** How many distinct notices there must be: one a call that left a message or was missed. */
export const noticesWanted = (rows) => [...rows.values()].filter(isNoticed).length;
