// Callers who are turned away: by their number, or because they withhold it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Stack } from './support/stack.js';
import { inbound, post } from './support/webhook.js';

const WITHIN_MS = 10_000; // a snapshot is written every 5 s, and at once when asked

/** @type {Stack} */
let stack;
let network;
let agent;

before(async () => {
  stack = await Stack.start();
  network = stack.network({ people: { '*': { does: 'busy' } } });
  const made = await stack.mainline(['token', 'add', '--name', 'Nora', '--scope', 'read,mark']);
  agent = made.out.trim();
});
after(async () => {
  await network.close();
  await stack.close();
});

const ask = (method, number, { body, ...options } = {}) =>
  stack.api.request(`/api/blocks/${number}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...options,
    headers: { 'Content-Type': 'application/json', ...options.headers },
  });
const block = (number, body = {}) => ask('PUT', encodeURIComponent(number), { body });
const unblock = (number) => ask('DELETE', encodeURIComponent(number));

const call = (from, caller = [{ press: '2' }, { message: 8 }]) =>
  network.call({ from, to: stack.line, caller });

async function until(what, holds) {
  const end = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(100);
  }
}

const snapshot = () => readFileSync(join(stack.settings.MAINLINE_DATA, 'flows.json'), 'utf8');
const isInSnapshot = (number) => snapshot().includes(number);

test('a blocked caller is turned away, and the feed says so', async () => {
  const from = '+15550001001';
  assert.equal((await stack.api.call((await call(from)).sid)).outcome, 'voicemail');
  const { status, json } = await block(from, { note: 'Sells windows' });
  assert.equal(status, 200);
  assert.equal(json.number, from);
  assert.equal(json.note, 'Sells windows');
  assert.ok(Math.abs(Date.parse(json.created_at) - Date.now()) < 60_000);
  await until('the snapshot has it', () => isInSnapshot(from));

  const turned = await call(from);
  assert.equal(turned.status, 'no-answer');
  const told = await stack.api.call(turned.sid);
  assert.deepEqual(
    [told.status, told.outcome, told.reason, told.voicemail, told.from],
    ['no-answer', 'blocked', 'blocklist', null, from],
  );
  assert.deepEqual(
    told.steps.map(({ event, place, why, step }) => [event, place, why, step]),
    [['voice', 'rejected', 'blocklist', null]],
  );
  assert.deepEqual(
    told.events.map(({ kind }) => kind),
    ['voice', 'status'],
  );
  assert.match(told.events[0].twiml, /<Response><Reject reason="rejected"\/><\/Response>$/);
  const { calls } = await stack.api.get('/api/calls?outcome=blocked');
  assert.deepEqual(
    calls.map(({ sid }) => sid),
    [turned.sid],
  );

  const other = await call('+15550001002');
  assert.equal((await stack.api.call(other.sid)).outcome, 'voicemail');

  assert.equal((await unblock(from)).status, 204);
  await until('the snapshot forgets it', () => !isInSnapshot(from));
  assert.equal((await stack.api.call((await call(from)).sid)).outcome, 'voicemail');
});

test('at the entry alone: a call that has begun goes on, another caller too', async () => {
  const line = encodeURIComponent(stack.line);
  const params = inbound(stack, { From: '+15550001003' });
  const first = await post(stack, `/twilio/voice?line=${line}`, params);
  const action = /action="([^"]+)"/.exec(first.body)[1].replaceAll('&amp;', '&');
  await block('+15550001003');
  await until('the snapshot has it', () => isInSnapshot('+15550001003'));
  const next = await post(stack, action, { ...params, CallStatus: 'in-progress', Digits: '2' });
  assert.match(next.body, /<Record/);
  for (const From of ['+15550001003', 'sip:+15550001003@pbx.example', '15550001003']) {
    const again = await post(stack, `/twilio/voice?line=${line}`, inbound(stack, { From }));
    assert.match(again.body, From === '+15550001003' ? /<Reject/ : /<Gather/, From);
  }
  const { body } = await post(stack, `/twilio/fallback?line=${line}`, {
    ...inbound(stack, { From: '+15550001003' }),
    ErrorCode: '11200',
    ErrorUrl: `${stack.publicUrl}/twilio/voice?line=${line}`,
  });
  assert.match(body, /<Reject/);
  await unblock('+15550001003');
});

test('a call whose status comes twice, or late, is blocked all the same', async () => {
  const from = '+15550001004';
  await block(from);
  await until('the snapshot has it', () => isInSnapshot(from));
  const turned = await call(from);
  for (const request of turned.requests) await network.send(request);
  assert.equal((await stack.api.call(turned.sid)).outcome, 'blocked');
  // The status first, the question after it.
  const params = inbound(stack, { From: from });
  const line = encodeURIComponent(stack.line);
  const ended = { ...params, CallStatus: 'no-answer', CallDuration: '0' };
  assert.equal((await post(stack, `/twilio/status?line=${line}`, ended)).status, 204);
  assert.equal((await stack.api.call(params.CallSid)).outcome, 'failed');
  await post(stack, `/twilio/voice?line=${line}`, params);
  const { outcome, reason } = await stack.api.call(params.CallSid);
  assert.deepEqual([outcome, reason], ['blocked', 'blocklist']);
  await unblock(from);
});

test('since when and by whom stays; a note is written, kept and taken away', async () => {
  const number = '+442071838750';
  const first = await block(number, { note: 'first' });
  assert.match(first.json.created_by, /^admin-/);
  const kept = await block(number);
  assert.deepEqual(kept.json, first.json);
  assert.equal((await block(number, { note: 'second' })).json.note, 'second');
  assert.equal((await block(number, { note: '' })).json.note, null);
  for (const written of ['+442071838750', '%2B442071838750', '%2b44%32071838750']) {
    const { status, json } = await ask('GET', written, { token: agent });
    assert.equal(status, 200, written);
    assert.deepEqual(json, { ...first.json, note: null });
  }
  await block('+442071838751');
  const { blocks } = await stack.api.get('/api/blocks');
  assert.deepEqual(
    blocks.slice(0, 2).map((each) => each.number),
    ['+442071838751', number],
  );
  for (const each of ['+442071838751', number]) assert.equal((await unblock(each)).status, 204);
  const gone = await unblock(number);
  assert.deepEqual([gone.status, gone.json.code], [404, 'no_such_block']);
  const none = await ask('GET', number, { token: agent });
  assert.deepEqual([none.status, none.json.code], [404, 'no_such_block']);
});

for (const [name, number, detail] of [
  ['a number without its plus', '15550001009', /E\.164/],
  ['a number with a blank', '%2015550001009', /E\.164/],
  ['a number with blanks in it', '%2B1%20555%20000%201009', /E\.164/],
  ['too few digits', '%2B123456', /E\.164/],
  ['too many digits', '%2B1234567890123456', /E\.164/],
  ['no country', '%2B05550001009', /E\.164/],
  ['a letter', '%2B1555000100a', /E\.164/],
  ['a plus written as it must not be', '%2G15550001009', /E\.164/],
  ['half an escape', '%2B15550001009%2', /E\.164/],
  ['a word', 'anonymous', /E\.164/],
  ['a SIP address', 'sip:a@b.example', /E\.164/],
  ['a letter beyond ASCII', '%C3%A9', /E\.164/],
  ['a byte that is none', '%FF', /E\.164/],
  ['a slash that is hidden', '%2B1555%2F0001009', /E\.164/],
  ['ANONYMOUS on the keys', '%2B266696687', /withheld.*"anonymous": "reject"/],
  ['BLOCKED on the keys', '%2B2562533', /withheld/],
])
  test(`refused: ${name}`, async () => {
    for (const [method, options] of [
      ['GET', {}],
      ['PUT', { body: {} }],
      ['DELETE', {}],
    ]) {
      // nginx answers 400 itself where an escape is none.
      const { status, json } = await ask(method, number, { ...options, described: false });
      assert.equal(status, 400, `${method} ${number}`);
      if (json.code === 'bad_request') continue;
      assert.deepEqual([json.code, json.parameter], ['bad_parameter', 'number']);
      assert.match(json.detail, detail);
    }
  });

for (const [name, body, detail] of [
  ['nothing', '', /there is nothing/],
  ['a list', [], /is an array/],
  ['another member', { reason: 'x' }, /"reason" is not known here; there are: note/],
  ['a note of a number', { note: 1 }, /note is a number/],
  ['a note too long', { note: 'x'.repeat(2001) }, /2001 characters/],
  ['a bell', { note: '\u0007' }, /U\+0007/],
])
  test(`refused body: ${name}`, async () => {
    const { status, json } = await block('+15550001009', body);
    assert.deepEqual([status, json.code], [400, 'bad_body']);
    assert.match(json.detail, detail);
  });

test('what is ours is not turned away', async () => {
  for (const ours of [stack.line, stack.settings.MAINLINE_FORWARD_TO]) {
    const { status, json } = await block(ours);
    assert.deepEqual([status, json.code], [409, 'is_our_line'], ours);
  }
});

test('who may not', async () => {
  const number = '%2B15550001009';
  for (const [method, body] of [
    ['PUT', {}],
    ['DELETE', undefined],
  ]) {
    const lesser = await ask(method, number, { body, token: agent });
    assert.deepEqual([lesser.status, lesser.json.code], [403, 'scope_missing'], method);
    const site = await ask(method, number, { body, headers: { 'Sec-Fetch-Site': 'cross-site' } });
    assert.deepEqual([site.status, site.json.code], [403, 'cross_site'], method);
  }
  const list = await stack.api.request('/api/blocks', { token: agent });
  assert.deepEqual([list.status, list.json.code], [403, 'scope_missing']);
  const none = await ask('GET', number, { token: null });
  assert.equal(none.status, 401);
  const query = await ask('GET', `${number}?x=1`, { token: agent });
  assert.deepEqual([query.status, query.json.code], [400, 'bad_parameter']);
  const form = await ask('PUT', number, { body: 'x', headers: { 'Content-Type': 'text/plain' } });
  assert.equal(form.status, 415);
  const post_ = await ask('POST', number, { body: {}, described: false });
  assert.equal(post_.status, 405);
  assert.equal(post_.headers.allow, 'GET, HEAD, PUT, DELETE');
});

/** Page by page. */
async function listed() {
  const blocks = [];
  let pages = 0;
  for (let after = null; pages === 0 || after !== null; pages += 1) {
    const at = after === null ? '/api/blocks' : `/api/blocks?after=${after}`;
    const { status, json, headers } = await stack.api.request(at);
    assert.equal(status, 200);
    blocks.push(...json.blocks);
    after = json.next;
    const link = after && `</api/blocks?after=${after}>; rel="next"`;
    assert.equal(headers.link ?? null, link);
  }
  return { blocks, pages };
}

for (const [name, query, parameter] of [
  ['a parameter that is none', 'limit=5', 'limit'],
  ['a cursor that is none', 'after=x', 'after'],
  ['a cursor of the calls', `after=${btoa(`1/CA${'0'.repeat(32)}/`)}`, 'after'],
  ['a cursor of no time', `after=${btoa('/+15550001009')}`, 'after'],
  ['two cursors', 'after=x&after=y', 'after'],
])
  test(`refused page: ${name}`, async () => {
    const { status, json } = await stack.api.request(`/api/blocks?${query}`, { described: false });
    assert.deepEqual([status, json.code, json.parameter], [400, 'bad_parameter', parameter]);
  });

test('10,000 numbers, and not one more', async () => {
  await stack.sql(
    `INSERT INTO blocks (number, created_by)
     SELECT '+4930' || lpad(g::text, 7, '0'), 'x' FROM generate_series(1, 10000) g`,
  );
  await stack.sql(`INSERT INTO blocks (number, created_by, created_at)
     VALUES ('+15550001007', 'two hosts at a time', '2026-01-01')`);
  const { status, json } = await block('+15550001009');
  assert.deepEqual([status, json.code], [409, 'too_many_blocks']);
  assert.equal((await block('+49300000001', { note: 'there already' })).status, 200);
  await until('the snapshot has them', () => isInSnapshot('+49300010000'));
  const turned = await call('+49300007777');
  assert.equal((await stack.api.call(turned.sid)).outcome, 'blocked');
  await stack.sql("UPDATE blocks SET note = repeat('€', 2000)");
  const { blocks, pages } = await listed();
  assert.deepEqual([blocks.length, pages], [10_000, 20]);
  assert.equal(new Set(blocks.map(({ number }) => number)).size, 10_000);
  assert.ok(blocks.every(({ created_by: by }) => by === 'x'), 'the last of them is one too many');
  await stack.sql('DELETE FROM blocks');
  await until('the snapshot forgets them', () => !isInSnapshot('+49300010000'));
});

test('who withholds the number is turned away where the line says so', async () => {
  const flow = {
    lines: {
      [stack.line]: { entry: 'message', anonymous: 'reject' },
      '+15550100002': { name: 'Helpline', entry: 'message' },
    },
    phones: { desk: { number: '+15550100888' } },
    steps: { message: { voicemail: { say: 'Beep.' } } },
  };
  const published = await stack.mainline(['flow', 'publish', '-'], {
    input: JSON.stringify(flow),
  });
  assert.equal(published.code, 0, published.err);
  for (const from of ['anonymous', '+266696687', 'Restricted']) {
    const { outcome, reason } = await stack.api.call((await call(from)).sid);
    assert.deepEqual([outcome, reason], ['blocked', 'anonymous'], from);
  }
  const known = await call('+15550001002', [{ message: 8 }]);
  assert.equal((await stack.api.call(known.sid)).outcome, 'voicemail');

  for (const ours of ['+15550100002', '+15550100888', stack.line]) {
    const { status, json } = await block(ours);
    assert.deepEqual([status, json.code], [409, 'is_our_line'], ours);
  }
  const { lines } = await stack.api.get('/api/lines');
  assert.deepEqual(lines, [
    { line: stack.line, name: null },
    { line: '+15550100002', name: 'Helpline' },
  ]);
  // A version that is not yet in force.
  flow.phones.desk.number = '+15550100889';
  await stack.mainline(['flow', 'publish', '-'], { input: JSON.stringify(flow) });
  assert.equal((await block('+15550100889')).status, 409);
});

test('an erased number is blocked no longer, and stands in no log', async () => {
  const from = '+15550001008';
  await call(from, [{ message: 8 }]);
  await block(from, { note: 'x' });
  await until('the snapshot has it', () => isInSnapshot(from));
  const look = await stack.mainline(['erase', '--number', from, '--dry-run']);
  assert.equal(look.code, 0, look.err);
  assert.match(look.out, /Would be removed:[^]*  1 block\n/);
  const { code, out, err } = await stack.mainline(['erase', '--number', from, '--yes']);
  assert.equal(code, 0, err);
  assert.match(out, /Removed:[^]*  1 block\n/);
  assert.match(out, /was blocked; that was forgotten with it, and its calls are let in again/);
  assert.ok(!isInSnapshot(from));
  assert.deepEqual(await stack.sql('SELECT * FROM blocks WHERE number = $1', [from]), []);
  for (const log of ['access.log', 'nginx-error.log', 'mainline.log', 'jobs.log'])
    assert.ok(!readFileSync(join(stack.data, 'log', log), 'utf8').includes(from.slice(1)), log);
  const access = readFileSync(join(stack.data, 'log/access.log'), 'utf8');
  assert.match(access, /"path":"\/api\/blocks\/-"/);
});
