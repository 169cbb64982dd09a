// What mainline jobs holds while it takes in a recording of 100 MB, as MP3 and as WAV.

import { setTimeout as wait } from 'node:timers/promises';
import { openDoor } from '../e2e/support/door.js';
import { longAudio } from '../e2e/support/long-audio.js';
import { freePort } from '../e2e/support/stack.js';
import { pssOf } from './processes.js';

const BYTES = 100e6;
const LOOK_MS = 20;
const WITHIN_MS = 120_000;

/**
 * On a stack of its own, whose Twilio has nothing but that recording.
 * @param {import('./rig.js').Rig} rig
 * @returns {Promise<{idle: number, most: number}>} PSS in bytes
 */
export async function archivingPss(rig) {
  const port = await freePort();
  const stack = await rig.startBeside({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  const network = stack.network();
  const door = await openDoor(port, '');
  door.upstream = longAudio(BYTES);
  const jobs = { root: stack.jobsPid };
  try {
    const idle = pssOf(jobs);
    const call = await network.call({
      from: '+15550001001',
      to: stack.line,
      caller: [{ press: '2' }, { message: 8 }],
    });
    const [{ sid }] = call.recordings;
    const began = performance.now();
    let most = idle;
    for (;;) {
      most = Math.max(most, pssOf(jobs));
      const kept = await stack.sql('SELECT mp3_bytes FROM recordings WHERE sid = $1', [sid]);
      if (kept.length > 0 && Number(kept[0].mp3_bytes) !== BYTES)
        throw new Error(`${kept[0].mp3_bytes} bytes were kept`);
      if (kept.length > 0) return { idle, most };
      if (performance.now() - began > WITHIN_MS) throw new Error('it is not archived in time');
      await wait(LOOK_MS);
    }
  } finally {
    await door.close();
    await network.close();
    await stack.close();
  }
}
