// mainline user, as somebody at a terminal meets it, and as a script does.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { people } from './support/people.js';
import { BINARY, Stack } from './support/stack.js';

const WORDS = 'correct horse battery';
const LINK = /^https:\/\/localhost:\d+\/#link=[A-Za-z0-9_-]{43}\n$/;

/** @type {Stack} */
let stack;
let at;
before(async () => {
  stack = await Stack.start({}, { jobs: false });
  at = people(stack);
});
after(() => stack.close());

/** It is printed behind `ready`. */
async function firstLink() {
  for (;;) {
    const found = /^sign in once: https:\/\/localhost:\d+\/#link=(\S+)\n/m.exec(stack.said);
    if (found) return found[1];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('who has lost the first link is given another one at the next start', async () => {
  const lost = await firstLink();
  await stack.down();
  await stack.up();
  const link = await firstLink();
  assert.equal((await at.signIn({ link: lost })).status, 401);
  assert.equal((await at.signIn({ link })).status, 200);
  await stack.sql("UPDATE users SET last_seen_on = NULL WHERE name = 'admin'"); // as the others expect
});

const user = (args, input = '') => stack.mainline(['user', ...args], { input });

/**
 * The same at a terminal, which `script` makes: each of `typed` is sent when the program
 * asks. Gives all that stood on the screen.
 */
function atTerminal(args, typed) {
  const command = [BINARY, 'user', ...args].map((word) => `'${word}'`).join(' ');
  return new Promise((resolve) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: stack.commandEnv(),
      timeout: 30_000,
    });
    let screen = '';
    const waiting = [...typed];
    child.stdout.on('data', (chunk) => {
      screen += chunk;
      if (/(Password|Once more): $/.test(screen) && waiting.length > 0)
        child.stdin.write(waiting.shift());
    });
    child.on('close', (code) => resolve({ code, screen }));
  });
}

test('what is not understood gets status 2, and the database is not asked', async () => {
  for (const args of [
    ['sell'],
    ['add'],
    ['add', 'x'],
    ['add', 'x', '--role'],
    ['add', 'x', '--role', 'boss'],
    ['add', '--role', 'admin'],
    ['add', '', '--role', 'admin'],
    ['add', ' x', '--role', 'admin'],
    ['add', 'x\ny', '--role', 'admin'],
    ['add', 'x'.repeat(101), '--role', 'admin'],
    ['add', 'x', '--role', 'admin', '--password', WORDS],
    ['add', 'x', WORDS, '--role', 'admin'],
    ['passwd'],
    ['passwd', 'x', WORDS],
    ['link'],
    ['link', 'x', 'y'],
    ['role', 'x'],
    ['role', 'x', 'boss'],
    ['role', 'x', 'admin', 'y'],
    ['list', 'x'],
    ['remove'],
    ['remove', 'x', 'y'],
  ]) {
    const { code, out, err } = await stack.mainline(['user', ...args], {
      env: { DATABASE_URL: 'host=/nonexistent' },
    });
    assert.deepEqual([code, out], [2, ''], `${args.join(' ')}: ${err}`);
    assert.match(err, /--help/);
  }
});

test('at a terminal the password is asked for twice, and never shown', async () => {
  const { code, screen } = await atTerminal(
    ['add', 'anna', '--role', 'agent'],
    [`${WORDS}\r`, `${WORDS}\r`],
  );
  assert.equal(code, 0, screen);
  assert.match(screen, /^Password: \r?\nOnce more: \r?\nAdded anna\.\r?\n$/);
  assert.equal((await at.signIn({ name: 'anna', password: WORDS })).status, 200);
});

test('at a terminal: two that differ, a poor one, Ctrl-C and Ctrl-D change nothing', async () => {
  for (const [typed, said] of [
    [[`${WORDS}\r`, `${WORDS}!\r`], /the two differ; nothing was changed/],
    [['short\r'], /10 characters or more/],
    [['new-user-name\r'], /must not be the name/],
    [['abc\x03'], /no password came; nothing was changed/],
    [['\x04'], /no password came; nothing was changed/],
  ]) {
    const { code, screen } = await atTerminal(['add', 'new-user-name', '--role', 'agent'], typed);
    assert.equal(code, 1, screen);
    assert.match(screen, said);
    for (const word of ['short', 'abc', WORDS]) assert.ok(!screen.includes(word), screen);
  }
  assert.doesNotMatch((await user(['list'])).out, /new-user-name/);
});

test('at a terminal, a link all the same', async () => {
  const { code, screen } = await atTerminal(['add', 'linked', '--role', 'agent', '--link'], []);
  assert.equal(code, 0, screen);
  const [link, ...said] = screen.replaceAll('\r', '').split(/(?<=\n)/);
  assert.match(link, LINK);
  assert.deepEqual(said, ['The link signs in once, within a day.\n']);
});

test('without a terminal a link is printed, and a password comes from standard input', async () => {
  const added = await user(['add', 'bob@example.com', '--role=reader']);
  assert.deepEqual([added.code, added.err], [0, '']);
  assert.match(added.out, LINK);
  const set = await user(['passwd', 'BOB@example.com'], `${WORDS}\nand more\n`);
  assert.deepEqual([set.code, set.err], [0, '']);
  assert.doesNotMatch(set.out, new RegExp(WORDS));
  assert.equal((await at.signIn({ name: 'bob@example.com', password: WORDS })).status, 200);
  // The link was of who had no password; it is of no use any more.
  const link = added.out.trim().split('#link=')[1];
  assert.equal((await at.signIn({ link })).status, 401);
  for (const [input, said] of [
    ['', /no password came/],
    ['no line feed behind it', /no password came/],
    ['\n', /10 characters or more/],
    ['bob@example.com\n', /must not be the name/],
    [`${'x y '.repeat(300)}\n`, /no password came/],
    [`${'x y '.repeat(60)}\n`, /200 characters at most/],
  ]) {
    const refused = await user(['passwd', 'bob@example.com'], input);
    assert.equal(refused.code, 1, input);
    assert.match(refused.err, said);
  }
  assert.equal((await at.signIn({ name: 'bob@example.com', password: WORDS })).status, 200);
});

test('a new password signs out everywhere', async () => {
  const cookie = await at.cookie({ name: 'anna', password: WORDS });
  assert.equal((await user(['passwd', 'anna'], 'another four words here\n')).code, 0);
  assert.equal((await at.as(cookie, '/api/session')).status, 401);
});

test('the list says who there is, and who has to wait', async () => {
  for (let i = 0; i < 5; i += 1) await at.signIn({ name: 'anna', password: 'wrong' });
  const { code, out } = await user(['list']);
  assert.equal(code, 0);
  const [head, ...rows] = out.trimEnd().split('\n');
  assert.match(head, /^NAME +ROLE +PASSWORD +MADE +LAST SEEN$/);
  const today = new Date().toISOString().slice(0, 10);
  assert.match(rows[0], new RegExp(`^admin +admin +none +${today} +never *$`));
  assert.match(
    rows[1],
    new RegExp(`^anna +agent +yes +${today} +${today} +locked until ${today}T`),
  );
  assert.match(rows[2], /^bob@example.com +reader +yes/);
  assert.match(rows[3], /^linked +agent +none/);
  assert.equal(rows.length, 4);
});

test('names are unique in any case, and those that are not there are said', async () => {
  const twice = await user(['add', 'ANNA', '--role', 'admin']);
  assert.equal(twice.code, 1);
  assert.match(twice.err, /there is a user ANNA already/);
  for (const args of [
    ['passwd', 'nobody'],
    ['link', 'nobody'],
    ['role', 'nobody', 'admin'],
    ['remove', 'nobody'],
  ]) {
    const { code, out, err } = await user(args, `${WORDS}\n`);
    assert.deepEqual([code, out], [1, ''], args[0]);
    assert.match(err, /there is no user nobody; see mainline user list/);
  }
});

test('a role is changed, a user removed, and the name is free again', async () => {
  const role = await user(['role', 'Linked', 'admin']);
  assert.deepEqual([role.code, role.out], [0, 'Linked is admin now.\n']);
  assert.match((await user(['list'])).out, /^linked +admin/m);
  assert.equal((await user(['remove', 'LINKED'])).out, 'Removed LINKED.\n');
  assert.equal((await user(['remove', 'linked'])).code, 1);
  assert.equal((await user(['add', 'linked', '--role', 'reader'])).code, 0);
});

test('script/server makes its first user once, and no link where somebody else can sign in', async () => {
  await stack.down();
  await stack.up();
  assert.doesNotMatch(stack.said, /sign in once/);
  assert.equal((await stack.sql("SELECT 1 FROM users WHERE name = 'admin'")).length, 1);
});
