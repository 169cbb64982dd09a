// A long recording costs no memory: it is written while it comes.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDoor, until } from '../e2e/support/door.js';
import { longAudio } from '../e2e/support/long-audio.js';
import { freePort, Stack } from '../e2e/support/stack.js';

const MB = 1024 * 1024;
const BYTES = 100 * MB;

/** @type {Stack} */
let stack;
let network;
let door;

before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network();
  door = await openDoor(port, '');
  door.upstream = longAudio(BYTES);
});
after(async () => {
  await door.close();
  await network.close();
  await stack.close();
});

/** Proportional set size of mainline jobs, the pool with its workers, in bytes. */
function memory() {
  const main = stack.jobsPid;
  const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ');
  return [main, ...children]
    .map((pid) => /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1])
    .reduce((sum, kb) => sum + Number(kb) * 1024, 0);
}

test('100 MB of MP3 and of WAV in less than 20 MB', async (context) => {
  let most = 0;
  const call = await network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
  const sid = call.recordings[0].sid;
  const folder = join(stack.settings.MAINLINE_DATA, 'recordings');
  let underWay = 0;
  await until(async () => {
    most = Math.max(most, memory());
    if (existsSync(join(folder, 'incoming'))) underWay += readdirSync(join(folder, 'incoming')).length;
    return (await stack.sql('SELECT 1 FROM recordings WHERE sid = $1', [sid])).length;
  }, 60_000);
  context.diagnostic(`at most ${(most / MB).toFixed(1)} MB (PSS), seen ${underWay} times at it`);
  assert.ok(underWay > 0, 'looked while it came');
  assert.ok(most < 20 * MB, `${most} bytes`);
  for (const type of ['mp3', 'wav'])
    assert.equal(statSync(join(folder, `${sid}.${type}`)).size, BYTES);
});
