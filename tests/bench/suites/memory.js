// What the processes hold, while requests pass through them.

import { pssOf } from '../processes.js';
import { table } from '../report.js';

const CONNECTIONS = 32;
const SAMPLES = 10;
const MIB = 1024 * 1024;
const MOST_MB = 20;
/** Within this much of the first sample it counts as flat. */
const FLAT = 1.1;

const mib = (bytes) => (bytes / MIB).toFixed(1);

/** Sends at least so many requests, on empty tables each time. @returns {Promise<number>} */
async function send(rig, least, seconds) {
  let sent = 0;
  while (sent < least) {
    await rig.emptyTables();
    const load = { connections: CONNECTIONS, seconds };
    sent += (await rig.load(rig.stack.httpsPort, load)).answers;
  }
  return sent;
}

export async function memory(rig, { memoryRequests, seconds, say }) {
  const { workers, nginx } = rig.groups;
  const take = (requests) => ({ requests, workers: pssOf(workers), nginx: pssOf(nginx) });
  const samples = [take(0)];
  while (samples.at(-1).requests < memoryRequests) {
    const sent = await send(rig, memoryRequests / SAMPLES, seconds);
    samples.push(take(samples.at(-1).requests + sent));
    say(`  after ${samples.at(-1).requests} requests: ${mib(samples.at(-1).workers)} MiB`);
  }
  const [, first] = samples;
  const last = samples.at(-1);
  const peer = pssOf(rig.peer.app.pid);
  const rows = samples.map((sample) => [
    sample.requests.toLocaleString('en'),
    mib(sample.workers),
    mib(sample.nginx),
  ]);
  return {
    tables: [
      {
        title: `PSS in MiB (the peer, idle: ${mib(peer)})`,
        text: table(['requests', 'supervisor and workers', 'nginx'], rows),
      },
    ],
    figures: [
      {
        name: 'PSS of supervisor and workers, MB',
        value: Math.max(...samples.map(({ workers: bytes }) => bytes)) / 1e6,
        target: MOST_MB,
        is: 'most',
      },
      {
        name: `PSS after ${last.requests.toLocaleString('en')} / after ${first.requests.toLocaleString('en')}`,
        value: last.workers / first.workers,
        target: FLAT,
        is: 'most',
      },
    ],
    medians: [],
    results: { samples, peer },
  };
}
