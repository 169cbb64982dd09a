// After a number is erased, its bytes are nowhere: not in a dump of the database,
// not in the spool, the recordings or any log.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BINARY, freePort, run, Stack } from '../e2e/support/stack.js';
import { inbound, post, sid } from '../e2e/support/webhook.js';

const NUMBER = '+15550198765';
const OTHER = '+15550198766';
/** Every spelling of the number ends with it; so does the one that is spoken. */
const NEEDLES = ['5550198765', '5 5 5 0 1 9 8 7 6 5'];
const WITHIN_MS = 60_000;

const FORWARD = { to: ['reception'], ring_s: 25, otherwise: 'message' };
const ACCEPT = { say: 'Call for {line} from {caller}. Press any key.' };
const FLOW = {
  lines: { '*': { name: 'Main number', entry: 'welcome' } },
  phones: { reception: { name: 'Reception', number: '+15550100778' } },
  steps: {
    welcome: {
      menu: {
        say: 'Press 1, 2 or 3.',
        keys: { 1: 'line', 2: 'message', 3: 'caller' },
        tries: 2,
        otherwise: 'message',
      },
    },
    // The caller's number travels in the URL of the screening.
    line: { forward: { ...FORWARD, caller_id: 'line', accept: ACCEPT } },
    caller: { forward: { ...FORWARD, caller_id: 'caller', accept: ACCEPT } },
    message: { voicemail: { say: 'Please leave a message.', min_s: 2 } },
  },
};

/** @type {Stack} */
let stack;
let network;
const erased = [];
const aside = [];

before(async () => {
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  const published = await stack.mainline(['flow', 'publish', '-'], {
    input: JSON.stringify(FLOW),
  });
  assert.equal(published.code, 0, published.err);
  network = stack.network({
    people: { '*': { does: 'answers', after: 3, talks: 9, presses: '1' } },
  });
  await network.listen(port);
  await wait(6000); // until the workers have it
});
after(async () => {
  await network?.close();
  await stack?.close();
});

async function place(from, caller, people) {
  if (people) network.people = people;
  const call = await network.call({ from, to: stack.line, caller });
  assert.equal(call.applicationError, false);
  return call;
}

async function until(what, holds) {
  const end = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(100);
  }
}

/** The files below a folder, the database's own and the simulator's left out. */
function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !['pg', 'twilio', 'web'].includes(entry.name))
      yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

const filesWith = (folder, needles) =>
  [...filesBelow(folder)].filter((path) => {
    const bytes = readFileSync(path);
    return needles.some((needle) => bytes.includes(needle));
  });

async function dump() {
  const version = readdirSync('/usr/lib/postgresql').sort().at(-1);
  const { stdout } = await promisify(execFile)(
    `/usr/lib/postgresql/${version}/bin/pg_dump`,
    ['--inserts', stack.settings.DATABASE_URL],
    { maxBuffer: 1 << 30, encoding: 'buffer' },
  );
  return stdout;
}

/** A dump shows a body as hexadecimal digits. */
const count = (bytes, needle) =>
  [needle, Buffer.from(needle).toString('hex')].reduce(
    (sum, each) => sum + bytes.toString('latin1').split(each).length - 1,
    0,
  );

const spool = () => join(stack.settings.MAINLINE_DATA, 'spool');
const erase = (...args) =>
  stack.mainline(['erase', ...args], { env: { MAINLINE_DATA: stack.settings.MAINLINE_DATA } });

/** The supervisor's children of a name: ml-journal, ml-hook, ml-api. */
function children(named) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        return (
          named.includes(/^Name:\t(.*)$/m.exec(status)[1]) &&
          Number(/^PPid:\t(\d+)/m.exec(status)[1]) === stack.servePid
        );
      } catch {
        return false;
      }
    });
}

/** Every way in which the number gets here. */
async function callInEveryWay() {
  const line = encodeURIComponent(stack.line);
  const voicemail = await place(NUMBER, [{ press: '2' }, { message: 8 }]);
  const calls = [voicemail];
  calls.push(await place(NUMBER, [{ press: '1' }]));
  calls.push(await place(NUMBER, [{ press: '3' }]));
  calls.push(await place(`sip:${NUMBER}@example.com`, [{ press: '2' }]));
  erased.push(...calls.map((call) => call.sid));
  for (const from of [NUMBER.slice(1), ` ${NUMBER.slice(1)}`]) {
    const params = inbound(stack, { From: from, Caller: from });
    erased.push(params.CallSid);
    assert.equal((await post(stack, `/twilio/voice?line=${line}`, params)).status, 200);
  }
  // It names no call, and is set aside.
  const nobody = { AccountSid: stack.settings.TWILIO_ACCOUNT_SID, From: NUMBER };
  assert.equal((await post(stack, `/twilio/status?line=${line}`, nobody)).status, 204);
  // No row can hold it: PostgreSQL logs an error, and it is set aside.
  await stack.sql("ALTER TABLE events ADD CONSTRAINT odd CHECK (kind <> 'fallback') NOT VALID");
  const odd = inbound(stack, { From: NUMBER, ErrorCode: '11200', ErrorUrl: stack.publicUrl });
  aside.push(odd.CallSid);
  assert.equal((await post(stack, `/twilio/fallback?line=${line}`, odd)).status, 200);
  await stack.sql('ALTER TABLE events DROP CONSTRAINT odd');
  await stack.sql("UPDATE jobs SET state = 'dead', finished_at = now() WHERE call_sid = $1", [
    calls[3].sid,
  ]);
  return voicemail;
}

/** What nginx says of requests that no worker answers. */
async function failUpstream() {
  const call = sid('CA');
  const query = `line=${encodeURIComponent(stack.line)}&call=${call}&v=1&step=line&n=3`;
  erased.push(call); // a worker may go on with it, or be replaced
  const frozen = [stack.servePid, ...children(['ml-hook', 'ml-api'])];
  frozen.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    const params = inbound(stack, { From: NUMBER });
    const caller = encodeURIComponent(NUMBER);
    const [screen] = await Promise.all([
      post(stack, `/twilio/screen?${query}&caller=${caller}`, params),
      post(stack, `/twilio/menu?${query}`, params),
      stack.api.request(`/api/calls?q=${caller}`),
    ]);
    assert.equal(screen.status, 200);
  } finally {
    frozen.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }
}

test('a number that was erased is nowhere', async () => {
  const voicemail = await callInEveryWay();
  const other = await place(OTHER, [{ press: '2' }, { message: 8 }]);
  await failUpstream();
  const data = stack.settings.MAINLINE_DATA;
  const [recording] = voicemail.recordings;
  await until(
    'the message is kept',
    async () => (await stack.sql('SELECT FROM recordings')).length === 2,
  );
  await stack.sql("INSERT INTO listens (line, recording_sid, who) VALUES ($1, $2, 'Nora')", [
    stack.line,
    recording.sid,
  ]);

  // A call that only the spool knows, and what was kept there as damaged.
  // The supervisor is frozen as well: it would replace a journal that is silent.
  const held = [...children(['ml-journal']), stack.servePid];
  assert.equal(held.length, 2);
  held.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    for (let i = 0; i < 3; i += 1) {
      const params = inbound(stack, { From: NUMBER });
      erased.push(params.CallSid);
      const path = `/twilio/voice?line=${encodeURIComponent(stack.line)}`;
      assert.equal((await post(stack, path, params)).status, 200);
    }
    writeFileSync(
      join(spool(), `${'0'.repeat(15)}1-${'a'.repeat(16)}.bad`),
      `torn From=%2B${NUMBER.slice(1)}`,
    );
    assert.ok(filesWith(spool(), NEEDLES).length >= 2, 'nothing is in the spool');

    const seen = await erase('--number', NUMBER, '--dry-run');
    assert.equal(seen.code, 0, seen.err);
    assert.match(seen.out, new RegExp(`^  ${voicemail.sid}  20[-\\dT:]{17}  voicemail$`, 'm'));
    assert.match(seen.out, /^Would be removed:\n {2}[67] calls\n {2}\d+ events\n {2}1 recording\n/m);
    assert.doesNotMatch(seen.out, /^ {2}0 /m);
    const unasked = await erase('--number', NUMBER);
    assert.equal(unasked.code, 1);
    const stranger = await erase('--number', '+15550198700');
    assert.equal(stranger.code, 1);
    assert.match(stranger.err, /there are no calls from this number/);
    assert.match(unasked.err, /say --yes/);
    const early = await erase('--number', NUMBER, '--yes', '--wait', '1');
    assert.equal(early.code, 1);
    assert.match(early.out, /^Removed:\n {2}[67] calls\n {2}\d+ events\n {2}1 recording\n {2}1 listening\n/m);
    assert.match(early.err, /there are still events in .*spool/);
  } finally {
    held.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }
  const { code, out, err } = await erase('--number', NUMBER, '--yes');
  assert.equal(code, 0, out + err);

  const logs = readdirSync(join(stack.data, 'log'));
  for (const name of ['mainline', 'jobs', 'access', 'nginx-error', 'postgres'])
    assert.ok(logs.includes(`${name}.log`), name);
  assert.match(readFileSync(join(stack.data, 'log/postgres.log'), 'utf8'), /constraint "odd"/);
  assert.match(readFileSync(join(stack.data, 'log/nginx-error.log'), 'utf8'), /upstream timed out/);

  // Everything once more, late.
  for (const request of voicemail.requests) await network.send(request);
  await until(
    'the jobs are done',
    async () => (await stack.sql("SELECT FROM jobs WHERE kind = 'erase'")).length === 0,
  );
  await until(
    'who looks on was told',
    async () => (await stack.sql('SELECT FROM changes')).length === 0,
  );
  const dumped = await dump();
  for (const needle of NEEDLES) assert.equal(count(dumped, needle), 0, needle);
  for (const call of [...erased, ...aside]) assert.equal(count(dumped, call), 0, call);
  assert.equal(count(dumped, recording.sid), 0);
  assert.ok(count(dumped, OTHER.slice(1)) > 0);
  assert.ok(count(dumped, other.sid) > 0);
  assert.deepEqual(filesWith(data, NEEDLES), []);
  assert.deepEqual(filesWith(stack.data, NEEDLES), []);
  const kept = [spool(), join(data, 'recordings')];
  for (const folder of kept) assert.deepEqual(filesWith(folder, [recording.sid, ...erased]), []);
  assert.ok(statSync(join(data, 'recordings', `${other.recordings[0].sid}.mp3`)).size > 0);
  for (const call of erased) assert.ok(!network.account.calls.get(call), call);
  for (const leg of voicemail.legs) assert.ok(!network.account.calls.get(leg.sid));
  const tombstones = (await stack.sql('SELECT FROM erased')).length;
  assert.ok([erased.length, erased.length - 1].includes(tombstones), `${tombstones}`);
  assert.equal((await stack.api.call(other.sid)).outcome, 'voicemail');
});

test('what cannot be erased, and why', async () => {
  const rows = [
    [['--number', '+15550100778'], 1, /stands in version 1 of the flow/],
    [['--number', stack.line], 1, /is a line or phone of ours/],
    [['--number', 'anonymous'], 2, /erased call by call, with --call/],
    [['--number', '+266696687'], 2, /erased call by call/],
    [['--number', NUMBER, '--call', sid('CA')], 2, /either --number or --call/],
    [['--call', sid('RE')], 2, /needs a SID: CA/],
    [['--call', sid('CA'), '--yes'], 1, /no call has this SID/],
    [['--number'], 2, /needs a value/],
    [['--wait', 'x', '--number', NUMBER], 2, /--wait needs a number/],
    [[], 2, /either --number or --call/],
  ];
  for (const [args, code, said] of rows) {
    const done = await erase(...args);
    assert.equal(done.code, code, `${args.join(' ')}: ${done.err}`);
    assert.match(done.err, said);
  }
});

test('who withheld the number is erased by the call, and a mention is told', async () => {
  const mine = await place('anonymous', [{ press: '2' }, { message: 5 }]);
  const theirs = await place(NUMBER, [{ press: '2' }]);
  await stack.sql('UPDATE calls SET note = $1 WHERE sid = $2', [`call ${NUMBER}`, mine.sid]);
  // At a terminal it shows them, asks, and takes a no.
  const asked = await run('script', ['-qec', `${BINARY} erase --number ${NUMBER}`, '/dev/null'], {
    env: stack.commandEnv({ MAINLINE_DATA: stack.settings.MAINLINE_DATA }),
    input: 'n\n',
  });
  assert.match(asked.out, new RegExp(`  ${theirs.sid}  20.*Erase 1 call, .*Nothing was removed`, 's'));
  const number = await erase('--number', '+1 (555) 019-8765', '--yes');
  assert.equal(number.code, 0, number.err);
  assert.match(number.out, /^Removed:\n {2}1 call\n/m);
  assert.ok(number.out.includes(`\n  ${mine.sid}  20`), number.out);
  const call = await erase('--call', mine.sid, '--yes');
  assert.equal(call.code, 0, call.err);
  for (const { sid: gone } of [mine, theirs])
    assert.equal((await stack.api.request(`/api/calls/${gone}`)).status, 404);
});
