// What the processes hold, while requests pass through them.

import { archivingPss } from '../archiving.js';
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
  const { serve, journal, nginx } = rig.groups;
  const take = (requests) => ({
    requests,
    serve: pssOf(serve),
    journal: pssOf(journal),
    nginx: pssOf(nginx),
  });
  const samples = [take(0)];
  while (samples.at(-1).requests < memoryRequests) {
    const sent = await send(rig, memoryRequests / SAMPLES, seconds);
    samples.push(take(samples.at(-1).requests + sent));
    say(`  after ${samples.at(-1).requests} requests: ${mib(samples.at(-1).serve)} MiB`);
  }
  const [, first] = samples;
  const last = samples.at(-1);
  const peer = pssOf(rig.groups.peerApp);
  say('archiving a recording of 100 MB');
  const archiving = await archivingPss(rig);
  const rows = samples.map((sample) => [
    sample.requests.toLocaleString('en'),
    mib(sample.serve),
    mib(sample.journal),
    mib(sample.nginx),
  ]);
  const jobsRows = [[mib(archiving.idle), mib(archiving.most)]];
  return {
    tables: [
      {
        title: `PSS in MiB (the peer, idle: ${mib(peer)})`,
        text: table(
          ['requests', 'supervisor, journal, workers', 'of it the journal', 'nginx'],
          rows,
        ),
      },
      {
        title: 'PSS of mainline jobs in MiB',
        text: table(['at rest', 'most, while it archives 100 MB'], jobsRows),
      },
    ],
    figures: [
      {
        name: 'PSS of supervisor, journal, 8 hook and 2 api workers, MB',
        value: Math.max(...samples.map(({ serve: bytes }) => bytes)) / 1e6,
        target: MOST_MB,
        is: 'most',
      },
      {
        name: `PSS after ${last.requests.toLocaleString('en')} / after ${first.requests.toLocaleString('en')}`,
        value: last.serve / first.serve,
        target: FLAT,
        is: 'most',
      },
      {
        name: 'PSS of mainline jobs while it archives 100 MB, MB',
        value: archiving.most / 1e6,
        target: MOST_MB,
        is: 'most',
      },
    ],
    medians: [],
    results: { samples, peer, archiving },
  };
}
