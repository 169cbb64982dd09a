// A server before another one, which may answer in its place.

import http from 'node:http';

/**
 * @param {number} port where it listens
 * @param {string} behind the origin of the other one
 * @returns {Promise<{asked: {method: string, url: string, headers: object, at: number}[],
 *   upstream: ((request: any, response: any) => void)|null,
 *   pass: (request: any, response: any) => void, close: () => Promise<void>}>}
 *   what it was asked; what answers while it is set; what otherwise does
 */
export function openDoor(port, behind) {
  const door = { asked: [], upstream: null, pass: null, close: null };
  door.pass = (request, response) => {
    const { method, url, headers } = request;
    const onward = http.request(`${behind}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const server = http.createServer((request, response) => {
    const { method, url, headers } = request;
    door.asked.push({ method, url, headers, at: Date.now() });
    return (door.upstream ?? door.pass)(request, response);
  });
  door.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(door));
  });
}

/** Wait until it gives something, and give that. */
export async function until(look, withinMs = 20_000) {
  const last = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > last) throw new Error(`not within ${withinMs} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
