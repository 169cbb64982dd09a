// Who is told of a message or a missed call, by a letter and by a webhook.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { STORIES } from '../simulator/index.js';
import { webhookViolations } from './support/contract.js';
import { until } from './support/door.js';
import { Post, Sink } from './support/peers.js';
import { freePort, Stack } from './support/stack.js';

const FROM = 'Mainline <mainline@example.com>';

/** @type {Stack} */
let stack;
let network;
let post;
let sink;

before(async () => {
  const port = await freePort();
  post = await Post.start(await freePort());
  sink = await Sink.start(await freePort());
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    MAINLINE_JOBS_WORKERS: '2',
    ...settings(),
  });
  network = stack.network({ people: { '*': { does: 'busy' } } });
  await network.listen(port);
  await tell({ email: ['office@example.com', 'anna@example.com'], webhook: sink.url });
});
after(async () => {
  await network?.close();
  await stack?.close();
  await post?.stop();
  await sink?.stop();
});
beforeEach(() => {
  sink.answer = null;
  post.onTaken = null;
});

/** What the program must be told of them. */
function settings() {
  return {
    MAINLINE_SMTP_URL: `smtp://127.0.0.1:${post.port}`,
    MAINLINE_SMTP_FROM: FROM,
    MAINLINE_WEBHOOK_SECRET: sink.secret,
  };
}

/** Publish who is told. */
async function tell(notify) {
  const shown = JSON.parse((await stack.mainline(['flow', 'show'])).out);
  shown.lines[stack.line].notify = notify;
  const { code, err } = await stack.mainline(['flow', 'publish', '-'], {
    input: JSON.stringify(shown),
  });
  assert.equal(code, 0, err);
}

const place = (caller, options = {}) =>
  network.call({ from: '+15550001001', to: stack.line, caller, ...options });
const leaveMessage = (options) => place([{ press: '2' }, { message: 8 }], options);
const sayNothing = () => place([{ press: '1' }, { message: 0, then: 'silence' }]);

const jobs = async ({ sid }) => {
  const rows = await stack.sql(
    `SELECT channel, state, attempts, last_error, due_at FROM jobs
     WHERE call_sid = $1 AND kind = 'notify' ORDER BY channel`,
    [sid],
  );
  return rows;
};

/** Wait until both notices of a call are over; gives their states. */
async function told(call) {
  const over = await until(async () => {
    const rows = await jobs(call);
    return rows.length === 2 && rows.every(({ state }) => state !== 'due') && rows;
  }, 60_000);
  return over.map(({ state }) => state);
}

/** What became due later is made due now. */
const hurry = ({ sid }) =>
  stack.sql(`UPDATE jobs SET due_at = now() WHERE call_sid = $1 AND state = 'due'`, [sid]);

/** As the API shows it, without what only its own page has. */
async function recordOf(call) {
  const { steps, legs, events, events_omitted, listens, ...shown } = await stack.api.call(call.sid);
  return shown;
}

test('of a message: one letter with its audio, and one signed request', async () => {
  const call = await leaveMessage();
  assert.deepEqual(await told(call), ['done', 'done']);
  const shown = await recordOf(call);

  const [letter, ...more] = post.of(call.sid);
  assert.deepEqual(more, []);
  assert.equal(letter.from, 'mainline@example.com');
  assert.deepEqual(letter.to, ['office@example.com', 'anna@example.com']);
  assert.deepEqual(letter.header('To'), ['office@example.com, anna@example.com']);
  assert.deepEqual(letter.header('From'), [FROM]);
  assert.deepEqual(letter.header('Message-ID'), [`<${call.sid}.email@localhost>`]);
  assert.deepEqual(letter.header('Subject'), ['Voicemail from +1 555 000 1001 (0:08)']);
  assert.deepEqual(letter.header('Auto-Submitted'), ['auto-generated']);
  const [text, audio] = letter.parts;
  assert.equal(letter.parts.length, 2);
  assert.match(text.content.toString(), /^Line: {4}Main number, \+1 555 010 0001\r?$/m);
  assert.match(text.content.toString(), /^The message is attached\.\r?$/m);
  assert.ok(text.content.toString().includes(`${stack.publicUrl}/#${call.sid}`));
  const kept = readFileSync(join(stack.settings.MAINLINE_DATA, 'recordings', `${call.recordings[0].sid}.mp3`));
  assert.equal(audio.type, 'audio/mpeg');
  assert.match(audio.name, /\.mp3$/);
  assert.ok(kept.equals(audio.content), 'the audio that was attached is that of the message');

  const [request, ...others] = sink.of(call.sid);
  assert.deepEqual(others, []);
  assert.equal(request.method, 'POST');
  assert.equal(request.url, '/calls?who=mainline');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.match(request.headers['user-agent'], /^mainline/);
  assert.equal(request.headers['webhook-id'], `msg_${call.sid}`);
  assert.deepEqual(webhookViolations('call', request.event), []);
  assert.equal(request.event.type, 'call.voicemail');
  assert.equal(request.event.timestamp, shown.ended_at);
  assert.deepEqual(request.event.data, { ...shown, updated_at: request.event.data.updated_at });
});

test('of a missed call: one of each, without audio', async () => {
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(post.of(call.sid).length, 1);
  const [letter] = post.of(call.sid);
  assert.deepEqual(letter.header('Subject'), ['Missed call from +1 555 000 1001: busy']);
  assert.equal(letter.parts.length, 1);
  assert.match(letter.parts[0].content.toString(), /^Why: {5}Busy at Reception\.\r?$/m);
  assert.equal(sink.of(call.sid).length, 1);
  assert.equal(sink.of(call.sid)[0].event.type, 'call.missed');
});

test('of a call that hung up in the greeting, when its recording was waited for', async () => {
  const call = await place([{ press: '1' }, { hangUp: 1, while: 'greeting' }]);
  const [{ state, due_at: due }] = await jobs(call);
  const minutes = (due - Date.now()) / 60_000;
  assert.equal(state, 'due');
  assert.ok(minutes > 3 && minutes <= 4, `in ${minutes} minutes`);
  await hurry(call);
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(post.of(call.sid).length, 1);
});

test('nobody is told of calls that were answered or given up', async () => {
  const letters = post.letters.length;
  const requests = sink.requests.length;
  for (const name of ['answered', 'hung_up_in_menu', 'hung_up_while_ringing']) {
    const story = STORIES.find((each) => each.name === name);
    const others = stack.network({ people: story.people });
    const call = await others.call({ from: '+15550001002', to: stack.line, caller: story.caller });
    await others.close();
    assert.deepEqual(await jobs(call), []);
  }
  assert.equal(post.letters.length, letters);
  assert.equal(sink.requests.length, requests);
});

test('what was answered after all, as later events tell, is no news', async () => {
  const call = await place([{ press: '1' }, { hangUp: 1, while: 'greeting' }]);
  await stack.sql('UPDATE calls SET bridged = true WHERE sid = $1', [call.sid]);
  await hurry(call);
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.deepEqual([post.of(call.sid), sink.of(call.sid)], [[], []]);
});

test('nor is what has been over for more than a day', async () => {
  const call = await place([{ press: '1' }, { hangUp: 1, while: 'greeting' }]);
  await stack.sql(
    `UPDATE calls SET ended_callback = now() - interval '25 hours' WHERE sid = $1`,
    [call.sid],
  );
  await hurry(call);
  assert.deepEqual(await told(call), ['done', 'done']);
  const lain = await place([{ press: '1' }, { hangUp: 1, while: 'greeting' }]);
  await stack.sql(
    `UPDATE jobs SET due_at = now() - interval '25 hours' WHERE call_sid = $1 AND kind = 'notify'`,
    [lain.sid],
  );
  assert.deepEqual(await told(lain), ['done', 'done']);
  assert.deepEqual([post.of(call.sid), sink.of(call.sid)], [[], []]);
  assert.deepEqual([post.of(lain.sid), sink.of(lain.sid)], [[], []]);
});

test('away for a while, they are told once when they are back', async () => {
  await post.shut();
  sink.answer = (request, response, nth) => {
    if (nth === 1) return response.writeHead(500).end('no');
    if (nth === 2) return response.writeHead(429, { 'Retry-After': '3' }).end();
    if (nth === 3) return response.writeHead(302, { Location: '/elsewhere' }).end();
    return response.writeHead(200).end('{}');
  };
  const call = await sayNothing();
  const [email] = await until(async () => {
    const rows = await jobs(call);
    return rows[0]?.attempts > 2 && rows;
  }, 60_000);
  assert.match(email.last_error, /refused|connect/i);
  await post.open();
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(post.of(call.sid).length, 1);
  const requests = sink.of(call.sid);
  assert.equal(requests.length, 4);
  assert.equal(new Set(requests.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.ok(requests[2].at - requests[1].at >= 3000, 'Retry-After was waited for');
});

test('killed after the sending and before the note of it: a double with the same id', async () => {
  let kills = 0;
  const kill = () => {
    kills += 1;
    for (const pid of children(stack.jobsPid)) process.kill(pid, 'SIGKILL');
  };
  post.onTaken = () => {
    post.onTaken = null;
    kill();
  };
  sink.answer = (request, response, nth) => {
    if (nth === 1) kill();
    return response.writeHead(204).end();
  };
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(kills, 2);
  const letters = post.of(call.sid);
  assert.equal(letters.length, 2);
  assert.equal(new Set(letters.map((each) => each.header('Message-ID')[0])).size, 1);
  const requests = sink.of(call.sid);
  assert.ok(requests.length === 2 || requests.length === 3, `${requests.length} requests`);
  assert.equal(new Set(requests.map(({ headers }) => headers['webhook-id'])).size, 1);
});

/** The processes that a process has begun. */
function children(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
}

test('one refused address does not keep the others from being told', async () => {
  await tell({ email: ['office@example.com', '550@example.com'], missed: true });
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['dead', 'done']);
  assert.deepEqual(post.of(call.sid).map(({ to }) => to), [['office@example.com']]);
  const [{ last_error: why }] = await jobs(call);
  assert.match(why, /^550@example\.com: .*550 never/);
  assert.doesNotMatch(why, /office@/);
  assert.deepEqual(sink.of(call.sid), []);
});

test('an outcome that is switched off is not told', async () => {
  await tell({ email: ['office@example.com'], webhook: sink.url, voicemail: false });
  const message = await leaveMessage();
  assert.deepEqual(await told(message), ['done', 'done']);
  assert.deepEqual([post.of(message.sid), sink.of(message.sid)], [[], []]);
});

test('410 is the end of it', async () => {
  await tell({ webhook: sink.url });
  sink.answer = (request, response) => response.writeHead(410).end();
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['done', 'dead']);
  assert.equal(sink.of(call.sid).length, 1);
  const { out } = await stack.mainline(['jobs', 'list', '--state', 'dead']);
  assert.match(out, /410/);
});

test('mainline notify test says what happens', async () => {
  await tell({ email: ['office@example.com', 'anna@example.com'], webhook: sink.url });
  const run = (env = settings()) => stack.mainline(['notify', 'test', '--line', stack.line], { env });
  const letters = post.letters.length;

  const good = await run();
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /^e-mail to office@example\.com, anna@example\.com: .* taken it\.$/m);
  assert.match(good.out, /^http:\/\/127.*: the webhook answered 204\.$/m);
  assert.equal(post.letters.length, letters + 1);
  assert.match(post.letters.at(-1).header('Subject')[0], /^Test: calls of Main number/);
  assert.deepEqual(sink.requests.at(-1).event.data, { line: stack.line });
  assert.deepEqual(webhookViolations('call', sink.requests.at(-1).event), []);

  sink.answer = (request, response) => response.writeHead(503).end();
  const half = await run();
  assert.equal(half.code, 1);
  assert.match(half.out, /taken it/);
  assert.match(half.err, /the webhook answered 503/);

  const bare = await run({});
  assert.equal(bare.code, 1);
  assert.match(bare.err, /MAINLINE_SMTP_URL is not set/);
  assert.match(bare.err, /MAINLINE_WEBHOOK_SECRET is not set/);

  const other = await stack.mainline(['notify', 'test', '--line', '+15550109999'], { env: settings() });
  assert.equal(other.code, 1);
  assert.match(other.err, /names nobody|not among the lines/);
  assert.equal((await stack.mainline(['notify', 'test'])).code, 2);
});

test('nobody was told of anything twice', async () => {
  await sleep(1500);
  const waiting = await stack.sql(`SELECT count(*)::int AS n FROM jobs WHERE state = 'due' AND kind = 'notify'`);
  assert.equal(waiting[0].n, 0);
  const ids = post.letters.map((each) => each.header('Message-ID')[0]);
  assert.equal(ids.length - new Set(ids).size, 1); // the one of the kill
});
