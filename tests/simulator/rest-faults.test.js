import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LINE } from './testing/fake-mainline.js';
import { ACCOUNT, TOKEN } from './testing/network.js';
import { BASE, basic, leavesMessage, served } from './testing/rest.js';

/** A network with one recording, and where its audio is. */
async function recorded(t) {
  const all = await served(t);
  const { sid } = all.told[0].recordings[0];
  return { ...all, sid, media: `/Recordings/${sid}.wav` };
}

/** What arrives of an answer, broken off or not. */
function raw(url) {
  return new Promise((resolve) => {
    const seen = { bytes: 0, chunks: 0, whole: false, headers: null, error: null };
    const request = http.get(url, { headers: basic(ACCOUNT, TOKEN) }, (response) => {
      seen.headers = response.headers;
      response.on('data', (chunk) => {
        seen.bytes += chunk.length;
        seen.chunks += 1;
      });
      response.on('end', () => (seen.whole = response.complete));
      response.on('error', () => {});
      response.on('close', () => resolve(seen));
    });
    request.on('error', (error) => resolve({ ...seen, error: error.code }));
  });
}

test('a fault by path, method, times, and after some that pass', async (t) => {
  const { network, ask } = await served(t);
  network.rest.fail({ status: 500, path: /Calls\.json$/, skip: 1, times: 2 });
  network.rest.fail({ status: 502, method: 'DELETE' });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await ask('/Calls.json')).status);
  assert.deepEqual(statuses, [200, 500, 500, 200]);
  const gone = `/Recordings/RE${'0'.repeat(32)}.json`;
  assert.equal((await ask(gone)).status, 404);
  assert.equal((await ask(gone, { method: 'DELETE' })).status, 502);
  assert.equal((await ask(gone, { method: 'DELETE' })).status, 404);
});

test('a fault by chance, the same for the same seed, until it is taken back', async (t) => {
  const shape = async (seed) => {
    const { network, ask } = await served(t, [], { seed });
    const mend = network.rest.fail({ status: 503, chance: 0.4 });
    const statuses = [];
    for (let i = 0; i < 40; i += 1) statuses.push((await ask('/Calls.json')).status);
    mend();
    assert.equal((await ask('/Calls.json')).status, 200);
    return statuses;
  };
  const first = await shape(3);
  const failed = first.filter((status) => status === 503).length;
  assert.ok(failed > 6 && failed < 28, `${failed} of 40`);
  assert.deepEqual(await shape(3), first);
  assert.notDeepEqual(await shape(4), first);
});

test('a limit of requests a second: 429 with 20429, with and without Retry-After', async (t) => {
  const { network, ask } = await served(t, []);
  network.rest.limit = { perSecond: 3, retryAfter: 1 };
  const burst = await Promise.all(Array.from({ length: 5 }, () => ask('/Calls.json')));
  assert.deepEqual(burst.map(({ status }) => status).sort(), [200, 200, 200, 429, 429]);
  const refused = burst.find(({ status }) => status === 429);
  assert.deepEqual([refused.json.code, refused.headers.get('retry-after')], [20429, '1']);
  network.rest.limit = { perSecond: 3 };
  assert.equal((await ask('/Calls.json')).headers.get('retry-after'), null);
  await wait(1050);
  assert.equal((await ask('/Calls.json')).status, 200);
});

test('down: refused; up: there again at the same port; hang and reset', async (t) => {
  const { network, ask, origin } = await served(t, []);
  await network.rest.down();
  await assert.rejects(ask('/Calls.json'), ({ cause }) => cause.code === 'ECONNREFUSED');
  assert.equal(await network.rest.up(), origin);
  assert.equal((await ask('/Calls.json')).status, 200);
  network.rest.fail({ reset: true });
  assert.equal((await raw(`${origin}${BASE}/Calls.json`)).error, 'ECONNRESET');
  network.rest.fail({ hang: true });
  const signal = AbortSignal.timeout(200);
  await assert.rejects(ask('/Calls.json', { signal }), { name: 'TimeoutError' });
  assert.deepEqual(
    network.rest.requests.map(({ status }) => status),
    [200, 0, 0],
  );
});

test('lag: a change is seen later, and a new call is not there before', async (t) => {
  const { network, ask } = await served(t, []);
  network.rest.lagMs = 400;
  const call = network.place({ from: '+15550123456', to: LINE, caller: leavesMessage });
  await call.finished;
  assert.deepEqual((await ask('/Calls.json')).json.calls, []);
  assert.equal((await ask(`/Calls/${call.sid}.json`)).status, 404);
  await wait(450);
  assert.equal((await ask(`/Calls/${call.sid}.json`)).json.status, 'completed');
  assert.equal((await ask('/Recordings.json')).json.recordings[0].status, 'completed');
});

test('lag: the old status is shown until then', async (t) => {
  const { network, ask } = await served(t, []);
  const call = network.place({ from: '+15550123456', to: LINE, caller: leavesMessage });
  await call.leg.next(['tone']);
  network.rest.lagMs = 400;
  await call.finished;
  const status = async () => (await ask(`/Calls/${call.sid}.json`)).json.status;
  const recording = async () => (await ask(`/Calls/${call.sid}/Recordings.json`)).json;
  assert.equal(await status(), 'in-progress');
  assert.equal((await recording()).recordings[0].status, 'in-progress');
  await wait(450);
  assert.equal(await status(), 'completed');
  assert.equal((await recording()).recordings[0].status, 'completed');
});

test('media that comes later than its notice', async (t) => {
  const { network, ask } = await served(t, []);
  network.rest.mediaLagMs = 300;
  const call = await network.call({ from: '+15550123456', to: LINE, caller: leavesMessage });
  const { sid } = call.recordings[0];
  assert.equal((await ask(`/Recordings/${sid}.json`)).json.status, 'completed');
  assert.equal((await ask(`/Recordings/${sid}.wav`)).status, 404);
  await wait(350);
  assert.equal((await ask(`/Recordings/${sid}.wav`)).status, 200);
});

test('media that breaks off: the length is promised and not kept', async (t) => {
  const { network, origin, media } = await recorded(t);
  for (const cutAfter of [0, 1, 44, 100_000]) {
    network.rest.fail({ cutAfter, path: /\.wav$/ });
    const seen = await raw(`${origin}${BASE}${media}`);
    assert.deepEqual(
      [seen.bytes, seen.whole, seen.headers['content-length']],
      [cutAfter, false, String(44 + 12 * 16000)],
    );
  }
  assert.equal((await raw(`${origin}${BASE}${media}`)).whole, true);
});

test('media that is something else: HTML under 200, another type, a redirect', async (t) => {
  const { network, ask, media } = await recorded(t);
  network.rest.fail({ body: '<html>Sign in</html>', path: /\.wav$/ });
  const page = await ask(media);
  assert.deepEqual(
    [page.status, page.headers.get('content-type'), String(page.body)],
    [200, 'text/html', '<html>Sign in</html>'],
  );
  network.rest.fail({ body: 'no audio', type: 'audio/x-wav' });
  assert.equal((await ask(media)).headers.get('content-type'), 'audio/x-wav');
  network.rest.fail({ type: 'text/plain' });
  const mislabelled = await ask(media);
  assert.equal(mislabelled.headers.get('content-type'), 'text/plain');
  assert.equal(String(mislabelled.body.subarray(0, 4)), 'RIFF');
  network.rest.fail({ redirect: 'http://elsewhere.example/a.wav', status: 302 });
  const moved = await ask(media, { redirect: 'manual' });
  assert.deepEqual(
    [moved.status, moved.headers.get('location')],
    [302, 'http://elsewhere.example/a.wav'],
  );
});

test('media of any size, streamed, with or without a length', async (t) => {
  const { network, origin, media } = await recorded(t);
  const before = process.memoryUsage().rss;
  network.rest.fail({ bytes: 120_000_000, path: /\.wav$/ });
  const seen = await raw(`${origin}${BASE}${media}`);
  assert.deepEqual(
    [seen.bytes, seen.whole, seen.headers['content-length']],
    [120_000_000, true, '120000000'],
  );
  assert.ok(process.memoryUsage().rss - before < 100_000_000, 'not held in memory');
  network.rest.fail({ bytes: 300_000, chunked: true });
  const chunked = await raw(`${origin}${BASE}${media}`);
  assert.deepEqual([chunked.bytes, chunked.headers['content-length']], [300_000, undefined]);
});

test('media that drips, and answers that wait', async (t) => {
  const { network, origin, media } = await recorded(t);
  network.rest.fail({ drip: { bytes: 64 * 1024, everyMs: 40 }, path: /\.wav$/ });
  const before = performance.now();
  const seen = await raw(`${origin}${BASE}${media}`);
  assert.ok(performance.now() - before > 100 && seen.whole && seen.chunks >= 3);
  network.rest.fail({ delayMs: 120 });
  const asked = performance.now();
  await raw(`${origin}${BASE}${media}`);
  assert.ok(performance.now() - asked >= 115);
});

test('a client that leaves a slow answer harms nothing', async (t) => {
  const { network, ask, media } = await recorded(t);
  network.rest.fail({ drip: { bytes: 10, everyMs: 50 } });
  await assert.rejects(ask(media, { signal: AbortSignal.timeout(150) }));
  assert.equal((await ask(media)).status, 200);
});

test('mend takes all of it back', async (t) => {
  const { network, ask } = await served(t, []);
  network.rest.fail({ status: 500, times: Infinity });
  Object.assign(network.rest, { limit: { perSecond: 0 }, latencyMs: 900, lagMs: 900 });
  network.rest.mend();
  assert.equal((await ask('/Calls.json')).status, 200);
  assert.deepEqual(
    [network.rest.limit, network.rest.latencyMs, network.rest.lagMs, network.rest.mediaLagMs],
    [null, 0, 0, 0],
  );
});
