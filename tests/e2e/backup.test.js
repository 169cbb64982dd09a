// mainline backup while calls come in, and mainline restore into another database:
// what was acknowledged before it began is there, and its audio plays.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { childrenOf } from '../faults/support/processes.js';
import { openDoor, until } from './support/door.js';
import { BINARY, cleanEnv, freePort, run, Stack } from './support/stack.js';
import { inbound, post } from './support/webhook.js';

/** @type {Stack} where calls come in */
let stack;
/** @type {Stack} where they are restored */
let other;
let network;
let door;
let folder;
/** What Twilio was told is safe: path, call and when. */
const acknowledged = [];
/** When the backup began. */
let begun;
let backup;
/** A call that is erased where it was restored. */
let gone;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const at = (...names) => join(folder, ...names);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainline-backup-'));
  const port = await freePort();
  stack = await Stack.start({ TWILIO_API_URL: `http://127.0.0.1:${port}` });
  network = stack.network();
  network.on('answer', ({ call, request }) => {
    const { status } = request.response;
    if (status >= 200 && status < 300)
      acknowledged.push({ call: call.sid, url: request.url, at: performance.now() });
  });
  door = await openDoor(port, await network.listen());
  backup = at('one');
});
after(async () => {
  await door.close();
  await network.close();
  await stack.close();
  await other?.close();
  rmSync(folder, { recursive: true, force: true });
});

const message = () =>
  network.call({
    from: '+15550001001',
    to: stack.line,
    caller: [{ press: '2' }, { message: 8 }],
  });
const talk = () => network.call({ from: '+15550001002', to: stack.line, caller: [{ press: '1' }] });

/** Calls one after the other, of both kinds, until it is told to end. */
function load(lanes) {
  const state = { on: true };
  const lane = async () => {
    while (state.on) await Promise.all([message(), talk()]);
  };
  const all = Promise.all(Array.from({ length: lanes }, lane));
  return () => {
    state.on = false;
    return all;
  };
}

/** As script/mainline does it, with all settings of the stack. */
const restore = (which, args) => {
  const { MAINLINE_SOCKET_GROUP: group } = which.settings;
  return which.mainline(['restore', ...args], {
    env: group === undefined ? {} : { MAINLINE_SOCKET_GROUP: group },
  });
};

const rowsOf = (which, sql, values) => which.sql(sql, values);
const recordingsOf = (which) =>
  rowsOf(which, 'SELECT sid, mp3_sha256 FROM recordings WHERE removed_at IS NULL');

test('a backup made while calls come in', async () => {
  const end = load(4);
  await until(async () => (await recordingsOf(stack)).length >= 5, 30_000);
  // A journal that stands still: what is acknowledged now lies in the spool alone.
  const journal = childrenOf(stack.servePid).find(({ name }) => name === 'ml-journal');
  process.kill(journal.pid, 'SIGSTOP');
  const stuck = inbound(stack);
  const path = `/twilio/voice?line=${encodeURIComponent(stack.line)}`;
  const { status } = await post(stack, path, stuck);
  assert.equal(status, 200);
  acknowledged.push({ call: stuck.CallSid, url: path, at: performance.now() });
  begun = performance.now();
  const { code, out, err } = await stack.mainline(['backup', '--wait', '0', backup]);
  process.kill(journal.pid, 'SIGCONT');
  await end();
  assert.equal(code, 0, `${out}${err}`);
  assert.match(out, /^Backup of \S+: \d+ calls, \d+ events, \d+ files of audio, [1-9]\d* of the/);
  assert.match(out, /Not in it: settings, secrets/);
  assert.ok(!existsSync(`${backup}.partial`));
  assert.equal(statSync(backup).mode & 0o777, 0o700);
  assert.equal(statSync(join(backup, 'database.dump')).mode & 0o777, 0o600);
  const spool = readdirSync(join(backup, 'spool'));
  assert.ok(spool.some((name) => name.endsWith('.own')), spool.join(' '));
});

test('whoever has sha256sum can check it, and --check does', async () => {
  const { status, stdout, stderr } = spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], {
    cwd: backup,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  const { code, out } = await run(BINARY, ['restore', '--check', backup], { env: cleanEnv() });
  assert.equal(code, 0);
  assert.match(out, /is whole: a backup of /);
  const dump = readFileSync(join(backup, 'database.dump'));
  assert.ok(!dump.includes(stack.settings.TWILIO_AUTH_TOKEN), 'no secret is in it');
});

test('restored: every call that was acknowledged before is there', async () => {
  // No background work: what is not in the backup is not brought from elsewhere.
  other = await Stack.start({}, { jobs: false });
  const { code, out, err } = await restore(other, [backup]);
  assert.equal(code, 0, `${out}${err}`);
  assert.match(out, /Restored: the database of .*, \d+ files of audio, [1-9]\d* events that/);
  assert.match(out, /erase them again/);
  const due = acknowledged.filter((each) => each.at < begun);
  assert.ok(due.length > 50, `${due.length} were acknowledged before`);
  const there = await rowsOf(other, 'SELECT call_sid, uri FROM events');
  const known = new Set(there.map(({ call_sid: sid, uri }) => `${sid} ${uri}`));
  const lost = due.filter(({ call, url }) => {
    const uri = url.replace(/^https:\/\/[^/]+/, '').replace(/#.*/, '');
    return !known.has(`${call} ${uri}`);
  });
  assert.deepEqual(lost, []);
  for (const sid of new Set(due.map(({ call }) => call)))
    assert.equal((await other.api.request(`/api/calls/${sid}`, { token: stack.token })).status, 200);
});

test('and its audio plays, byte for byte', async () => {
  const rows = await recordingsOf(other);
  assert.ok(rows.length >= 5);
  for (const { sid, mp3_sha256: sum } of rows) {
    const file = readFileSync(join(other.settings.MAINLINE_DATA, 'recordings', `${sid}.mp3`));
    assert.equal(sha256(file), sum.toString('hex'));
    const path = `/api/recordings/${sid}.mp3`;
    const { status, bytes } = await other.api.request(path, { token: stack.token });
    assert.equal(status, 200);
    assert.equal(sha256(bytes), sum.toString('hex'));
  }
});

test('what is not empty is not filled, unless it is to be lost', async () => {
  const again = await restore(other, [backup]);
  assert.equal(again.code, 1);
  assert.match(again.err, /not empty: there are calls.*--force to lose/);
  const nobody = await restore(other, ['--force', backup]);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /nobody can be asked; say --yes/);
});

test('whom the database that is replaced has erased does not come back', async () => {
  const [{ sid, recording }] = await other.sql(
    `SELECT sid, (recording).sid AS recording FROM calls
     WHERE (recording).sid IN (SELECT sid FROM recordings) LIMIT 1`,
  );
  gone = sid;
  const erased = await other.mainline(['erase', '--call', sid, '--yes', '--wait', '1']);
  assert.equal(erased.code, 0, erased.err);
  const { code, out, err } = await restore(other, ['--force', '--yes', backup]);
  assert.equal(code, 0, `${out}${err}`);
  assert.match(out, /^Erased here meanwhile, and so erased again: 1 calls/m);
  const left = await other.sql(
    `SELECT FROM calls WHERE sid = $1 UNION ALL SELECT FROM events WHERE call_sid = $1
     UNION ALL SELECT FROM recordings WHERE call_sid = $1`,
    [sid],
  );
  assert.deepEqual(left, []);
  assert.ok(!existsSync(join(other.settings.MAINLINE_DATA, 'recordings', `${recording}.mp3`)));
  assert.equal((await other.api.request('/api/calls', { token: stack.token })).status, 200);
});

test('nor when the first attempt breaks off behind the point of no return', async () => {
  const tools = mkdtempSync(at('tools-'));
  const real = spawnSync('sh', ['-c', 'command -v pg_restore'], { encoding: 'utf8' }).stdout.trim();
  writeFileSync(
    join(tools, 'pg_restore'),
    `#!/bin/sh\ncase "$*" in *--single-transaction*) exit 1 ;; esac\nexec ${real} "$@"\n`,
    { mode: 0o755 },
  );
  const broken = await other.mainline(['restore', '--force', '--yes', backup], {
    env: { PATH: `${tools}:${process.env.PATH}` },
  });
  assert.equal(broken.code, 1);
  assert.match(broken.err, /the database is empty now; mend what is said above/);
  const { code, out, err } = await restore(other, [backup]);
  assert.equal(code, 0, `${out}${err}`);
  assert.match(out, /^Erased here meanwhile, and so erased again: 1 calls/m);
  const left = await other.sql(
    `SELECT 1 FROM calls WHERE sid = $1
     UNION ALL SELECT 1 FROM pg_class WHERE relname = 'erased_before_restore'`,
    [gone],
  );
  assert.deepEqual(left, []);
});

test('a stack that runs on takes calls again after that', async () => {
  const params = inbound(other);
  const path = `/twilio/voice?line=${encodeURIComponent(other.line)}`;
  assert.equal((await post(other, path, params)).status, 200);
  await until(async () =>
    (await other.sql('SELECT FROM calls WHERE sid = $1', [params.CallSid])).length === 1);
});

test('as a tar file, too', async () => {
  const tar = at('all.tar');
  const env = stack.commandEnv();
  const made = spawnSync('sh', ['-c', `exec "$0" backup - >"$1"`, BINARY, tar], {
    env,
    encoding: 'utf8',
  });
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stderr, /^Backup of /);
  const { status, stdout } = spawnSync('tar', ['-tf', tar], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.match(stdout, /^\.\/manifest.json$/m);
  const restored = spawnSync('sh', ['-c', `exec "$0" restore --force --yes - <"$1"`, BINARY, tar], {
    env: other.commandEnv({ MAINLINE_SOCKET_GROUP: other.settings.MAINLINE_SOCKET_GROUP ?? '' }),
    encoding: 'utf8',
  });
  assert.equal(restored.status, 0, restored.stderr);
  const sids = async (which) =>
    (await which.sql('SELECT sid FROM calls ORDER BY sid')).map(({ sid }) => sid);
  const there = await sids(other);
  assert.deepEqual(
    (await sids(stack)).filter((sid) => !there.includes(sid)),
    [gone],
    'all but who was erased there',
  );
  writeFileSync(at('half.tar'), readFileSync(tar).subarray(0, 100_000));
  const half = spawnSync('sh', ['-c', `exec "$0" restore --check - <"$1"`, BINARY, at('half.tar')], {
    env: other.commandEnv(),
    encoding: 'utf8',
  });
  assert.equal(half.status, 1);
  assert.match(half.stderr, /no whole tar file/);
  for (const { settings } of [stack, other]) {
    const left = readdirSync(settings.MAINLINE_DATA);
    assert.deepEqual(left.filter((name) => /^(backup|restore|unpacked)-/.test(name)), []);
  }
});

/** A copy of the backup that somebody has spoilt. */
function spoilt(spoil) {
  const copy = mkdtempSync(at('spoilt-'));
  cpSync(backup, copy, { recursive: true });
  spoil((...names) => join(copy, ...names));
  return copy;
}

/** Another list of sums, for which the manifest stands. */
function relist(path, change) {
  const sums = change(readFileSync(path('SHA256SUMS'), 'utf8'));
  const manifest = JSON.parse(readFileSync(path('manifest.json'), 'utf8'));
  writeFileSync(path('SHA256SUMS'), sums);
  writeFileSync(
    path('manifest.json'),
    JSON.stringify({ ...manifest, files: sums.split('\n').length - 1, sha256sums: sha256(sums) }),
  );
}

/** A pipe in a file's place: whoever reads it waits for good. */
function pipe(file) {
  rmSync(file);
  assert.equal(spawnSync('mkfifo', [file]).status, 0);
}

const SPOILT = [
  ['no manifest', (path) => rmSync(path('manifest.json')), /no whole backup: it has no manifest/],
  ['half a manifest', (path) => truncateSync(path('manifest.json'), 40), /manifest.json is torn/],
  [
    'somebody else\'s manifest',
    (path) => writeFileSync(path('manifest.json'), '{"mainline_backup": 1}'),
    /is torn, or no backup's of ours/,
  ],
  [
    'a format of later',
    (path) => writeFileSync(path('manifest.json'), '{"mainline_backup": 2}'),
    /of the format 2, and this program reads 1; use a newer/,
  ],
  ['half a dump', (path) => truncateSync(path('database.dump'), 9000), /dump has changed since/],
  ['a pipe for a dump', (path) => pipe(path('database.dump')), /database.dump: Invalid argument/],
  ['a pipe for a manifest', (path) => pipe(path('manifest.json')), /manifest.json: Invalid arg/],
  [
    'a list without the dump',
    (path) => relist(path, (sums) => sums.replace(/^.*  database\.dump\n/m, '')),
    /SHA256SUMS is not what a backup of ours holds/,
  ],
  [
    'a list that leads elsewhere',
    (path) => relist(path, (sums) => sums.replace(/  recordings\//, '  recordings/../../')),
    /SHA256SUMS is not what a backup of ours holds/,
  ],
  [
    'a list that paints the terminal',
    (path) => relist(path, (sums) => sums.replace(/  recordings\//, '  recordings/\x1b[2J')),
    /SHA256SUMS is not what a backup of ours holds/,
  ],
  ['no dump', (path) => rmSync(path('database.dump')), /database.dump: No such file/],
  [
    'another sum',
    (path) =>
      writeFileSync(
        path('SHA256SUMS'),
        readFileSync(path('SHA256SUMS'), 'utf8').replace(/^./, (c) => (c === '0' ? '1' : '0')),
      ),
    /SHA256SUMS is torn, or was changed/,
  ],
  [
    'a byte of audio',
    (path) => {
      const file = path('recordings', readdirSync(path('recordings'))[0]);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] ^= 1;
      chmodSync(file, 0o600);
      writeFileSync(file, bytes);
    },
    /^mainline restore: recordings\/RE.* has changed since/m,
  ],
  [
    'a schema of later',
    (path) => {
      const manifest = JSON.parse(readFileSync(path('manifest.json'), 'utf8'));
      writeFileSync(path('manifest.json'), JSON.stringify({ ...manifest, schema: 9999 }));
    },
    /of schema 9999.*use the newer program/,
  ],
  [
    'a server of later',
    (path) => {
      const manifest = JSON.parse(readFileSync(path('manifest.json'), 'utf8'));
      writeFileSync(path('manifest.json'), JSON.stringify({ ...manifest, postgresql: 99 }));
    },
    /of PostgreSQL 99 and this server is/,
  ],
];

for (const [name, spoil, why] of SPOILT) {
  test(`${name}: refused, and nothing is changed`, async () => {
    const calls = await other.sql('SELECT sid FROM calls ORDER BY sid');
    const { code, out, err } = await restore(other, ['--force', '--yes', spoilt(spoil)]);
    assert.equal(code, 1, out);
    assert.match(err, why);
    assert.deepEqual(await other.sql('SELECT sid FROM calls ORDER BY sid'), calls);
  });
}

test('audio that is not where it should be is said', async () => {
  const [{ sid }] = await recordingsOf(stack);
  const file = join(stack.settings.MAINLINE_DATA, 'recordings', `${sid}.wav`);
  const bytes = readFileSync(file);
  rmSync(file);
  try {
    const { code, out, err } = await stack.mainline(['backup', at('without')]);
    assert.equal(code, 1, out);
    assert.match(err, new RegExp(`${sid}.wav is not in this host's folder`));
    assert.match(err, /^mainline backup: 1 files of audio that should be in it/m);
    assert.ok(existsSync(at('without', 'manifest.json')));
    const allowed = await stack.mainline(['backup', '--allow-missing', at('without-2')]);
    assert.equal(allowed.code, 0, allowed.err);
    writeFileSync(file, bytes.subarray(1));
    const changed = await stack.mainline(['backup', at('without-3')]);
    assert.equal(changed.code, 1);
    assert.match(changed.err, new RegExp(`${sid}.wav is not the file that was kept`));
  } finally {
    writeFileSync(file, bytes);
  }
});

test('a backup is a new folder, and nothing is left of one that fails', async () => {
  const there = await stack.mainline(['backup', backup]);
  assert.equal(there.code, 1);
  assert.match(there.err, /is there already; a backup is a new folder/);
  mkdirSync(at('killed.partial'));
  const left = await stack.mainline(['backup', at('killed')]);
  assert.equal(left.code, 1);
  assert.match(left.err, /killed.partial is being written, or was left/);
  const away = await stack.mainline(['backup', at('away')], {
    env: { DATABASE_URL: 'postgresql:///mainline?host=/nonexistent' },
  });
  assert.equal(away.code, 1);
  assert.match(away.err, /the database cannot be reached/);
  assert.ok(!existsSync(at('away')) && !existsSync(at('away.partial')));
  const nowhere = await stack.mainline(['backup', at('no', 'such', 'folder')]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /there is no folder .*no.such; make it first/);
});

test('an older pg_dump, or none, is named', async () => {
  const tools = mkdtempSync(at('tools-'));
  writeFileSync(join(tools, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.1"\n', {
    mode: 0o755,
  });
  const old = await stack.mainline(['backup', at('old')], {
    env: { PATH: `${tools}:${process.env.PATH}` },
  });
  assert.equal(old.code, 1);
  assert.match(old.err, /pg_dump is of PostgreSQL 9, and \d+ is needed; install postgresql-client/);
  const none = await stack.mainline(['backup', at('none')], { env: { PATH: '/nonexistent' } });
  assert.equal(none.code, 1);
  assert.match(none.err, /pg_dump cannot be run \(there is none\); install/);
  assert.ok(!existsSync(at('old.partial')) && !existsSync(at('none.partial')));
});

test('who types something else is told', async () => {
  for (const args of [
    ['backup'],
    ['backup', 'a', 'b'],
    ['backup', '--wait', 'x', 'a'],
    ['backup', '--what', 'a'],
    ['restore'],
    ['restore', '--what', 'a'],
  ])
    assert.equal((await stack.mainline(args)).code, 2, args.join(' '));
  for (const command of ['backup', 'restore']) {
    const { code, out } = await stack.mainline([command, '--help']);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^usage: mainline ${command}`));
  }
});

test('tables of somebody else are never touched', async () => {
  await other.sql('CREATE TABLE theirs (x integer)');
  const { code, err } = await restore(other, ['--force', '--yes', backup]);
  assert.equal(code, 1);
  assert.match(err, /tables that are not ours/);
  await other.sql('DROP TABLE theirs');
});
