// A request straight to a worker's socket, past nginx: what the program makes of
// parameters that nginx would not send.
// https://fastcgi-archives.github.io/FastCGI_Specification.html

import net from 'node:net';
import { join } from 'node:path';

const BEGIN = 1;
const END = 3;
const PARAMS = 4;
const STDIN = 5;
const STDOUT = 6;

function record(type, content = Buffer.alloc(0)) {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, content]);
}

function pairs(params) {
  const length = (text) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE((Buffer.byteLength(text) | 0x80000000) >>> 0);
    return bytes;
  };
  return Buffer.concat(
    Object.entries(params).flatMap(([name, value]) => [
      length(name),
      length(value),
      Buffer.from(name),
      Buffer.from(value),
    ]),
  );
}

/** What a worker of the API answers. @returns {Promise<{status: number, json: any}>} */
export function askWorker(stack, params) {
  const socket = net.connect(join(stack.settings.MAINLINE_RUN, 'api.sock'));
  socket.write(
    Buffer.concat([
      record(BEGIN, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
      record(PARAMS, pairs({ REQUEST_METHOD: 'GET', CONTENT_LENGTH: '0', ...params })),
      record(PARAMS),
      record(STDIN),
    ]),
  );
  return new Promise((resolve, reject) => {
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      let left = Buffer.concat(chunks);
      let out = '';
      while (left.length >= 8 && left[1] !== END) {
        const end = 8 + left.readUInt16BE(4);
        if (left[1] === STDOUT) out += left.subarray(8, end).toString();
        left = left.subarray(end + left[6]);
      }
      const [head, body] = out.split(/\r\n\r\n(.*)/s);
      resolve({ status: Number(head.match(/^Status: (\d+)/)[1]), json: JSON.parse(body) });
    });
  });
}
