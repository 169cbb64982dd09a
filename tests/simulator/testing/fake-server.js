// A server that answers webhooks as a test wants, and remembers what it was asked.

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { decodeForm, valueOf } from '../wire/form.js';

/**
 * What a handler may answer: TwiML as text, a status, or the whole of it.
 * @typedef {string|number|{status?: number, headers?: object, body?: string|Buffer, raw?: Function}} Answer
 */

/** @param {string} content @returns {string} a document */
export const twiml = (content) =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${content}</Response>`;

/**
 * @param {Record<string, Answer|((asked: object) => Answer|Promise<Answer>)>} routes by path
 * @param {{tls?: {key: string, cert: string}}} [options]
 */
export async function startServer(routes, { tls } = {}) {
  const asked = [];
  /** @type {(one: object) => void} */
  let observe = () => {};
  const listener = async (request, response) => {
    const one = await read(request);
    asked.push(one);
    observe(one);
    const route = routes[one.path] ?? routes['*'] ?? 404;
    reply(response, await (typeof route === 'function' ? route(one) : route));
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    asked,
    port,
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    /** Be told of every request before it is answered. */
    onRequest(observer) {
      observe = observer;
    },
    of: (path) => asked.filter((one) => one.path === path),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A request as tests look at it. */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { url, method, headers, socket } = request;
  const [path, query = ''] = url.split('?');
  const params = decodeForm(method === 'GET' ? query : body);
  const value = (name) => valueOf(params, name);
  return {
    path,
    query: new URLSearchParams(query),
    url,
    method,
    headers,
    body,
    params,
    value,
    socket,
  };
}

function reply(response, answer) {
  if (answer?.raw) {
    answer.raw(response);
    return;
  }
  const whole =
    typeof answer === 'object'
      ? answer
      : { [typeof answer === 'number' ? 'status' : 'body']: answer };
  const { status = 200, body = '', headers = {} } = whole;
  const bytes = Buffer.from(body);
  const type = bytes.length > 0 ? { 'Content-Type': 'text/xml' } : {};
  response.writeHead(status, { ...type, 'Content-Length': bytes.length, ...headers });
  response.end(bytes);
}
