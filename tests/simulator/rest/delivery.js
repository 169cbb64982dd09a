// An answer on its way out: whole and at once, or as slow and broken as a test
// wants it.

import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} [type] JSON's by default
 * @property {string|Buffer|import('./audio.js').Part} body
 */

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Answer} answer
 * @param {import('./faults.js').Fault} fault
 * @param {boolean} isHead only the headers were asked for
 * @returns {Promise<void>} when it is out, or the client is gone
 */
export async function send(response, { status, headers, type, body }, fault, isHead) {
  const whole = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    ...(status !== 204 && { 'Content-Type': fault.type ?? type ?? 'application/json' }),
    ...headers,
    ...(status !== 204 && fault.chunked !== true && { 'Content-Length': whole.length }),
  });
  if (isHead) {
    response.end();
    return;
  }
  const { cutAfter = Infinity } = fault;
  if (cutAfter < whole.length) await cut(response, whole, fault);
  else if (await write(response, pieces(whole, fault.drip), fault)) response.end();
}

async function cut(response, whole, fault) {
  const part = function* () {
    let left = fault.cutAfter;
    for (const piece of pieces(whole, fault.drip)) {
      if (left <= 0) return;
      yield piece.subarray(0, left);
      left -= piece.length;
    }
  };
  response.flushHeaders();
  await write(response, part(), fault);
  // What was written goes out first, then the connection closes without its end.
  response.socket?.end(() => response.destroy());
}

/** @returns {Promise<boolean>} false: the client is gone */
async function write(response, chunks, { drip }) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    for (const chunk of chunks) {
      if (response.destroyed) return false;
      if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal });
      if (drip) await wait(drip.everyMs, undefined, { signal: gone.signal });
    }
    return true;
  } catch (error) {
    if (gone.signal.aborted) return false;
    throw error;
  }
}

function* pieces(whole, drip) {
  const chunks = Buffer.isBuffer(whole) ? [whole] : whole;
  for (const chunk of chunks) {
    const size = drip?.bytes ?? chunk.length;
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
  }
}
