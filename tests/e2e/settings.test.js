// A second terminal: script/mainline has the settings of the running stack, all of them,
// whatever that terminal's own are.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { cleanEnv, ROOT, run, Stack } from './support/stack.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Every kind: numbers, words, secrets, spaces and quotes, what the script has no default for. */
const GIVEN = {
  MAINLINE_WORKERS: '3',
  MAINLINE_SPOOL_MB: '64',
  MAINLINE_KEEP_CALLS_DAYS: '400',
  MAINLINE_KEEP_AUDIO_DAYS: '30',
  MAINLINE_KEEP_EVENTS_DAYS: '90',
  MAINLINE_DELETE_AT_TWILIO: 'yes',
  MAINLINE_LOG_LEVEL: 'warn',
  MAINLINE_SMTP_URL: 'smtp://127.0.0.1:2525',
  MAINLINE_SMTP_FROM: 'Our office <office@example.com>',
  MAINLINE_SMTP_USER: 'office',
  MAINLINE_S3_URL: 'http://127.0.0.1:9000/calls',
  MAINLINE_S3_REGION: 'eu-west-1',
  MAINLINE_S3_KEY: 'key',
  MAINLINE_S3_SECRET: 'secret of the key',
  TWILIO_API_KEY: `SK${'5'.repeat(32)}`,
  TWILIO_API_SECRET: 'hush',
};

/** @type {Stack} */
let stack;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainline-settings-'));
  writeFileSync(join(folder, 'password'), 'sesame\n');
  writeFileSync(join(folder, 'secret'), `${SECRET}\n`);
  stack = await Stack.start({
    ...GIVEN,
    // From the folder where script/server is started.
    MAINLINE_SMTP_PASSWORD_FILE: relative(ROOT, join(folder, 'password')),
    MAINLINE_WEBHOOK_SECRET_FILE: relative(ROOT, join(folder, 'secret')),
  });
});
after(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

const inAnotherTerminal = (args, own = {}) =>
  run(join(ROOT, 'script/mainline'), args, {
    env: cleanEnv({ MAINLINE_DATA: stack.data, ...own }),
    cwd: folder,
  });

test('what was given stands in stack.env, which is its owner’s alone', () => {
  for (const [name, value] of Object.entries(GIVEN)) assert.equal(stack.settings[name], value);
  assert.equal(statSync(join(stack.data, 'stack.env')).mode & 0o777, 0o600);
});

test('script/mainline config says the same', async () => {
  const { code, out, err } = await inAnotherTerminal(['config']);
  assert.deepEqual([code, err], [0, '']);
  const said = Object.fromEntries(out.split('\n').map((line) => line.split(/ = (.*)/).slice(0, 2)));
  for (const [name, value] of Object.entries(GIVEN))
    assert.equal(said[name], name.endsWith('_SECRET') ? '****' : value, name);
  assert.equal(said.MAINLINE_SMTP_PASSWORD, '****');
  assert.equal(said.MAINLINE_WEBHOOK_SECRET, '****');
});

test('the settings of that terminal are none of the stack’s', async () => {
  const plain = await inAnotherTerminal(['config']);
  const other = await inAnotherTerminal(['config'], {
    MAINLINE_WORKERS: '5',
    MAINLINE_API_WORKERS: '5',
    MAINLINE_S3_SECRET_FILE: '/nonexistent',
    TWILIO_AUTH_TOKEN_FILE: '/nonexistent',
  });
  assert.deepEqual(other, plain);
});

test('a folder without a certificate is refused, and stays as it is', async () => {
  const start = (MAINLINE_TLS) =>
    run(join(ROOT, 'script/server'), [], { env: cleanEnv({ MAINLINE_TLS }) });
  const missing = join(folder, 'nowhere');
  const none = await start(missing);
  assert.deepEqual(
    [none.code, none.err.trim()],
    [1, `server: MAINLINE_TLS: there is no folder ${missing}`],
  );
  const empty = mkdtempSync(join(folder, 'tls-'));
  const refused = await start(empty);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /there is no cert\.pem in .*\/tls-/);
  assert.deepEqual(readdirSync(empty), []);
});
