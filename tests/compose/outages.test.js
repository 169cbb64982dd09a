// Each container's main process is killed while calls of all stories come in, the
// database is restarted, and all of it goes down and up again: nothing that was
// acknowledged is lost, and good answers come again within seconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { send } from '../e2e/support/http.js';
import { assertNone } from '../faults/support/ledger.js';
import { Load } from '../faults/support/load.js';
import { differences, rowsOf } from '../faults/support/model.js';
import { drained } from '../faults/support/spool.js';
import { freshSeed, STORIES } from '../simulator/index.js';
import { compose, Containers } from './support/containers.js';

/** A call of a minute takes seconds, so that calls begin and end within an outage. */
const SPEED = 20;
const CALLS_PER_S = 10;
const GOOD_WITHIN_MS = 5000;
const CALM_MS = 2500;
const seed = process.env.SEED ?? freshSeed();
const stack = new Containers(process.env.MAINLINE_COMPOSE_DATA);

/** Asks all the time whether calls are answered and recorded, and keeps when. */
class Watch {
  bad = 0;
  lastBad = 0;
  firstGood = 0;
  #going = true;
  #done = this.#go();

  async #go() {
    while (this.#going) {
      const answer = await send(stack, { path: '/readyz', timeout: 1000 }).catch(() => null);
      const now = Date.now();
      if (answer?.status !== 200) {
        this.bad += 1;
        this.lastBad = now;
        this.firstGood = 0;
      } else if (this.firstGood === 0) {
        this.firstGood = now;
      }
      await wait(20);
    }
  }

  /** All has been well for a while. */
  async calm(withinMs = 60_000) {
    for (const until = Date.now() + withinMs; Date.now() < until; await wait(50))
      if (this.firstGood > 0 && Date.now() - this.firstGood > CALM_MS) return;
    throw new Error('no good answer comes any more');
  }

  async stop() {
    this.#going = false;
    await this.#done;
  }
}

/** Calls until told to stop. */
function callers(name) {
  const load = new Load(stack, { seed: `${seed} ${name}`, speed: SPEED, lanes: 2 });
  let going = true;
  const run = async () => {
    while (going) await load.run(STORIES.length, CALLS_PER_S / SPEED / 2);
  };
  const done = run();
  return {
    load,
    async stop() {
      going = false;
      await done;
      const refused = await load.makeUp();
      const emptied = await drained(stack);
      await load.close();
      assert.ok(emptied < Infinity, 'the spool is empty again');
      return refused;
    },
  };
}

/** @param {boolean} likeStory did each caller get where the story leads? */
async function audit(t, load, likeStory) {
  await stack.readLog();
  const { ledger, models } = load;
  const { lost, unrecorded, double } = await ledger.audit(stack);
  const rows = await rowsOf(stack);
  const wrong = models.flatMap((model) => differences(model, rows.get(model.sid)));
  if (!likeStory) wrong.length = 0; // whom nobody answered hears Twilio's own words
  t.diagnostic(`${models.length} calls, ${ledger.acknowledged.length} events acknowledged`);
  t.diagnostic(`answers: ${ledger}`);
  t.diagnostic(`acknowledged and lost: ${lost.length + unrecorded.length}`);
  assert.ok(ledger.acknowledged.length > 50, 'calls came in');
  assertNone('acknowledged and lost', [...lost, ...unrecorded]);
  assertNone('double rows', double);
  assertNone('rows that differ', wrong);
}

/**
 * @param {() => Promise<number>} happens resolves to the moment from which on a good
 *   answer is waited for
 * @param {{faultless: boolean}} options does nginx stay, so that each caller is answered?
 */
function disturbed(name, happens, { faultless }) {
  test(`${name}, seed ${seed}`, async (t) => {
    const watch = new Watch();
    const calls = callers(name);
    await wait(1500);
    const began = await happens();
    await wait(1000);
    await watch.calm();
    await watch.stop();
    const ms = watch.lastBad === 0 ? 0 : Math.max(0, watch.firstGood - began);
    t.diagnostic(
      watch.lastBad === 0 ? 'no bad answer was seen' : `first good answer after ${ms} ms`,
    );
    const refused = await calls.stop();
    t.diagnostic(`${refused} callbacks refused, and sent again`);
    await audit(t, calls.load, faultless);
    if (faultless) assertNone('answers that no caller may get', calls.load.ledger.faults);
    assert.ok(ms <= GOOD_WITHIN_MS, `${ms} ms`);
  });
}

test('each story, through the published port, as the feed shows it', async (t) => {
  const load = new Load(stack, { seed, lanes: 2 });
  await load.run(STORIES.length, 1);
  await drained(stack);
  await load.close();
  assertNone('answers that no caller may get', load.ledger.faults);
  const { calls } = await stack.api.get(`/api/calls?limit=${2 * STORIES.length}`);
  const shown = new Map(calls.map((call) => [call.sid, call]));
  for (const { sid, story, verdicts } of load.models) {
    const { outcome, reason } = shown.get(sid) ?? {};
    assert.ok(verdicts.includes(`${outcome} ${reason}`), `${story}: ${outcome} ${reason}`);
  }
  t.diagnostic(`${load.models.length} stories`);
  await audit(t, load, true);
});

disturbed('app is killed', () => stack.kill('app'), { faultless: true });
disturbed('db is killed', () => stack.kill('db'), { faultless: true });
disturbed('jobs is killed', () => stack.kill('jobs'), { faultless: true });
disturbed('web is killed', () => stack.kill('web'), { faultless: false });

disturbed(
  'db is restarted',
  async () => {
    await compose('restart', 'db');
    return stack.startedAt('db');
  },
  { faultless: true },
);

disturbed(
  'down and up',
  async () => {
    // The log goes with the container; what it says of lost events is looked for.
    await compose('down');
    await compose('up', '--wait');
    const started = await Promise.all(['app', 'web', 'db'].map((each) => stack.startedAt(each)));
    return Math.max(...started);
  },
  { faultless: false },
);
