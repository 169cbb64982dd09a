// Who is told of a message or a missed call, by a letter and by a webhook.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { STORIES } from '../simulator/index.js';
import { SmtpServer } from '../simulator/peers/smtp.js';
import { WebhookSink } from '../simulator/peers/webhook-sink.js';
import { webhookViolations } from './support/contract.js';
import { until } from './support/door.js';
import { freePort, Stack } from './support/stack.js';

const FROM = 'Mainline <mainline@example.com>';
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

/** @type {Stack} */
let stack;
let network;
let post;
let sink;

before(async () => {
  const port = await freePort();
  post = await SmtpServer.start();
  sink = await WebhookSink.start({ secret: SECRET });
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
  await post?.close();
  await sink?.close();
});
beforeEach(async () => {
  sink.mend();
  await post.mend();
});

/** What the program must be told of them. */
function settings() {
  return {
    MAINLINE_SMTP_URL: `smtp://127.0.0.1:${post.port}`,
    MAINLINE_SMTP_FROM: FROM,
    MAINLINE_WEBHOOK_SECRET: SECRET,
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
const hangsUpInGreeting = [{ press: '1' }, { hangUp: 1, while: 'greeting' }];
const sayNothing = () => place([{ press: '1' }, { message: 0, then: 'silence' }]);

/** The letters about a call, and the requests. */
const letters = ({ sid }) => post.messages.filter((each) => header(each, 'Message-ID').includes(sid));
const requests = ({ sid }) => sink.deliveries.filter(({ id }) => id === `msg_${sid}`);
const header = ({ headers }, name) => headers.find(([is]) => is === name)?.[1];

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

  assert.equal(letters(call).length, 1);
  const [letter] = letters(call);
  assert.equal(letter.from, 'mainline@example.com');
  assert.deepEqual(letter.to, ['office@example.com', 'anna@example.com']);
  assert.equal(header(letter, 'To'), 'office@example.com, anna@example.com');
  assert.equal(header(letter, 'From'), FROM);
  assert.equal(header(letter, 'Message-ID'), `<${call.sid}.email@localhost>`);
  assert.equal(header(letter, 'Subject'), 'Voicemail from +1 555 000 1001 (0:08)');
  assert.equal(header(letter, 'Auto-Submitted'), 'auto-generated');
  assert.deepEqual(letter.defects, []);
  assert.match(letter.text, /^Line: {4}Main number, \+1 555 010 0001\r?$/m);
  assert.match(letter.text, /^The message is attached\.\r?$/m);
  assert.ok(letter.text.includes(`${stack.publicUrl}/#${call.sid}`));
  const [audio, ...others] = letter.attachments;
  const file = join(stack.settings.MAINLINE_DATA, 'recordings', `${call.recordings[0].sid}.mp3`);
  assert.deepEqual(others, []);
  assert.equal(audio.type, 'audio/mpeg');
  assert.match(audio.filename, /\.mp3$/);
  assert.ok(readFileSync(file).equals(audio.bytes), 'its bytes are those of the message');

  assert.equal(requests(call).length, 1);
  const [{ method, headers, payload, refused }] = requests(call);
  assert.equal(refused, null);
  assert.equal(method, 'POST');
  assert.equal(headers['content-type'], 'application/json');
  assert.match(headers['user-agent'], /^mainline/);
  assert.deepEqual(webhookViolations('call', payload), []);
  assert.equal(payload.type, 'call.voicemail');
  assert.equal(payload.timestamp, shown.ended_at);
  // What is a path for our page is an address for everybody else.
  const voicemail = {
    ...shown.voicemail,
    audio_url: `${stack.publicUrl}${shown.voicemail.audio_url}`,
  };
  assert.deepEqual(payload.data, { ...shown, voicemail, updated_at: payload.data.updated_at });
});

test('of a missed call: one of each, without audio', async () => {
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(letters(call).length, 1);
  const [letter] = letters(call);
  assert.equal(header(letter, 'Subject'), 'Missed call from +1 555 000 1001: busy');
  assert.deepEqual(letter.attachments, []);
  assert.match(letter.text, /^Why: {5}Busy at Reception\.\r?$/m);
  assert.deepEqual(
    requests(call).map(({ payload }) => payload.type),
    ['call.missed'],
  );
});

test('of a call that hung up in the greeting, when its recording was waited for', async () => {
  const call = await place(hangsUpInGreeting);
  const [{ state, due_at: due }] = await jobs(call);
  const minutes = (due - Date.now()) / 60_000;
  assert.equal(state, 'due');
  assert.ok(minutes > 3 && minutes <= 4, `in ${minutes} minutes`);
  await hurry(call);
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(letters(call).length, 1);
});

test('nobody is told of calls that were answered or given up', async () => {
  for (const name of ['answered', 'hung_up_in_menu', 'hung_up_while_ringing']) {
    const story = STORIES.find((each) => each.name === name);
    const others = stack.network({ people: story.people });
    const call = await others.call({ from: '+15550001002', to: stack.line, caller: story.caller });
    await others.close();
    assert.deepEqual(await jobs(call), []);
  }
});

test('what was answered after all, as later events tell, is no news', async () => {
  const call = await place(hangsUpInGreeting);
  await stack.sql('UPDATE calls SET bridged = true WHERE sid = $1', [call.sid]);
  await hurry(call);
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.deepEqual([letters(call), requests(call)], [[], []]);
});

test('nor is what has been over, or has waited, for more than a day', async () => {
  const over = await place(hangsUpInGreeting);
  const waited = await place(hangsUpInGreeting);
  await stack.sql(
    `UPDATE calls SET ended_callback = now() - interval '25 hours' WHERE sid = $1`,
    [over.sid],
  );
  await hurry(over);
  await stack.sql(
    `UPDATE jobs SET due_at = now() - interval '25 hours' WHERE call_sid = $1 AND kind = 'notify'`,
    [waited.sid],
  );
  for (const call of [over, waited]) {
    assert.deepEqual(await told(call), ['done', 'done']);
    assert.deepEqual([letters(call), requests(call)], [[], []]);
  }
});

test('away for a while, they are told once when they are back', async () => {
  await post.down();
  sink.fail({ status: 500, times: 1 });
  sink.fail({ status: 429, retryAfter: 3, times: 1 });
  sink.fail({ redirect: '/elsewhere', times: 1 });
  const call = await sayNothing();
  const [email] = await until(async () => {
    const rows = await jobs(call);
    return rows[0]?.attempts > 2 && rows;
  }, 60_000);
  assert.match(email.last_error, /connect/i);
  await post.up();
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(letters(call).length, 1);
  const asked = requests(call);
  assert.deepEqual(
    asked.map(({ status, refused }) => [status, refused]),
    [500, 429, 307, 204].map((status) => [status, null]),
  );
  assert.ok(asked[2].at - asked[1].at >= 3000, 'Retry-After was waited for');
});

/** The processes that a process has begun. */
function children(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
}

test('killed after the sending and before the note of it: a double with the same id', async () => {
  await post.fail({ stage: 'data', lose: true, hang: true, times: 1 }); // taken, and no word of it
  sink.fail({ hang: true, times: 1 });
  const call = await sayNothing();
  await until(() => letters(call).length === 1 && requests(call).length === 1);
  for (const pid of children(stack.jobsPid)) process.kill(pid, 'SIGKILL');
  assert.deepEqual(await told(call), ['done', 'done']);
  const ids = letters(call).map((each) => header(each, 'Message-ID'));
  assert.deepEqual(ids, Array(2).fill(`<${call.sid}.email@localhost>`));
  assert.deepEqual(
    requests(call).map(({ status, refused }) => [status, refused]),
    [
      [0, null],
      [204, null],
    ],
  );
});

test('one refused address does not keep the others from being told', async () => {
  await tell({ email: ['office@example.com', 'gone@example.com'] });
  await post.fail({ stage: 'rcpt', to: 'gone@', reply: '550 5.1.1 nobody of that name' });
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['dead', 'done']);
  assert.deepEqual(
    letters(call).map(({ to }) => to),
    [['office@example.com']],
  );
  const [{ last_error: why }] = await jobs(call);
  assert.match(why, /^gone@example\.com: .*nobody of that name/);
  assert.doesNotMatch(why, /office@/);
  assert.deepEqual(requests(call), []);
});

test('a mailbox that stays full keeps the others waiting for some minutes only', async () => {
  await tell({ email: ['office@example.com', 'full@example.com'] });
  await post.fail({ stage: 'rcpt', to: 'full@', reply: '452 4.2.2 mailbox full', times: Infinity });
  const call = await sayNothing();
  await until(async () => (await jobs(call))[0]?.last_error);
  assert.deepEqual(letters(call), []);
  await stack.sql(
    `UPDATE jobs SET attempts = 8 WHERE call_sid = $1 AND kind = 'notify' AND channel = 'email'`,
    [call.sid],
  );
  await hurry(call);
  assert.deepEqual(await told(call), ['dead', 'done']);
  assert.deepEqual(
    letters(call).map(({ to }) => to),
    [['office@example.com']],
  );
  assert.match((await jobs(call))[0].last_error, /^full@example\.com: .*mailbox full/);
});

test('what is too large for the mail server is told without its audio', async () => {
  await tell({ email: ['office@example.com'] });
  await post.fail({ stage: 'data', reply: '552 5.3.4 too large', times: 1 });
  const call = await leaveMessage();
  assert.deepEqual(await told(call), ['done', 'done']);
  assert.equal(letters(call).length, 1);
  assert.deepEqual(letters(call)[0].attachments, []);
  assert.match(letters(call)[0].text, /can be heard in the feed/);
});

test('an outcome that is switched off is not told', async () => {
  await tell({ email: ['office@example.com'], webhook: sink.url, voicemail: false });
  const message = await leaveMessage();
  assert.deepEqual(await told(message), ['done', 'done']);
  assert.deepEqual([letters(message), requests(message)], [[], []]);
  // Done, and yet nobody was told: the list tells the two apart.
  for (const { last_error: remark } of await jobs(message)) assert.match(remark, /^nobody to tell/);
  const { out } = await stack.mainline(['jobs', 'list', '--kind=notify', '--state=done']);
  assert.match(out, new RegExp(`${message.sid} .*nobody to tell`));
});

test('410 is the end of it', async () => {
  await tell({ webhook: sink.url });
  sink.fail({ status: 410 });
  const call = await sayNothing();
  assert.deepEqual(await told(call), ['done', 'dead']);
  assert.equal(requests(call).length, 1);
  const { out } = await stack.mainline(['jobs', 'list', '--state', 'dead']);
  assert.match(out, /410/);
});

test('mainline notify test says what happens', async () => {
  await tell({ email: ['office@example.com', 'anna@example.com'], webhook: sink.url });
  const run = (line, env = settings()) =>
    stack.mainline(['notify', 'test', ...(line ? ['--line', line] : [])], { env });
  const before = post.messages.length;

  const good = await run(stack.line);
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /^e-mail to office@example\.com, anna@example\.com: .* taken it\.$/m);
  assert.match(good.out, /^http:\/\/127.*: the webhook answered 204\.$/m);
  await until(() => post.messages.length === before + 1);
  assert.match(header(post.messages.at(-1), 'Subject'), /^Test: calls of Main number/);
  assert.deepEqual(sink.deliveries.at(-1).payload.data, { line: stack.line });
  assert.deepEqual(webhookViolations('call', sink.deliveries.at(-1).payload), []);

  sink.fail({ status: 503 });
  const half = await run(stack.line);
  assert.equal(half.code, 1);
  assert.match(half.out, /taken it/);
  assert.match(half.err, /the webhook answered 503/);

  const bare = await run(stack.line, {});
  assert.equal(bare.code, 1);
  assert.match(bare.err, /MAINLINE_SMTP_URL is not set/);
  assert.match(bare.err, /MAINLINE_WEBHOOK_SECRET is not set/);

  const other = await run('+15550109999');
  assert.equal(other.code, 1);
  assert.match(other.err, /names nobody/);
  assert.equal((await run(null)).code, 2);
});

test('but for the one of the kill, nobody was told of anything twice', async () => {
  await sleep(1500);
  const [{ n }] = await stack.sql(
    `SELECT count(*)::int AS n FROM jobs WHERE state = 'due' AND kind = 'notify'`,
  );
  assert.equal(n, 0);
  const ids = post.messages.map((each) => header(each, 'Message-ID'));
  assert.equal(ids.length - new Set(ids).size, 1);
  assert.deepEqual(
    [...sink.accepted.values()].filter((times) => times > 1),
    [],
  );
});
