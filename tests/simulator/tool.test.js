import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { STORIES } from './index.js';
import { certificateFor } from './testing/certificate.js';
import { COLLEAGUE, LINE, routes } from './testing/fake-mainline.js';
import { ACCOUNT, TOKEN, withMainline } from './testing/network.js';
import { startServer } from './testing/fake-server.js';
import { Keyboard } from './tool/keyboard.js';
import { readOptions, UsageError } from './tool/options.js';
import { Screen, wrap } from './tool/screen.js';
import { parseEnv, readIfThere } from './tool/stack.js';

const SCRIPT = fileURLToPath(new URL('../../script/call', import.meta.url));
const PUBLIC = 'https://phone.example.com';
const OUTCOME = { status: 'completed', outcome: 'answered', reason: 'bridged', duration_s: 29 };

/** script/call, run to its end; a reader of its stdout may leave after the first piece. */
function run(args, env = {}, { leaves = false } = {}) {
  const child = spawn(SCRIPT, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].on('data', (data) => {
      output[name] += data;
    });
  if (leaves) child.stdout.once('data', () => child.stdout.destroy());
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...output })));
}

/** A stack that looks as script/server leaves it, with the small Mainline behind it. */
async function stack(t, changes = {}, settings = {}) {
  const data = mkdtempSync(join(tmpdir(), 'stack-'));
  const tls = certificateFor('phone.example.com');
  const api = ({ headers }) =>
    headers.authorization === 'Bearer sesame' && headers.host === 'phone.example.com'
      ? { body: JSON.stringify(OUTCOME), headers: { 'Content-Type': 'application/json' } }
      : 401;
  const server = await startServer(
    {
      ...routes(),
      '*': (asked) => (asked.path.startsWith('/api/calls/CA') ? api(asked) : 404),
      ...changes,
    },
    { tls },
  );
  t.after(async () => {
    await server.close();
    rmSync(data, { recursive: true });
  });
  writeFileSync(join(data, 'ca.pem'), tls.cert);
  writeFileSync(join(data, 'admin-token'), 'sesame\n');
  const env = {
    MAINLINE_HTTPS_PORT: server.port,
    MAINLINE_PUBLIC_URL: PUBLIC,
    MAINLINE_LINE: LINE,
    MAINLINE_FORWARD_TO: COLLEAGUE,
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: `${TOKEN},an older one`,
    MAINLINE_TLS_CA: join(data, 'ca.pem'),
    ...settings,
  };
  writeFileSync(
    join(data, 'stack.env'),
    Object.entries(env)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return { server, data, call: (...args) => run(args, { MAINLINE_DATA: data }) };
}

test('a call with a press of a key: what is heard, what is asked, the outcome', async (t) => {
  const { server, call } = await stack(t);
  const { status, stdout, stderr } = await call('--press', '1');
  assert.equal(stderr, '');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /Caller hears: "Thank you for calling\. Press 1/);
  assert.match(stdout, /Caller presses 1/);
  assert.match(stdout, /POST \/twilio\/menu Digits=1 +200 +\d+ ms/);
  assert.match(stdout, /\+15550100777 presses 1/);
  assert.match(stdout, /\nOutcome: answered \(bridged\), status completed, 29 s\n$/);
  assert.ok(
    stdout.split('\n').every((line) => line.length <= 80),
    stdout,
  );
  assert.equal(server.asked[0].url, '/twilio/voice?line=%2B15550100001');
  assert.equal(server.asked[0].headers.host, 'phone.example.com');
});

test('--quiet says the outcome alone, --json everything', async (t) => {
  const { call } = await stack(t);
  assert.equal(
    (await call('--quiet', '--press', '1')).stdout,
    'Outcome: answered (bridged), status completed, 29 s\n',
  );
  const record = JSON.parse(
    (await call('--json', '--seed', '5', '--press', '2', '--message', '6', '--hang-up-after', '4'))
      .stdout,
  );
  assert.equal(record.seed, 5);
  assert.deepEqual(
    record.recordings.map(({ duration_s: seconds }) => seconds),
    [4],
  );
  assert.deepEqual(record.problems, []);
  assert.deepEqual(record.call, OUTCOME);
  assert.deepEqual(record.requests.map(({ kind }) => kind).slice(0, 2), ['voice', 'gather']);
  const again = JSON.parse((await call('--json', '--seed', '5', '--press', '2')).stdout);
  assert.equal(again.sid, record.sid);
});

test('every story runs', async (t) => {
  const { call } = await stack(t);
  for (const { name } of STORIES) {
    const { status, stdout } = await call('--story', name);
    assert.equal(status, 0, `${name}\n${stdout}`);
  }
});

test('people and disorder, from the command line', async (t) => {
  const { server, call } = await stack(t);
  assert.equal((await call('--press', '1', '--person', 'busy', '--hang-up-after', '4')).status, 0);
  assert.equal(server.of('/twilio/dial')[0].value('DialCallStatus'), 'busy');
  await call('--press', '1', '--duplicate', '1', '--quiet');
  assert.equal(server.of('/twilio/status').length, 3);
  await call('--press', '1', '--drop', '1', '--quiet');
  assert.equal(server.of('/twilio/status').length, 3);
});

test('whoever is dialled is played, whatever the number', async (t) => {
  const { server, call } = await stack(t, {}, { MAINLINE_FORWARD_TO: '+15550199999' });
  await call('--press', '1');
  assert.equal(server.of('/twilio/dial')[0].value('DialBridged'), 'true');
});

test('--press 2 alone leaves a message', async (t) => {
  const { call } = await stack(t);
  const statuses = async (...args) => {
    const { recordings } = JSON.parse((await call('--json', ...args)).stdout);
    return recordings.map(({ status }) => status);
  };
  assert.deepEqual(await statuses('--press', '2'), ['completed']);
  assert.deepEqual(await statuses('--press', '2', '--say-nothing'), ['absent']);
});

test('who has a message speaks at the tone, whatever keys are left over', async (t) => {
  const tone = '<Response><Say>Leave a message.</Say><Record timeout="3"/></Response>';
  const { call } = await stack(t, { '/twilio/voice': tone });
  for (const [args, spoken] of [
    [['--press', '2', '--message', '6'], 6],
    [['--press', '12'], 5],
    [['--press', '2', '--hang-up-after', '4'], 4],
  ])
    assert.match((await call(...args)).stdout, new RegExp(`${spoken} s of them speech`));
});

test('a reader who leaves early is no error', async (t) => {
  const { data } = await stack(t);
  const { status, stderr } = await run(['--press', '1'], { MAINLINE_DATA: data }, { leaves: true });
  assert.deepEqual([status, stderr], [0, '']);
});

test('a stack of somebody else: who it is that may', () => {
  const closed = () => {
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  };
  assert.throws(() => readIfThere('var/stack.env', closed), /stack\.env cannot be read.*sudo/);
});

test('without a terminal and without options the usual call is placed', async (t) => {
  const { server, call } = await stack(t);
  assert.equal((await call()).status, 0);
  assert.equal(server.of('/twilio/menu')[0].value('Digits'), '1');
});

test('a problem is told, and the exit status is 1', async (t) => {
  const { call } = await stack(t, { '/twilio/menu': '<Response><Whistle/></Response>' });
  const { status, stdout } = await call('--press', '1');
  assert.equal(status, 1);
  assert.match(stdout, /Problem 12200: .*Whistle/);
  const broken = await stack(t, { '/twilio/voice': 500, '/twilio/fallback': 500 });
  const failed = await broken.call('--press', '1');
  assert.equal(failed.status, 1);
  assert.match(failed.stdout, /Caller hears: "We are sorry/);
});

test('no outcome to be had: said plainly, and 1', async (t) => {
  const { call, data } = await stack(t);
  writeFileSync(join(data, 'admin-token'), 'wrong');
  const refused = await call('--press', '1');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^No outcome: GET \/api\/calls\/CA[0-9a-f]{32} answered 401\. .*makes another/);
  rmSync(join(data, 'admin-token'));
  assert.match((await call('--press', '1')).stderr, /^No outcome: there is no .*admin-token .*makes another/);
});

test('an outcome that is not there yet is waited for', async (t) => {
  let asked = 0;
  const { call } = await stack(t, {
    '*': () => {
      asked += 1;
      const body = JSON.stringify(asked < 3 ? { ...OUTCOME, outcome: null } : OUTCOME);
      return { body, headers: { 'Content-Type': 'application/json' } };
    },
  });
  assert.match((await call('--quiet', '--press', '2')).stdout, /^Outcome: answered/);
  assert.equal(asked, 3);
});

test('a record that cannot be read is waited for; the call itself went well', async (t) => {
  let asked = 0;
  const back = await stack(t, {
    '*': () => {
      asked += 1;
      if (asked < 3) return 503;
      return { body: JSON.stringify(OUTCOME), headers: { 'Content-Type': 'application/json' } };
    },
  });
  const read = await back.call('--quiet', '--press', '2');
  assert.deepEqual([read.status, read.stderr], [0, '']);
  const away = await stack(t, { '*': 503 });
  const unread = await away.call('--quiet', '--press', '2');
  assert.deepEqual([unread.status, unread.stdout], [0, '']);
  assert.match(
    unread.stderr,
    /^The call went well\. Its record cannot be read just now: GET .* 503\. .*spool\.\n$/,
  );
  const broken = await stack(t, { '*': 503, '/twilio/voice': 500, '/twilio/fallback': 500 });
  const failed = await broken.call('--quiet', '--press', '2');
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^Its record cannot be read just now/);
});

test('no stack: one line that says what to run', async (t) => {
  const empty = mkdtempSync(join(tmpdir(), 'stack-'));
  t.after(() => rmSync(empty, { recursive: true }));
  const absent = await run(['--press', '1'], { MAINLINE_DATA: empty });
  assert.equal(absent.status, 1);
  assert.match(absent.stderr, /^The local stack is not running .* Run script\/server\.\n$/);
  const { server, call } = await stack(t);
  await server.close();
  assert.match(
    (await call('--press', '1')).stderr,
    /^The local stack is not running .*nothing listens.*\n$/,
  );
});

test('calls are kept for the REST API where there is a folder for it', async (t) => {
  const { call, data } = await stack(t);
  mkdirSync(join(data, 'twilio'));
  const { sid, recordings } = JSON.parse(
    (await call('--json', '--press', '2', '--message', '5')).stdout,
  );
  assert.deepEqual(readdirSync(join(data, 'twilio', 'calls')), [`${sid}.json`]);
  assert.deepEqual(readdirSync(join(data, 'twilio', 'recordings')), [`${recordings[0].sid}.json`]);
});

test('wrong usage is 2, and says what is right', async () => {
  for (const [args, message] of [
    [['--nonsense'], /nonsense/],
    [['--press', '1x'], /--press takes keys/],
    [['--person', 'grandma'], /--person takes one of: answers, declines/],
    [['--story', 'epic'], /no story "epic": answered/],
    [['--story', 'busy', '--press', '1'], /exclude each other/],
    [['--message', '3', '--say-nothing'], /exclude each other/],
    [['--hang-up-after', 'soon'], /--hang-up-after takes a number/],
    [['--to', '5550100'], /--to takes a number in E\.164/],
    [['--drop', '2'], /--drop takes a number from 0 to 1/],
    [['extra'], /extra/],
  ]) {
    const { status, stderr, stdout } = await run(args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, message);
  }
  const help = await run(['--help']);
  assert.equal(help.status, 0);
  assert.ok(help.stdout.split('\n').every((line) => line.length <= 80));
  const list = await run(['--list-stories']);
  assert.equal(list.stdout.trim().split('\n').length, STORIES.length);
  assert.ok(
    list.stdout.split('\n').every((line) => line.length <= 80),
    list.stdout,
  );
});

test('options become steps', () => {
  const steps = (...argv) => readOptions(argv, true).casting.caller;
  assert.deepEqual(steps('--press', '12'), [
    { press: '1' },
    { press: '2' },
    { message: 5, then: 'silence', optional: true, overtakes: true },
  ]);
  assert.deepEqual(steps('--message', '5'), [{ message: 5, then: 'silence', overtakes: true }]);
  assert.deepEqual(steps('--message', '5', '--hang-up-after', '3'), [
    { message: 3, then: 'hang-up', overtakes: true },
  ]);
  assert.deepEqual(steps('--message', '5', '--hang-up-after', '8'), [
    { message: 5, then: 'silence', overtakes: true },
    { hangUp: 3 },
  ]);
  assert.deepEqual(steps('--say-nothing'), [{ message: 0, then: 'silence', overtakes: true }]);
  assert.deepEqual(steps('--say-nothing', '--hang-up-after', '2'), [
    { hangUp: 2, while: 'tone', overtakes: true },
  ]);
  assert.deepEqual(steps('--press', '1', '--hang-up-after', '2'), [
    { press: '1' },
    { hangUp: 2, while: 'prompt', optional: true },
    { hangUp: 2, while: 'ringing', optional: true },
    { hangUp: 2, while: 'talking', optional: true },
    { message: 2, then: 'hang-up', optional: true, overtakes: true },
  ]);
  assert.deepEqual(steps('--person', 'busy'), [{ press: '1' }]);
  assert.deepEqual(steps('--person', 'busy', '--press', '3'), [{ press: '3' }]);
  assert.equal(readOptions([], true).casting, null);
  assert.equal(readOptions(['--from', 'anonymous'], true).realTime, true);
  assert.throws(() => readOptions(['--story', 'x'], true), UsageError);
  assert.throws(() => readOptions(['--from', '5550100009'], true), UsageError);
});

/** Somebody at the keyboard, in fast real time: keys pressed when something is shown. */
async function typed(t, reactions) {
  const { server, network } = await withMainline(t, { speed: 15 });
  const shown = [];
  const input = new PassThrough();
  const screen = new Screen({
    write: (text) => {
      shown.push(text);
      const next = reactions[0];
      if (next && next[0].test(text)) {
        reactions.shift();
        setImmediate(() => input.write(next[1]));
      }
    },
  });
  const keyboard = new Keyboard(screen);
  screen.watch(network);
  network.people = { '*': keyboard.colleague };
  const detach = keyboard.attach(input);
  const call = await network.call({ from: '+15550123456', to: LINE, caller: keyboard.caller });
  detach();
  return { server, call, text: shown.join('') };
}

test('interactive: the menu, the colleague accepts, they talk, the caller hangs up', async (t) => {
  const { server, text } = await typed(t, [
    [/press 0-9/, '1'],
    [/a: pick up/, 'a'],
    [/any digit: accept/, '5'],
    [/h: caller hangs up {4}d: colleague/, 'h'],
  ]);
  assert.equal(server.of('/twilio/dial')[0].value('DialBridged'), 'true');
  assert.equal(server.of('/twilio/dial')[0].value('CallStatus'), 'completed');
  assert.match(text, /\+15550100777 presses 5/);
  assert.match(text, /Caller talks with \+15550100777/);
});

test('interactive: the colleague declines, a message is spoken and ended with #', async (t) => {
  const { server, call } = await typed(t, [
    [/press 0-9/, '1'],
    [/a: pick up/, 'a'],
    [/any digit: accept/, 'd'],
    [/you are speaking/, 's'],
    [/Recorded/, ''],
  ]);
  assert.equal(server.of('/twilio/dial')[0].value('DialBridged'), 'false');
  assert.equal(call.recordings.length, 1);
  const ended = await typed(t, [
    [/press 0-9/, '2'],
    [/you are speaking/, '#'],
  ]);
  assert.equal(ended.server.of('/twilio/voicemail')[0].value('Digits'), '#');
});

test('text is wrapped at words, and long ones are cut', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('abcdefghij k', 4), ['abcd', 'efgh', 'ij k']);
});

test('stack.env: values are plain and go to the end of the line', () => {
  assert.deepEqual(parseEnv('A=1\nB_2=x = "y" # z\n\n# no\nC=\r\n'), {
    A: '1',
    B_2: 'x = "y" # z',
    C: '',
  });
});
