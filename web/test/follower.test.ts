// Following the word of what has changed: when the file behind it is read, and what a flood does.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const KEY = `/api/live/${'0'.repeat(32)}.json`;

/** A server that says one word, and whose file goes back to others. */
const server = { word: 'a', since: [] as string[] };

// The client takes both as it is made, and a page's addresses have no host here.
globalThis.Request = class extends Request {
  constructor(asked: string | URL | Request, init?: RequestInit) {
    super(typeof asked === 'string' ? new URL(asked, 'https://localhost') : asked, init);
  }
};
globalThis.fetch = async (asked) => {
  const path = new URL((asked as Request).url).pathname;
  const bodies: Record<string, unknown> = {
    '/api/changes': { change: server.word },
    '/api/live': { path: KEY },
    [KEY]: {
      change: server.word,
      since: server.since,
      counts: { unheard: 0, to_do: 0 },
      calls: [],
      removed: [],
    },
  };
  return Response.json(bodies[path], { status: path in bodies ? 200 : 404 });
};
const { Follower } = await import('../src/live/follower.ts');

test('a flood is told after two gaps, and over as soon as nothing is missed', async () => {
  const read: string[] = [];
  const follower = new Follower({ onLive: ({ change }) => read.push(change), onGap: () => {} });
  let now = 1_000_000;
  const turn = async (word: string, since: string[]) => {
    Object.assign(server, { word, since });
    await follower.turn((now += 1000));
    return follower.isInFlood;
  };
  assert.equal(await turn('a', []), false, 'the first word');
  assert.equal(await turn('b', ['a']), false, 'followed');
  assert.equal(await turn('c', []), false, 'one gap may be a nap');
  assert.equal(await turn('d', []), true, 'two are a flood');
  assert.equal(await turn('d', []), false, 'the same word: nothing happens any more');
  assert.equal(await turn('e', []), false);
  assert.equal(await turn('f', []), true);
  assert.equal(await turn('g', ['f']), false, 'followed again');
  assert.deepEqual(read, ['b', 'c', 'd', 'e', 'f', 'g']);
  follower.stop();
});

test('the list is asked for right after a gap, and in a flood twice a minute', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 2_000_000 });
  t.mock.method(Math, 'random', () => 0);
  const gaps: number[] = [];
  const follower = new Follower({ onLive: () => {}, onGap: () => gaps.push(Date.now()) });
  return (async () => {
    for (let i = 0; i <= 80; i++) {
      Object.assign(server, { word: `w${i}`, since: [] });
      await follower.turn(Date.now());
      t.mock.timers.tick(1000);
    }
    follower.stop();
    assert.deepEqual(
      gaps.map((at) => (at - 2_000_000) / 1000),
      [2, 32, 62],
    );
  })();
});
