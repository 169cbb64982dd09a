// Hostile notices of recordings, signed as Twilio's would be: whatever they name,
// only the configured host is asked, by SIDs that are SIDs.  A canary listens for
// anything that comes elsewhere.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDoor, until } from '../e2e/support/door.js';
import { freePort, Stack } from '../e2e/support/stack.js';
import { inbound, post, sid } from '../e2e/support/webhook.js';

/** @type {Stack} */
let stack;
/** Stands for Twilio's REST API. */
let door;
let canary;
let connections = 0;
/** Answers of the REST API that would lead elsewhere, one after the other. */
let lures;

before(async () => {
  const port = await freePort();
  canary = net.createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await once(canary.listen(0, '::'), 'listening');
  lures = luresTo(`127.0.0.1:${canary.address().port}`);
  stack = await Stack.start({
    TWILIO_API_URL: `http://127.0.0.1:${port}`,
    TWILIO_AUTH_TOKEN: 'one-token,another-token',
  });
  door = await openDoor(port, '');
  door.upstream = (_, response) => {
    const [status, headers, body = ''] = lures[door.asked.length % lures.length];
    response.writeHead(status, headers).end(body);
  };
});
after(async () => {
  await door.close();
  canary.close();
  await stack.close();
});

function luresTo(there) {
  const at = `http://${there}/x.mp3`;
  const answer = (status) => [status, { Location: at }];
  return [
    ...[301, 302, 303, 307, 308, 300, 305].map(answer),
    [302, { Location: `//${there}/x` }],
    [302, { Location: `http://api.twilio.com@${there}/x` }],
    [302, { Location: `file:///etc/passwd` }],
    [201, { Location: at, 'Content-Location': at }],
    [200, { Refresh: `0; url=${at}`, 'Content-Type': 'text/html' }, `<meta http-equiv=refresh>`],
    [200, { 'X-Accel-Redirect': '/kept/folder/x', Link: `<${at}>; rel=canonical` }, 'x'],
    [200, { 'Alt-Svc': `h2="${there}"; ma=86400`, 'Content-Type': 'audio/mpeg' }, at],
    [401, { 'WWW-Authenticate': `Basic realm="x", Negotiate, NTLM` }],
    [407, { 'Proxy-Authenticate': 'Basic realm="x"' }],
    [404, {}, '{}'],
    [503, { 'Retry-After': '99999999999999999999', Location: at }],
  ];
}

/** URLs that lead elsewhere, or look as if they did not. */
function urls() {
  const { port } = canary.address();
  const hosts = [
    `127.0.0.1:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `0177.0.0.1:${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `localhost:${port}`,
    `LOCALHOST.:${port}`,
    `127.0.0.1:${port}\\@api.twilio.com`,
    `api.twilio.com@127.0.0.1:${port}`,
    `api.twilio.com:443@127.0.0.1:${port}`,
    `api.twilio.com%40127.0.0.1:${port}`,
    `127.0.0.1:${port}#@api.twilio.com`,
    `127.0.0.1:${port}?@api.twilio.com`,
    `api.twilio.com%00@127.0.0.1:${port}`,
    `api.twilio.com\r\nHost: 127.0.0.1:${port}`,
    `①②⑦.⓪.⓪.①:${port}`,
    `127。0。0。1:${port}`,
    `user:one-token@127.0.0.1:${port}`,
  ];
  const path = '/2010-04-01/Accounts/AC1/Recordings/RE1';
  const schemes = ['http', 'https', 'HTTP', 'ftp', 'gopher', 'dict', 'file', 'smb', 'ws', 'ldap'];
  return [
    ...hosts.flatMap((host) => [`http://${host}${path}`, `https://${host}${path}`, `//${host}`]),
    ...schemes.map((scheme) => `${scheme}://127.0.0.1:${port}/`),
    'file:///etc/passwd',
    'data:audio/wav;base64,UklGRg==',
    'javascript:alert(1)',
    `http:127.0.0.1:${port}`,
    `127.0.0.1:${port}`,
    `\thttp://127.0.0.1:${port}`,
    `http://127.0.0.1:${port}/${'a'.repeat(60_000)}`,
    '\0',
    '',
  ];
}

/** What is no recording's SID, though some of it looks like one. */
function oddSids() {
  const { port } = canary.address();
  const good = sid('RE');
  const hex = good.slice(2);
  return [
    '',
    'RE',
    'x',
    hex,
    good.slice(0, -1),
    `${good}0`,
    `re${hex}`,
    `CA${hex}`,
    `RE${hex.slice(1)}g`,
    `RE${hex.slice(1)}١`,
    `RE${hex.slice(1)}０`,
    ` ${good}`,
    `${good} `,
    `${good}\n`,
    `${good}\0`,
    `${good}\r\nHost: 127.0.0.1:${port}`,
    `${good}.json`,
    `${good}.mp3`,
    `${good}/..`,
    `${good}/../../Calls`,
    `${good}?RequestedChannels=2`,
    `${good}#`,
    `${good}%00`,
    `${good}@127.0.0.1:${port}`,
    `@127.0.0.1:${port}/${good}`,
    `../${good}`,
    '../../../../etc/passwd',
    '..',
    '.',
    '/etc/passwd',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '..\\..\\x',
    `${'../'.repeat(11)}`,
    `RE${'/'.repeat(32)}`,
    `RE${'.'.repeat(32)}`,
    `RE${'\0'.repeat(32)}`,
    `http://127.0.0.1:${port}/${good}`,
    `//127.0.0.1:${port}/${good}`,
    `$(curl 127.0.0.1:${port})`,
    `'; DROP TABLE jobs; --`,
    `RE${'a'.repeat(50_000)}`,
    `${good},${sid('RE')}`,
  ];
}

const LINE = '%2B15550100001';

/** A notice of a completed recording of a call of its own. */
function notify(changes) {
  const call = sid('CA');
  const path = `/twilio/recording?line=${LINE}&call=${call}&v=0&step=message&n=3`;
  return post(stack, path, {
    ...inbound(stack, { CallSid: call }),
    RecordingSid: sid('RE'),
    RecordingStatus: 'completed',
    RecordingDuration: '8',
    RecordingUrl: 'https://api.twilio.com/x',
    ...changes,
  });
}

test('200 notices: nobody but the REST API is asked, and nothing is kept', async () => {
  const odd = oddSids();
  const { port } = canary.address();
  const url = `http://127.0.0.1:${port}/x`;
  const notices = [
    ...urls().map((RecordingUrl) => ({ RecordingUrl })),
    ...odd.map((RecordingSid) => ({ RecordingSid, RecordingUrl: url })),
    ...odd.map((RecordingSid) => ({ RecordingSid: [RecordingSid, sid('RE')], RecordingUrl: url })),
    ...[url, [url, 'https://api.twilio.com/x']].flatMap((value) =>
      ['MediaUrl', 'TranscriptionUrl', 'ErrorUrl', 'ApiUrl', 'AccountUrl', 'Host', 'Url'].map(
        (name) => ({ [name]: value }),
      ),
    ),
    { AccountSid: `${stack.settings.TWILIO_ACCOUNT_SID}/../AC${'1'.repeat(32)}` },
    { RecordingUrl: 'x'.repeat(70_000) },
  ];
  while (notices.length < 200) notices.push({ RecordingUrl: `${url}?${notices.length}` });
  const before = performance.now();
  for (const each of notices) {
    const { status } = await notify(each);
    assert.ok([204, 403, 413].includes(status), `${status}: ${JSON.stringify(each).slice(0, 200)}`);
  }
  assert.ok(notices.length >= 200, `${notices.length} notices`);
  const pending = async () =>
    stack.sql("SELECT 1 FROM jobs WHERE kind = 'archive' AND attempts = 0 AND state = 'due'");
  await until(async () => (await pending()).length === 0, 60_000);
  assert.ok(performance.now() - before < 120_000);
  await nothingCameOfIt();
});

// As if a notice had come through that the webhook would not have let.
test('a job with a SID that is none asks nobody, and is given up', async () => {
  door.asked.length = 0;
  await stack.sql("DELETE FROM jobs WHERE kind = 'archive'");
  const odd = oddSids().filter((each) => !each.includes('\0'));
  for (const [i, each] of odd.entries())
    await stack.sql(
      `INSERT INTO jobs (line, call_sid, kind, channel, due_at)
       VALUES ('+15550100001', $1, 'archive', $2, now())`,
      [`CA${String(i).padStart(32, '0')}`, each.slice(0, 2000)],
    );
  const open = () => stack.sql("SELECT 1 FROM jobs WHERE kind = 'archive' AND state = 'due'");
  await until(async () => (await open()).length === 0);
  assert.deepEqual(
    door.asked.filter(({ url }) => !/\/(Calls|Recordings)(\/CA\w{32})?\.json/.test(url)),
    [],
  );
  await nothingCameOfIt();
});

async function nothingCameOfIt() {
  assert.equal(connections, 0, 'somebody came to the canary');
  const account = stack.settings.TWILIO_ACCOUNT_SID;
  const ours = new RegExp(
    `^/2010-04-01/Accounts/${account}/(Calls|Recordings)(/(CA|RE)[0-9a-f]{32})?(/Recordings)?\\.(json|mp3)(\\?[-A-Za-z0-9=&%<>]*)?$`,
  );
  for (const { method, url, headers } of door.asked) {
    assert.equal(method, 'GET');
    assert.match(url, ours);
    assert.equal(headers.host, new URL(stack.settings.TWILIO_API_URL).host);
  }
  assert.deepEqual(await stack.sql('SELECT 1 FROM recordings'), []);
  const folder = join(stack.settings.MAINLINE_DATA, 'recordings');
  assert.deepEqual(readdirSync(folder), ['incoming']);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
  const channels = await stack.sql(
    "SELECT channel FROM jobs WHERE kind = 'archive' AND state <> 'dead' AND channel !~ '^RE[0-9a-f]{32}$'",
  );
  assert.deepEqual(channels, []);
  for (const log of [stack.log(), stack.log('jobs')])
    assert.ok(!JSON.stringify(log).includes('another-token'));
}
