import assert from 'node:assert/strict';
import test from 'node:test';
import { LINE } from './testing/fake-mainline.js';
import { leavesMessage, served } from './testing/rest.js';

// Times without a zone must not become this place's.
process.env.TZ = 'Asia/Kolkata';
const hangsUp = [{ hangUp: 1 }];

test('a call can be deleted once it is over; then it is gone, and its recordings are not', async (t) => {
  const { network, ask, told } = await served(t);
  const [call] = told;
  const path = `/Calls/${call.sid}.json`;
  const deleted = await ask(path, { method: 'DELETE' });
  assert.deepEqual([deleted.status, deleted.body.length], [204, 0]);
  for (const method of ['GET', 'DELETE']) assert.equal((await ask(path, { method })).status, 404);
  assert.deepEqual((await ask('/Calls.json')).json.calls, []);
  assert.equal((await ask(`/Recordings.json?CallSid=${call.sid}`)).json.recordings.length, 1);

  const under = network.place({ from: '+15550123456', to: LINE, caller: hangsUp });
  await under.leg.next(['gather']);
  const release = network.clock.hold();
  const refused = await ask(`/Calls/${under.sid}.json`, { method: 'DELETE' });
  assert.deepEqual([refused.status, refused.json.code], [409, 20009]);
  release();
  await under.finished;
});

test('pages lead on although the row they start after has been deleted', async (t) => {
  const { ask, told } = await served(
    t,
    Array.from({ length: 6 }, () => ({ caller: hangsUp })),
  );
  const newest = told.map(({ sid }) => sid).reverse();
  const first = (await ask('/Calls.json?PageSize=2')).json;
  await ask(`/Calls/${newest[1]}.json`, { method: 'DELETE' });
  const second = (await ask(first.next_page_uri)).json;
  assert.deepEqual(
    second.calls.map(({ sid }) => sid),
    newest.slice(2, 4),
  );
});

test('pages: 1 to 1000 rows; a number alone leads nowhere', async (t) => {
  const { ask } = await served(
    t,
    Array.from({ length: 3 }, () => ({ caller: hangsUp })),
  );
  const size = async (asked) => (await ask(`/Calls.json?PageSize=${asked}`)).json.page_size;
  assert.deepEqual([await size(1), await size(1000), await size(5000)], [1, 1000, 1000]);
  const alone = await ask('/Calls.json?PageSize=1&Page=1');
  assert.deepEqual([alone.status, alone.json.code], [400, 20001]);
});

test('times of filters are in UTC, as dates or with a zone; anything else is refused', async (t) => {
  const { ask } = await served(t, [
    { caller: leavesMessage },
    { caller: leavesMessage, startsAfter: 3600 },
  ]);
  const calls = async (query) => (await ask(`/Calls.json?${query}`)).json.calls?.length;
  assert.equal(await calls('StartTime%3E=2026-11-22T10:00:00Z'), 1);
  assert.equal(await calls('StartTime%3E=2026-11-22T10:00:00'), 1);
  assert.equal(await calls('StartTime%3E=2026-11-22T11:00:00%2B01:00'), 1);
  assert.equal(
    await calls('StartTime%3E=2026-11-22T09:00:00Z&StartTime%3C=2026-11-22T09:59:00Z'),
    1,
  );
  assert.equal(await calls('EndTime%3E=2026-11-23'), 0);
  const recordings = async (query) =>
    (await ask(`/Recordings.json?${query}`)).json.recordings.length;
  assert.equal(await recordings('DateCreated%3E=2026-11-22T10:00:00Z'), 1);
  assert.equal(await recordings('DateCreated=2026-11-22'), 2);
  assert.equal(await recordings('DateCreated%3C=2026-11-21'), 0);
  const refused = await ask('/Calls.json?StartTime%3E=yesterday');
  assert.deepEqual([refused.status, refused.json.code], [400, 20001]);
});

test('a long list, page after page, by the filters it began with', async (t) => {
  const { ask } = await served(
    t,
    Array.from({ length: 9 }, (_, i) => ({
      from: i % 3 === 0 ? '+447700900123' : '+15550123456',
      caller: hangsUp,
    })),
  );
  const seen = [];
  for (let next = '/Calls.json?From=%2B15550123456&PageSize=4'; next !== null;) {
    const { json } = await ask(next);
    seen.push(...json.calls.map(({ from }) => from));
    next = json.next_page_uri;
  }
  assert.deepEqual(seen, Array(6).fill('+15550123456'));
});
