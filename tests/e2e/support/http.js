// One HTTPS request to a stack, with nothing done behind the test's back.

import http from 'node:http';
import https from 'node:https';

/** Node itself does not say it of a DELETE, whose body would then be the next request. */
const lengthOf = (body) =>
  body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };

/**
 * @param {import('./stack.js').Stack} stack
 * @param {object} options of https.request; `body` is sent, `plain` goes to the HTTP port
 * @returns {Promise<{status: number, headers: object, rawHeaders: string[], body: string, bytes: Buffer, ms: number}>}
 */
export function send(stack, { body, plain = false, ...options }) {
  const host = new URL(stack.publicUrl).host;
  const began = performance.now();
  const module = plain ? http : https;
  return new Promise((resolve, reject) => {
    const request = module.request(
      {
        host: '127.0.0.1',
        port: plain ? stack.httpPort : stack.httpsPort,
        servername: 'localhost',
        ca: stack.ca,
        ...options,
        headers: { Host: host, ...lengthOf(body), ...options.headers },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            body: Buffer.concat(chunks).toString(),
            bytes: Buffer.concat(chunks),
            ms: performance.now() - began,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
