// The disk is full, read-only or broken under the recordings folder when a message
// comes: its audio is fetched later, by itself, and never half of it is there.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { storyNamed } from '../simulator/index.js';
import { Stack } from '../e2e/support/stack.js';
import { MountedDisk, PreloadedDisk, whyNoMounts } from './support/disk.js';
import { until } from './support/processes.js';
import { Supervised } from './support/supervised.js';

const LONG = process.env.MAINLINE_TEST_LONG === '1';
const WITHIN_MS = 20_000;
const noMounts = LONG ? whyNoMounts() : 'real mounts are for the long form';

/** @type {Stack} */
let stack;
/** @type {Supervised} */
let supervised;
/** @type {PreloadedDisk} */
let disk;
before(async () => {
  stack = await Stack.start();
  disk = new PreloadedDisk();
  supervised = await Supervised.takeOver(stack, disk.env);
  assert.ok(supervised.hasJobs, 'somebody does the background work');
});
afterEach(() => disk.mend());
after(async () => {
  await supervised?.handBack();
  await stack.close();
  disk?.close();
});

const folder = () => join(stack.settings.MAINLINE_DATA, 'recordings');

/** A message is left; its recording's SID. */
async function message() {
  const story = storyNamed('message');
  const network = stack.network({ saveTo: join(stack.data, 'twilio') });
  const call = await network.call({
    from: '+15550123456',
    to: stack.line,
    caller: story.caller,
  });
  await network.close();
  return call.recordings[0].sid;
}

async function jobOf(sid) {
  const [job] = await stack.sql(
    "SELECT state, attempts, last_error FROM jobs WHERE kind = 'archive' AND channel = $1",
    [sid],
  );
  return job;
}

const rowOf = async (sid) => (await stack.sql('SELECT * FROM recordings WHERE sid = $1', [sid]))[0];

/** Files under their final names. */
function audioOf(sid) {
  if (!existsSync(folder())) return [];
  return readdirSync(folder(), { recursive: true })
    .filter((name) => name.includes(sid) && /\.(mp3|wav)$/.test(name))
    .map((name) => join(folder(), name));
}

/** The next attempt is made at once, instead of when its time has come. */
const hurry = () => stack.sql("UPDATE jobs SET due_at = now() WHERE state = 'due'");

async function assertFetchedLater(t, { breakIt, mendIt }) {
  await breakIt();
  const sid = await message();
  await until(
    async () => {
      await hurry();
      return (await jobOf(sid))?.last_error;
    },
    'an attempt fails',
    WITHIN_MS,
  );
  t.diagnostic(`what the job says: ${(await jobOf(sid)).last_error}`);
  assert.equal((await jobOf(sid)).state, 'due');
  assert.equal(await rowOf(sid), undefined, 'nobody says that it is here');
  await mendIt();
  await until(
    async () => {
      await hurry();
      return (await rowOf(sid)) !== undefined;
    },
    'it is fetched',
    WITHIN_MS,
  );
  const row = await rowOf(sid);
  const files = audioOf(sid);
  assert.ok(files.length > 0);
  for (const file of files) {
    const kind = file.split('.').pop();
    const sha256 = createHash('sha256').update(readFileSync(file)).digest();
    assert.deepEqual(sha256, row[`${kind}_sha256`], file);
  }
  const played = await stack.api.request(`/api/recordings/${sid}.mp3`, { described: false });
  assert.equal(played.status, 200);
  assert.equal(played.bytes.length, Number(row.mp3_bytes));
}

const FAULTS = {
  'has no room': () => disk.full(folder()),
  'fills up in the middle of a file': () => disk.full(folder(), 1000),
  'is read-only': () => disk.readOnly(folder()),
  'cannot sync': () => disk.failsToSync(folder()),
};

for (const [name, breakIt] of Object.entries(FAULTS)) {
  test(`the recordings folder's disk ${name}`, (t) =>
    assertFetchedLater(t, { breakIt, mendIt: () => disk.mend() }));
}

test(
  'real mounts: a full and a read-only recordings folder',
  { skip: noMounts ?? false },
  async (t) => {
    await supervised.stop();
    const mounted = new MountedDisk(folder());
    try {
      await supervised.start();
      await assertFetchedLater(t, {
        breakIt: () => mounted.full(),
        mendIt: () => mounted.mend(),
      });
      await assertFetchedLater(t, {
        breakIt: () => mounted.readOnly(),
        mendIt: () => mounted.mend(),
      });
    } finally {
      await supervised.stop();
      mounted.close();
      await supervised.start(disk.env);
    }
  },
);
