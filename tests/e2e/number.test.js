// mainline number, against a simulated Twilio: what it is told, and what a call does then.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { PhoneNetwork } from '../simulator/index.js';
import { startServer } from '../simulator/testing/fake-server.js';
import { BINARY, freePort, ROOT, Stack } from './support/stack.js';

const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'the auth token';
const US = 'https://phone.example.com';
const LINE = '+15550100001';
const TRUNK = `TK${'1'.repeat(32)}`;
const DEMO = 'https://demo.twilio.com/welcome/voice/';
const ESCAPED = '%2B15550100001';
const OURS = {
  voiceUrl: `${US}/twilio/voice?line=${ESCAPED}#ct=3000&rt=6000`,
  voiceFallbackUrl: `${US}/twilio/fallback?line=${ESCAPED}#rc=5&rp=all`,
  statusCallback: `${US}/twilio/status?line=${ESCAPED}#rc=5&rp=all`,
};

/** @type {Stack} */
let stack;
let folder;
before(async () => {
  stack = await Stack.start({}, { jobs: false });
  folder = mkdtempSync(join(tmpdir(), 'mainline-number-'));
});
after(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @type {PhoneNetwork} */
let twilio;
let origin;
beforeEach(async (t) => {
  twilio = new PhoneNetwork({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    apiKeys: [{ sid: `SK${'7'.repeat(32)}`, secret: 'hush' }],
    numbers: { [LINE]: { voiceUrl: DEMO } },
    seed: 7,
  });
  origin = await twilio.listen();
  t.after(() => twilio.close());
});

const settings = (more = {}) => ({
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_AUTH_TOKEN: TOKEN,
  TWILIO_API_URL: origin,
  MAINLINE_PUBLIC_URL: US,
  ...more,
});
const number = (args, env = {}) =>
  stack.mainline(['number', ...args.split(' ')], { env: settings(env) });
/** What was changed at Twilio. */
const posts = () => twilio.rest.requests.filter(({ method }) => method === 'POST');
const formOf = (request) => Object.fromEntries(new URLSearchParams(request.form));
const set = (more) => {
  Object.assign(twilio.numbers[LINE], more);
  twilio.account.putNumber(LINE);
};

/** The same at a terminal, where `answer` is typed when it asks. */
function atTerminal(args, answer) {
  const command = [BINARY, 'number', ...args.split(' ')].map((word) => `'${word}'`).join(' ');
  return new Promise((resolve) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: stack.commandEnv(settings()),
      timeout: 30_000,
    });
    let screen = '';
    let answered = false;
    child.stdout.on('data', (chunk) => {
      screen += chunk;
      if (answered || !screen.endsWith('[y/N] ')) return;
      answered = true;
      child.stdin.write(`${answer}\r`);
    });
    child.on('close', (code) => resolve({ code, screen: screen.replaceAll('\r', '') }));
  });
}

test('what is not understood gets status 2, and Twilio is not asked', async () => {
  for (const args of [
    'sell',
    'point',
    'point 15550100001',
    'point +15550100001 +15550100002',
    'point +15550100001 --fallback-url',
    'point +15550100001 --now',
    'show 4711',
    'search',
    'search --country us',
    'search --country US --type satellite',
    'search --country US --limit 0',
    'search --country US --limit 31',
    'search --country US --area-code 51O',
    'search --country US --contains 5&AreaCode=1',
    'search --country US 510',
    'buy',
    'buy +442079460116',
    'buy +15105550110 --country USA',
    'buy +15105550110 --address-sid AD1',
    'buy +15105550110 --bundle-sid AD1',
    'buy +15105550110 --fallback-url https://bin.example.org/x',
  ]) {
    const { code, out, err } = await number(args);
    assert.deepEqual([code, out], [2, ''], `${args}: ${err}`);
    assert.match(err, /--help/, args);
  }
  assert.deepEqual(twilio.rest.requests, []);
  assert.match((await number('--help')).out, /^usage: mainline number show/);
});

test('what cannot work is refused before Twilio is asked', async () => {
  for (const [args, env, said] of [
    ['point', { MAINLINE_PUBLIC_URL: 'https://localhost:8443' }, /Twilio cannot reach/],
    ['point', { MAINLINE_PUBLIC_URL: 'http://phone.example.com' }, /is not https/],
    ['point', { MAINLINE_PUBLIC_URL: 'https://192.168.1.7' }, /private network/],
    ['point', { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(31)}1` }, /placeholder/],
    ['point', { TWILIO_ACCOUNT_SID: '' }, /TWILIO_ACCOUNT_SID/],
    ['point', { TWILIO_AUTH_TOKEN: '' }, /TWILIO_API_KEY .*TWILIO_AUTH_TOKEN/],
    ['buy', { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(31)}1` }, /placeholder/],
  ]) {
    const { code, out, err } = await number(`${args} ${LINE} --yes`, env);
    assert.deepEqual([code, out], [1, ''], err);
    assert.match(err, said);
  }
  for (const [url, said] of [
    ['http://bin.example.org/x', /is not https/],
    [`${US}/twilio/fallback`, /on our own host/],
    ['https://127.0.0.1/x', /Twilio cannot reach/],
    ['bin.example.org', /no URL/],
  ]) {
    const { code, err } = await number(`point ${LINE} --yes --fallback-url ${url}`);
    assert.equal(code, 1, url);
    assert.match(err, said);
  }
  assert.deepEqual(twilio.rest.requests, []);
});

test('point sets the three URLs, each POST, and shows before and after', async () => {
  const dry = await number(`point ${LINE} --dry-run`);
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /Nothing was changed \(--dry-run\)/);
  assert.deepEqual(posts(), []);
  const { code, out, err } = await number(`point ${LINE}`);
  assert.equal(code, 0, err);
  assert.equal(
    out,
    `${LINE} is elsewhere
  VoiceUrl              before  POST ${DEMO}
                        after   POST ${OURS.voiceUrl}
  VoiceFallbackUrl      before  not set
                        after   POST ${OURS.voiceFallbackUrl}
  StatusCallback        before  not set
                        after   POST ${OURS.statusCallback}
Calls to ${LINE} come to us now.
`,
  );
  assert.deepEqual(posts().map(formOf), [
    {
      VoiceUrl: OURS.voiceUrl,
      VoiceMethod: 'POST',
      VoiceFallbackUrl: OURS.voiceFallbackUrl,
      VoiceFallbackMethod: 'POST',
      StatusCallback: OURS.statusCallback,
      StatusCallbackMethod: 'POST',
    },
  ]);
  const again = await number(`point ${LINE}`);
  assert.deepEqual([again.code, posts().length], [0, 1]);
  assert.match(again.out, /There is nothing to change/);
  const outside = await number(`point ${LINE} --fallback-url https://bin.example.org/x`);
  assert.equal(outside.code, 0, outside.err);
  assert.equal(twilio.numbers[LINE].voiceFallbackUrl, 'https://bin.example.org/x');
});

test('a call then comes to the stack, and its end is told', async () => {
  // What Twilio's phone network would reach under the public name is this stack.
  assert.equal((await number(`point ${LINE}`)).code, 0);
  const network = stack.network({
    numbers: {
      [LINE]: Object.fromEntries(
        Object.entries(twilio.numbers[LINE]).map(([name, value]) => [
          name,
          typeof value === 'string' ? value.replace(US, stack.publicUrl) : value,
        ]),
      ),
    },
  });
  const call = await network.call({
    from: '+15550123456',
    to: LINE,
    caller: [{ press: '2' }, { message: 5, then: '#' }],
  });
  assert.deepEqual([call.status, network.problems], ['completed', []]);
  const told = await stack.api.get(`/api/calls/${call.sid}`);
  assert.deepEqual([told.line, told.status, told.outcome], [LINE, 'completed', 'voicemail']);
});

/** The TwiML that docs/number.md gives to whoever wants a fallback without a host. */
function bins() {
  const text = readFileSync(join(ROOT, 'docs/number.md'), 'utf8');
  return [...text.matchAll(/```xml\n(.*?)```/gs)].map(([, xml]) => xml.replace(/^ {3}/gm, ''));
}

test('with the host gone a TwiML Bin takes the message, which is found later', async (t) => {
  const [thanks, fallback] = bins();
  const server = await startServer({
    '/twiml/EH_OF_THANKS': () => thanks,
    '/twiml/EH_OF_FALLBACK': () => fallback.replace('https://handler.twilio.com', server.origin),
  });
  t.after(() => server.close());
  const gone = `http://127.0.0.1:${await freePort()}`;
  const network = new PhoneNetwork({
    accountSid: stack.settings.TWILIO_ACCOUNT_SID,
    authToken: stack.settings.TWILIO_AUTH_TOKEN.split(',')[0],
    startAt: new Date(Date.now() - 600_000),
    numbers: {
      [LINE]: {
        voiceUrl: `${gone}/twilio/voice?line=${ESCAPED}`,
        voiceFallbackUrl: `${server.origin}/twiml/EH_OF_FALLBACK`,
        statusCallback: `${gone}/twilio/status?line=${ESCAPED}`,
      },
    },
  });
  const api = await network.listen();
  t.after(() => network.close());
  const call = await network.call({
    from: '+15550123457',
    to: LINE,
    caller: [{ message: 7, then: '#' }],
  });
  assert.equal(call.status, 'completed');
  assert.deepEqual(
    server.asked.map(({ path }) => path),
    ['/twiml/EH_OF_FALLBACK', '/twiml/EH_OF_THANKS'],
  );
  const { code, out, err } = await stack.mainline(['reconcile', '--since', '1h'], {
    env: { TWILIO_API_URL: api },
  });
  assert.equal(code, 0, out + err);
  const told = await stack.api.get(`/api/calls/${call.sid}`);
  assert.deepEqual([told.line, told.outcome], [LINE, 'voicemail']);
  assert.equal(told.voicemail.recording_sid, call.recordings[0].sid);
});

test('what takes the calls is taken off only when somebody agrees', async () => {
  set({ trunkSid: TRUNK });
  const silent = await number(`point ${LINE}`);
  assert.equal(silent.code, 1);
  assert.match(silent.err, /SIP trunk TK1+ takes the calls, and nobody can be asked.*--yes/);
  const no = await atTerminal(`point ${LINE}`, 'n');
  assert.equal(no.code, 1, no.screen);
  assert.match(no.screen, /TrunkSid +before +TK1+\n +after +not set/);
  assert.match(no.screen, /Take it off the number\? \[y\/N\] n\nNothing was changed\.\n$/);
  assert.deepEqual(posts(), []);
  const yes = await atTerminal(`point ${LINE}`, 'yes');
  assert.equal(yes.code, 0, yes.screen);
  assert.equal(formOf(posts()[0]).TrunkSid, '');
  assert.equal(twilio.numbers[LINE].trunkSid, undefined);

  const foreign = twilio.account.putApplication(null, { friendlyName: 'CRM', voiceUrl: DEMO });
  set({ voiceApplicationSid: foreign.sid });
  assert.equal((await number(`point ${LINE}`)).code, 1);
  const told = await number(`point ${LINE} --yes`);
  assert.equal(told.code, 0, told.err);
  assert.match(told.out, /is drifted/);
  assert.equal(formOf(posts().at(-1)).VoiceApplicationSid, '');
  assert.equal(twilio.numbers[LINE].voiceApplicationSid, '');
});

test('a TwiML App is made, brought up to date, and the number pointed at it', async () => {
  const made = await number(`point ${LINE} --application`);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /VoiceApplicationSid +before +not set\n +after +a new one/);
  const [application] = twilio.account.applications.values();
  assert.deepEqual(
    [application.friendly_name, application.voice_url, application.status_callback],
    [`Mainline ${LINE}`, OURS.voiceUrl, OURS.statusCallback],
  );
  assert.equal(twilio.numbers[LINE].voiceApplicationSid, application.sid);
  assert.equal(twilio.numbers[LINE].voiceUrl, DEMO, 'its own settings are left alone');
  assert.match((await number('show')).out, /^\+15550100001 +ours +https:\/\/phone/m);

  twilio.account.putApplication(application.sid, { statusCallback: '' });
  assert.match((await number('show')).out, /drifted.*\n +StatusCallback is not set, should be/);
  const again = await number(`point ${LINE} --application`);
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /There is nothing|come to us now/);
  assert.equal(twilio.account.applications.size, 1);
  assert.match((await number(`point ${LINE} --application`)).out, /There is nothing to change/);
  const own = await number(`point ${LINE}`);
  assert.equal(own.code, 1, 'an application of ours is asked about as well');
});

test('show says in a word where calls go, page after page', async () => {
  const states = {
    '+15550100002': [{ ...OURS, voiceUrl: OURS.voiceUrl.replace(/1#/, '2#') }, 'drifted'],
    '+15550100003': [{ voiceUrl: 'https://old.example.net/twilio/voice?line=x' }, 'moved'],
    '+15550100004': [{ voiceUrl: '' }, 'not set'],
    '+15550100005': [{ ...OURS, voice: false }, 'no voice'],
    '+15550100006': [{ voiceUrl: '', trunkSid: TRUNK }, 'elsewhere'],
    '+15550100007': [{ voiceUrl: '', voiceApplicationSid: `AP${'0'.repeat(32)}` }, 'elsewhere'],
    '+15550100008': [{ ...OURS, voiceReceiveMode: 'fax' }, 'drifted'],
    '+15550100009': [{ voiceUrl: 'https://a.example/\u001b[31m\u009b' }, 'elsewhere'],
  };
  for (const [each, [more]] of Object.entries(states)) twilio.account.addNumber(each, more);
  set(OURS);
  for (let i = 0; i < 250; i += 1) twilio.account.addNumber(`+1555012${1000 + i}`, {});
  const { code, out, err } = await number('show');
  assert.equal(code, 0, err);
  const lines = out.split('\n');
  assert.match(lines[0], /^NUMBER +IS +CALLS GO TO$/);
  for (const [each, [, state]] of Object.entries(states))
    assert.ok(
      lines.some((line) => line.startsWith(each) && line.slice(18).startsWith(state)),
      `${each}: ${state}`,
    );
  assert.equal(lines.filter((line) => line.startsWith('+')).length, 259);
  assert.ok(!/[\u001b\u009b]/.test(out), 'no control character reaches the terminal');
  assert.match(out, /^\+15550100007 .*TwiML App AP0+, which is gone/m);

  const one = await number(`show ${LINE}`);
  assert.equal(one.code, 0, one.err);
  assert.match(one.out, /^\+15550100001 is ours; its calls go to https:\/\/phone/);
  assert.match(one.out, /A call comes in +POST +https:.*voice\?line/);
  assert.match(one.out, /When this host does not answer, nobody does/);
  const none = await number('show +15559999999');
  assert.equal(none.code, 1);
  assert.match(none.err, /the account has no such number/);
});

test('the line is warned of when the published flow has another', async () => {
  const said = async (line, env) => (await number(`point ${line} --dry-run`, env)).err;
  twilio.account.addNumber('+15550100002', {});
  assert.equal(await said(LINE), '');
  assert.match(await said('+15550100002'), /warning: no flow is published, and MAINLINE_LINE/);
  assert.match(
    await said(LINE, { DATABASE_URL: 'host=/nonexistent' }),
    /warning: the published flow cannot be read/,
  );
  const flow = JSON.parse((await stack.mainline(['flow', 'show'])).out);
  const [line] = Object.values(flow.lines);
  const publish = async (lines) => {
    const file = join(folder, 'flow.json');
    writeFileSync(file, JSON.stringify({ ...flow, lines }));
    const { code, err } = await stack.mainline(['flow', 'publish', file]);
    assert.equal(code, 0, err);
  };
  await publish({ [LINE]: line });
  assert.equal(await said(LINE), '');
  assert.match(await said('+15550100002'), /not among the lines.*only leave a message/);
  await publish({ [LINE]: line, '*': line });
  assert.match(await said('+15550100002'), /answered as those of "\*"/);
});

test('search says what is for sale, at what price, and what the law wants', async () => {
  const us = await number('search --country US --area-code 510 --limit 2');
  assert.equal(us.code, 0, us.err);
  assert.deepEqual(us.out.trimEnd().split('\n').length, 3);
  assert.match(us.out, /^\+15105550110 +local +1\.15 USD +Oakland, CA +none$/m);
  const free = await number('search --country US --type toll-free');
  assert.match(free.out, /^\+18885550115 +toll-free +2\.15 USD/m);
  const de = await number('search --country DE');
  assert.match(de.out, /^\+493023125118 .* one in that place$/m);
  const none = await number('search --country DE --type mobile');
  assert.equal(none.code, 1);
  assert.match(none.err, /sells no mobile numbers in DE/);
  assert.match((await number('search --country US --contains 999')).err, /There is none/);
  assert.doesNotMatch((await number('search --country US')).out, /\+12125550114/, 'no voice');
  twilio.rest.fail({ path: /^\/v1\//, status: 503 });
  const unpriced = await number('search --country US');
  assert.equal(unpriced.code, 0);
  assert.match(unpriced.out, /^\+15105550110 +local +\? /m);
  assert.match(unpriced.err, /cost cannot be read.*\n.*answered 503/);
});

test('buy shows the price and asks; with --point it is ours at once', async () => {
  const dry = await number('buy +15105550110 --dry-run --point');
  assert.equal(dry.code, 0, dry.err);
  assert.match(dry.out, /^\+15105550110, local, US, Oakland, CA: 1\.15 USD a month/);
  const silent = await number('buy +15105550110');
  assert.equal(silent.code, 1);
  assert.match(silent.err, /nobody can be asked; say --yes/);
  const no = await atTerminal('buy +15105550110', '');
  assert.match(
    no.screen,
    /Buy \+15105550110 for 1\.15 USD a month\? \[y\/N\] \nNothing was bought/,
  );
  assert.deepEqual(posts(), []);
  const plain = await atTerminal('buy +15105550110', 'y');
  assert.equal(plain.code, 0, plain.screen);
  assert.match(plain.screen, /Bought \+15105550110\.\n.*mainline number point \+15105550110/);
  assert.deepEqual(formOf(posts()[0]), { PhoneNumber: '+15105550110' });
  const pointed = await number('buy +15105550111 --point --yes');
  assert.equal(pointed.code, 0, pointed.err);
  assert.match(pointed.out, /Bought \+15105550111\.\nCalls to \+15105550111 come to us now\.\n$/);
  assert.equal(posts().length, 2, 'in one request');
  const address = `AD${'2'.repeat(32)}`;
  const abroad = await number(`buy +442079460116 --country GB --yes --address-sid ${address}`);
  assert.equal(abroad.code, 0, abroad.err);
  assert.equal(formOf(posts().at(-1)).AddressSid, address);
});

test('what Twilio refuses is said in words, with the mend', async () => {
  const refused = (code, status = 400) => {
    twilio.account.available = [
      {
        number: '+15105550110',
        country: 'US',
        type: 'local',
        refused: [status, code, 'No, \u001b[31m'],
      },
    ];
    return number('buy +15105550110 --yes');
  };
  for (const [code, said] of [
    [21422, /somebody else has it/],
    [21631, /--address-sid/],
    [21615, /in that place/],
    [21649, /--bundle-sid/],
    [21404, /a trial account has one number/],
    [10002, /a trial account cannot do this/],
    [20008, /test credentials/],
    [10001, /account is not active/],
    [29999, /Twilio answered 400 \(29999, No, \?\[31m\)\n$/],
  ]) {
    const { code: status, err } = await refused(code);
    assert.equal(status, 1);
    assert.match(err, said);
    assert.match(err, new RegExp(`\\(${code}, No`));
  }
  const gone = await number('buy +15105550119 --yes');
  assert.deepEqual([gone.code, gone.out], [1, '']);
  assert.match(gone.err, /not for sale; find one with mainline number search/);
  const wrong = await number('show', { TWILIO_AUTH_TOKEN: 'another' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /answered 401 \(20003, Authenticate\): check TWILIO_API_KEY/);
  const key = { TWILIO_API_KEY: `SK${'7'.repeat(32)}`, TWILIO_API_SECRET: 'hush' };
  assert.equal((await number('show', { TWILIO_AUTH_TOKEN: 'another', ...key })).code, 0);
});

test('what is not known is not called done', async () => {
  twilio.rest.fail({ method: 'POST', status: 500 });
  const lost = await number('buy +15105550110 --yes');
  assert.equal(lost.code, 1);
  assert.match(lost.err, /whether it was bought is not known: see mainline number show/);
  twilio.rest.fail({ path: /^\/v1\//, status: 404 });
  const unpriced = await number('buy +15105550110 --yes');
  assert.equal(unpriced.code, 1);
  assert.match(unpriced.err, /what it costs is not known, and nobody can be asked/);
  for (const fault of [{ body: '<html>' }, { reset: true }, { status: 429 }, { cutAfter: 5 }]) {
    twilio.rest.fail(fault);
    const { code, out } = await number('show');
    assert.deepEqual([code, out], [1, ''], JSON.stringify(fault));
  }
  await twilio.close();
  const down = await number(`point ${LINE} --yes`);
  assert.equal(down.code, 1);
  assert.doesNotMatch(down.out, /come to us/);
});
