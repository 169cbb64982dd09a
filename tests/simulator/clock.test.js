import assert from 'node:assert/strict';
import test from 'node:test';
import { Clock, firstOf } from './clock.js';

const START = new Date('2026-11-22T09:00:00Z');

test('an hour of waiting passes at once, in virtual time', async () => {
  const clock = new Clock({ startAt: START });
  const before = performance.now();
  await clock.sleep(3600);
  assert.equal(clock.now() - START.getTime(), 3600_000);
  assert.ok(performance.now() - before < 500);
});

test('waits end in the order of their times, equal times in the order they began', async () => {
  const clock = new Clock({ startAt: START });
  const ended = [];
  const wait = async (name, seconds) => {
    await clock.sleep(seconds);
    ended.push(name);
  };
  await Promise.all([wait('c', 3), wait('a', 1), wait('b1', 2), wait('b2', 2), wait('a2', 1)]);
  assert.deepEqual(ended, ['a', 'a2', 'b1', 'b2', 'c']);
});

test('what one moment sets in motion comes to rest before the next', async () => {
  const clock = new Clock({ startAt: START });
  const seen = [];
  const first = clock.sleep(1).then(async () => {
    for (let i = 0; i < 50; i += 1) await null;
    seen.push(clock.now());
  });
  await Promise.all([first, clock.sleep(2)]);
  assert.deepEqual(seen, [START.getTime() + 1000]);
});

test('time stands still while a real request is under way', async () => {
  const clock = new Clock({ startAt: START });
  const slept = clock.sleep(10);
  let answered = false;
  const request = clock.during(
    new Promise((resolve) => setTimeout(resolve, 60)).then(() => {
      answered = true;
    }),
  );
  await slept;
  assert.ok(answered);
  await request;
});

test('a wait that is cancelled neither ends nor moves the time', async () => {
  const clock = new Clock({ startAt: START });
  const stop = new AbortController();
  const cancelled = clock.sleep(50, stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(cancelled, /stopped/);
  await clock.sleep(1);
  assert.equal(clock.now(), START.getTime() + 1000);
});

test('with speed 100 a second takes ten milliseconds of real time', async () => {
  const clock = new Clock({ startAt: START, speed: 100 });
  const before = performance.now();
  await clock.sleep(5);
  const real = performance.now() - before;
  assert.ok(real >= 45 && real < 500, `${real} ms`);
  assert.ok(clock.now() >= START.getTime() + 4900);
});

test('firstOf stops the others, and all of them when its signal aborts', async () => {
  const clock = new Clock({ startAt: START });
  const stop = new AbortController();
  const won = await firstOf(stop.signal, (signal) => [
    clock.sleep(3, signal).then(() => 'slow'),
    clock.sleep(1, signal).then(() => 'fast'),
  ]);
  assert.equal(won, 'fast');
  await clock.sleep(1);
  assert.equal(clock.now(), START.getTime() + 2000);

  const both = firstOf(stop.signal, (signal) => [clock.sleep(Infinity, signal)]);
  stop.abort(new Error('over'));
  await assert.rejects(both, /over/);
});
