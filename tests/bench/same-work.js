// Does the peer do the same work?  Both are given the same calls; their rows and their
// answers must be equal but for the times of receipt.

import assert from 'node:assert/strict';
import https from 'node:https';
import { another } from './traffic.js';

const OWN_TIMES = [
  ...['id', 'received_at', 'first_seen_at', 'first_received_at', 'updated_at'],
  ...['due_at', 'created_at'],
];

function exchange(stack, port, { method = 'POST', path, headers, body }) {
  const { host, hostname } = new URL(stack.publicUrl);
  const options = {
    host: '127.0.0.1',
    port,
    path,
    method,
    ca: stack.ca,
    servername: hostname,
    headers: { Host: host, ...headers },
  };
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function play(rig, port, requests) {
  await rig.emptyTables();
  const answers = [];
  for (const request of requests) answers.push(await exchange(rig.stack, port, request));
  const but = OWN_TIMES.map((name) => `- '${name}'`).join(' ');
  const table = async (name, order) =>
    (await rig.stack.sql(`SELECT to_jsonb(t) ${but} AS row FROM ${name} t ORDER BY ${order}`)).map(
      ({ row }) => row,
    );
  return {
    answers,
    events: await table('events', 'event_key'),
    calls: await table('calls', 'sid'),
    aside: await table('events_aside', 'event_key'),
    jobs: await table('jobs', 'call_sid, kind, channel'),
  };
}

/** A page of the feed, from both, of the same rows. */
async function pages(rig, path) {
  const request = {
    method: 'GET',
    path,
    headers: { Authorization: `Bearer ${rig.stack.token}` },
  };
  const [ours, theirs] = await Promise.all(
    [rig.stack.httpsPort, rig.peer.port].map((port) => exchange(rig.stack, port, request)),
  );
  return { ours: JSON.parse(ours.text), theirs: JSON.parse(theirs.text) };
}

/** Rejects where the peer's work differs from the program's. */
export async function checkSameWork(rig) {
  const network = rig.stack.network();
  const sign = (url, params) => network.sign(url, params);
  const requests = rig.patterns.flatMap((pattern) => another(pattern, sign));
  await network.close();
  const ours = await play(rig, rig.stack.httpsPort, requests);
  const theirs = await play(rig, rig.peer.port, requests);
  assert.equal(ours.events.length, requests.length);
  assert.ok(ours.jobs.length > 0);
  assert.deepEqual(theirs, ours);
  const whole = await pages(rig, '/api/calls?limit=50');
  assert.deepEqual(whole.theirs, whole.ours);
  const first = await pages(rig, '/api/calls?limit=2');
  assert.deepEqual(first.theirs, first.ours);
  const second = await pages(rig, `/api/calls?limit=2&after=${first.ours.next}`);
  assert.equal(second.ours.calls.length, 2);
  assert.deepEqual(second.theirs, second.ours);
}
