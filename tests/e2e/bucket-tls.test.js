// A bucket behind https: whoever cannot show its certificate is not asked, by the
// program nor by nginx.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ACCOUNT, BUCKET, S3Server } from '../simulator/peers/s3.js';
import { certificateFor } from '../simulator/testing/certificate.js';
import { until } from './support/door.js';
import { freePort, Stack } from './support/stack.js';

const ours = certificateFor('localhost');
const folder = mkdtempSync(join(tmpdir(), 'mainline-ca-'));

let storage;
let front;
let stack;
let network;
/** Requests that came through to the bucket. */
let asked = 0;

before(async () => {
  const port = await freePort();
  storage = await S3Server.start();
  front = https.createServer(ours, (request, response) => {
    const { method, headers, url } = request;
    asked += 1;
    const onward = http.request(`${storage.origin}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await once(front.listen(0, '127.0.0.1'), 'listening');
  writeFileSync(join(folder, 'ca.pem'), ours.cert);
  chmodSync(folder, 0o755); // the program may run as another user
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    MAINLINE_CA_FILE: join(folder, 'ca.pem'),
    MAINLINE_S3_URL: `https://localhost:${front.address().port}/${BUCKET}`,
    MAINLINE_S3_REGION: ACCOUNT.region,
    MAINLINE_S3_KEY: ACCOUNT.key,
    MAINLINE_S3_SECRET: ACCOUNT.secret,
  });
  network = stack.network();
  await network.listen(port);
});
after(async () => {
  await network.close();
  await stack.close();
  front.closeAllConnections();
  front.close();
  await storage.close();
  rmSync(folder, { recursive: true });
});

async function message() {
  const call = await network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  return call.recordings[0].sid;
}

const job = async (sid) =>
  (await stack.sql("SELECT * FROM jobs WHERE kind = 'archive' AND channel = $1", [sid]))[0];

test('with its own certificate it keeps and plays; with another nobody asks it', async () => {
  const sid = await message();
  await until(async () => (await job(sid))?.state === 'done');
  const url = `/api/recordings/${sid}.mp3`;
  assert.equal((await stack.api.request(url)).status, 200);
  assert.equal(asked, 5);

  front.setSecureContext(certificateFor('localhost'));
  front.closeAllConnections();
  asked = 0;
  const { status, json } = await stack.api.request(url);
  assert.deepEqual([status, json.code], [502, 'upstream_failed']);
  const later = await message();
  const failed = await until(async () => {
    const found = await job(later);
    return found?.last_error && found;
  });
  assert.match(failed.last_error, /certificate/i);
  assert.equal(asked, 0);

  front.setSecureContext(ours);
  assert.equal((await stack.api.request(url)).status, 200);
  await until(async () => (await job(later)).state === 'done');
});
