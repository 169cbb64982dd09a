// A FastCGI client, to reach the workers without nginx in between: what was
// accepted and never answered can only be seen here.
// https://fastcgi-archives.github.io/FastCGI_Specification.html

import net from 'node:net';

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;
const PARAMS = 4;
const STDIN = 5;
const STDOUT = 6;
const HEADER_BYTES = 8;
const ID = 1;

function record(type, content = Buffer.alloc(0)) {
  const header = Buffer.from([1, type, 0, ID, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([header, content]);
}

function lengthOf(buffer) {
  if (buffer.length < 128) return Buffer.from([buffer.length]);
  const long = Buffer.alloc(4);
  long.writeUInt32BE((buffer.length | 0x80000000) >>> 0);
  return long;
}

function pair(name, value) {
  const [a, b] = [Buffer.from(name), Buffer.from(value)];
  return Buffer.concat([lengthOf(a), lengthOf(b), a, b]);
}

/** The bytes of a whole request. */
export function requestBytes(params, body) {
  const names = Buffer.concat(Object.entries(params).map(([name, value]) => pair(name, value)));
  return Buffer.concat([
    record(BEGIN_REQUEST, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
    record(PARAMS, names),
    record(PARAMS),
    record(STDIN, Buffer.from(body)),
    record(STDIN),
  ]);
}

/** What came back, taken apart: {out, ended}. */
function parse(bytes) {
  const out = [];
  let ended = false;
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 4);
    const content = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
    if (bytes[at + 1] === STDOUT) out.push(content);
    if (bytes[at + 1] === END_REQUEST) ended = true;
    at += HEADER_BYTES + length + bytes[at + 6];
  }
  return { out: Buffer.concat(out).toString(), ended };
}

/**
 * Connects, sends the pieces one after the other with a pause between, and waits
 * for the end.
 * @param {string} path of the socket
 * @param {Buffer[]} pieces
 * @param {{pause?: number}} [options] milliseconds
 * @returns {Promise<{connected: boolean, answered: boolean, status: number, headers: object, body: string}>}
 */
export function exchange(path, pieces, { pause = 0 } = {}) {
  return new Promise((resolve) => {
    const chunks = [];
    let connected = false;
    const socket = net.connect(path);
    const done = () => {
      const { out, ended } = parse(Buffer.concat(chunks));
      const [head, ...rest] = out.split('\r\n\r\n');
      const status = Number(/^Status: (\d+)/m.exec(head)?.[1] ?? 0);
      const headers = Object.fromEntries(
        head
          .split('\r\n')
          .map((line) => [line.split(':')[0].toLowerCase(), line.replace(/^[^:]*: */, '')]),
      );
      resolve({
        connected,
        answered: ended && status > 0,
        status,
        headers,
        body: rest.join('\r\n\r\n'),
      });
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', done);
    socket.on('connect', async () => {
      connected = true;
      for (const [i, piece] of pieces.entries()) {
        if (i > 0 && pause > 0) await new Promise((next) => setTimeout(next, pause));
        if (!socket.destroyed) socket.write(piece);
      }
    });
  });
}
