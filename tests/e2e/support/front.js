// What may stand in front of nginx: something that ends TLS, and does something to what it
// passes on.

import http from 'node:http';
import https from 'node:https';

/** @typedef {{method: string, path: string, headers: Record<string, string>, body: Buffer, to: 'https'|'http'}} Passed */

export class Front {
  #server;

  /**
   * @param {object} options
   * @param {string|Buffer} options.key
   * @param {string|Buffer} options.cert
   * @param {{https: number, http: number}} options.ports nginx's
   */
  static async start({ key, cert, ports }) {
    const front = new Front();
    /** What is done to a request; may answer it in nginx's place: `{status, headers, body}`. */
    front.change = (request) => request;
    front.#server = https.createServer({ key, cert }, (request, response) =>
      front.#pass(request, response, ports),
    );
    await new Promise((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    front.port = front.#server.address().port;
    return front;
  }

  async #pass(request, response, ports) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const changed = this.change({
      method: request.method,
      path: request.url,
      headers: { ...request.headers },
      body: Buffer.concat(chunks),
      to: 'https',
    });
    if (changed.status !== undefined) {
      response.writeHead(changed.status, changed.headers ?? {}).end(changed.body ?? '');
      return;
    }
    const { to, method, path, headers, body } = changed;
    const options = {
      host: '127.0.0.1',
      port: ports[to],
      method,
      path,
      headers,
    };
    if (method !== 'GET') headers['content-length'] = String(body.length);
    // Whom it passes things on to it does not ask for a certificate, as most do not.
    const on = (to === 'https' ? https : http).request({
      ...options,
      rejectUnauthorized: false,
    });
    on.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    on.on('error', () => response.destroy());
    on.end(body);
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
