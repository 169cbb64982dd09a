// Letters, through a mail server that others wrote, and as others read them.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import test, { after, before } from 'node:test';
import fc from 'fast-check';
import { door, doors } from './support/doors.js';
import { Authority, MailServer } from './support/smtp.js';

const PASSWORD = 'S3cret/password';
const HOSTILE = '\r\nBcc: victim@example.com\r\n\r\nnot ours';
let authority;
let plain;

before(async () => {
  authority = new Authority();
  plain = await MailServer.start({ tls: 'no' });
});

after(async () => {
  await plain.stop();
  authority.remove();
});

const FIELDS = {
  url: '', user: '', password: '', from: 'Our phone <phone@example.com>', ca: '', ms: '5000',
  to: 'anna@example.com', subject: 'A call', text: 'Somebody called.\n', id: 'notice-1@example.com',
  us: '1763802000000000', name: '', type: '', file: '', excess: '0', header: '', value: '',
};

const line = (fields) => ['mail', ...Object.values({ ...FIELDS, ...fields })];
const send = (fields) => door(...line(fields));
const sendPlain = (fields) => send({ url: `smtp://127.0.0.1:${plain.port}`, ...fields });

test('a letter arrives as it was written, its attachment byte for byte', async () => {
  const audio = Buffer.concat([randomBytes(3_000_000), Buffer.from('\r\n.\r\n..\n\n')]);
  const text = 'Grüße,\r\n.\n..\nÜber Leitung 1: "Rückruf" = 50 %\n' + 'lang '.repeat(300);
  const answer = await sendPlain({
    to: 'anna@example.com,bob@example.org', subject: 'Nachricht von +15550100777 – Büro ☎', text,
    name: 'voicemail "1".mp3\r\n', type: 'audio/mpeg', file: authority.file('a.mp3', audio),
    header: 'Auto-Submitted', value: 'auto-generated',
  });
  const letter = plain.letters.at(-1);

  assert.deepEqual(answer, { error: 'ok', result: '', why: '' });
  assert.equal(letter.from, 'phone@example.com');
  assert.deepEqual(letter.to, ['anna@example.com', 'bob@example.org']);
  assert.deepEqual(letter.header('From'), ['Our phone <phone@example.com>']);
  assert.deepEqual(letter.header('To'), ['anna@example.com, bob@example.org']);
  assert.deepEqual(letter.header('Subject'), ['Nachricht von +15550100777 – Büro ☎']);
  assert.deepEqual(letter.header('Date'), ['Sat, 22 Nov 2025 09:00:00 +0000']);
  assert.deepEqual(letter.header('Message-ID'), ['<notice-1@example.com>']);
  assert.deepEqual(letter.header('Auto-Submitted'), ['auto-generated']);
  assert.deepEqual(letter.header('Mime-Version'), ['1.0']);
  assert.equal(letter.parts.length, 2);
  assert.equal(letter.parts[0].type, 'text/plain; charset="utf-8"');
  assert.equal(letter.parts[0].content.toString().replaceAll('\r\n', '\n'), text.replaceAll('\r\n', '\n'));
  assert.equal(letter.parts[1].type, 'audio/mpeg');
  assert.equal(letter.parts[1].name, 'voicemail _1_.mp3__');
  assert.ok(letter.parts[1].content.equals(audio));
  // eslint-disable-next-line no-control-regex
  assert.match(letter.raw, /^[\r\n\t\x20-\x7e]*$/);
  assert.ok(letter.raw.split('\r\n').every((row) => row.length <= 998));
});

test('any subject and text arrive, and begin no other header', async () => {
  const any = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.string({ unit: 'binary', maxLength: 60 }));
  const texts = fc.sample(any, 60).map((text) => `x${text}x`).concat(`x${HOSTILE}x`, `x=?UTF-8?Q?a?=x`);
  const known = plain.letters.length;
  const answers = await doors(
    texts.map((text) => line({ url: `smtp://127.0.0.1:${plain.port}`, subject: text, text, header: 'X-Any', value: text })),
  );

  assert.deepEqual([...new Set(answers.map(({ error }) => error))], ['ok']);
  for (const [i, text] of texts.entries()) {
    const letter = plain.letters[known + i];
    // eslint-disable-next-line no-control-regex
    const shown = text.replaceAll('\0', '\ufffd').replace(/[\x01-\x1f\x7f]/g, ' ');

    assert.deepEqual(letter.header('Subject'), [shown]);
    assert.deepEqual(letter.header('X-Any'), [shown]);
    assert.deepEqual(letter.to, ['anna@example.com']);
    assert.deepEqual(letter.headers.map(([name]) => name).sort(), ['Content-Type', 'Date', 'From',
      'Message-ID', 'Mime-Version', 'Subject', 'To', 'X-Any'].sort());
    const lines = (s) => s.replaceAll('\0', '\ufffd').replaceAll('\r\n', '\n');
    assert.equal(lines(letter.parts[0].content.toString()), lines(text));
  }
});

test('an address, id or type that is none is refused before anybody is asked', async () => {
  const known = plain.letters.length;
  const wrong = [{ to: '' }, { to: 'anna' }, { to: `anna@example.com${HOSTILE}` }, { to: 'a@b> x' },
    { to: 'anna@example.com,' }, { to: Array(33).fill('a@b').join(',') }, { from: `a@b${HOSTILE}` },
    { from: 'nobody' }, { id: '' }, { id: `a@b${HOSTILE}` }, { id: 'a@b>' }, { id: 'a b' },
    { header: 'X: y\r\nBcc', value: 'x' }, { header: 'X Y', value: 'x' },
    { name: 'a', file: authority.file('a', 'a'), type: 'a/b\r\nX: y' },
    { name: 'a', file: authority.file('a', 'a'), type: '' }];

  for (const fields of wrong) {
    const answer = await sendPlain(fields);
    assert.equal(answer.error, 'input', JSON.stringify(fields));
    assert.notEqual(answer.why, '');
  }
  assert.equal(plain.letters.length, known);
});

test('the server says no, for good or for now, and is quoted', async () => {
  const known = plain.letters.length;
  const answers = await Promise.all([
    sendPlain({ to: '550@example.com' }), sendPlain({ to: '451@example.com' }),
    sendPlain({ to: 'anna@example.com,550@example.com' }),
    sendPlain({ subject: '554' }), sendPlain({ subject: '452' }),
  ]);

  assert.deepEqual(answers.map(({ error }) => error), ['input', 'busy', 'input', 'input', 'busy']);
  assert.match(answers[0].why, /550 never/);
  assert.match(answers[1].why, /451 not now/);
  assert.match(answers[3].why, /554 never/);
  assert.match(answers[4].why, /452 not now/);
  assert.equal(plain.letters.length, known, 'nobody got it');
});

test('a file that is shorter than told is not sent', async () => {
  const known = plain.letters.length;
  const answer = await sendPlain({
    name: 'a.mp3', type: 'audio/mpeg', file: authority.file('a.mp3', 'abc'), excess: '5',
  });

  assert.equal(answer.error, 'input');
  assert.match(answer.why, /shorter than told/);
  assert.equal(plain.letters.length, known);
});

// libcurl reads 127.1 as 127.0.0.1; url_is_loopback() takes it for another machine.
test('another machine must offer STARTTLS, with a certificate of an authority we know', async () => {
  const server = await MailServer.start({ tls: 'starttls', ...authority.certificate('IP:127.0.0.1') });
  const other = await MailServer.start({ tls: 'starttls', ...authority.certificate('DNS:other.example') });
  const url = `smtp://127.1:${server.port}`;
  const refused = [
    await send({ url: `smtp://127.1:${plain.port}`, ca: authority.ca }),
    await send({ url }),
    await send({ url: `smtp://127.1:${other.port}`, ca: authority.ca }),
  ];

  for (const answer of refused) {
    assert.equal(answer.error, 'busy');
    assert.notEqual(answer.why, '');
  }
  assert.equal((await send({ url, ca: authority.ca })).error, 'ok');
  assert.deepEqual(server.letters.map(({ tls }) => tls), [true]);
  assert.deepEqual(other.letters, []);
  await server.stop();
  await other.stop();
});

test('smtps begins with TLS', async () => {
  const server = await MailServer.start({ tls: 'implicit', ...authority.certificate('DNS:localhost') });
  const url = `smtps://localhost:${server.port}`;

  assert.equal((await send({ url })).error, 'busy');
  assert.equal((await send({ url: `smtps://127.0.0.1:${server.port}`, ca: authority.ca })).error, 'busy');
  assert.equal((await send({ url, ca: authority.ca })).error, 'ok');
  assert.equal(server.letters.length, 1);
  await server.stop();
});

test('who we are is said when it is asked for, and the password never told', async () => {
  const account = { user: 'phone', password: PASSWORD };
  const server = await MailServer.start({
    tls: 'starttls', ...authority.certificate('IP:127.0.0.1'), ...account, echo: PASSWORD,
  });
  const url = `smtp://127.1:${server.port}`;
  const known = { url, ca: authority.ca };

  assert.equal((await send({ ...known, ...account })).error, 'ok');
  assert.equal(server.letters[0].user, 'phone');
  for (const wrong of [{ ...account, password: 'Wr0ng' }, {}, { ...account, to: '550@example.com' }]) {
    const { error, why } = await send({ ...known, ...wrong });

    assert.equal(error, wrong.to === undefined ? 'busy' : 'input');
    assert.notEqual(why, '');
    assert.ok(!why.includes(PASSWORD) && !why.includes('Wr0ng'), why);
  }
  assert.equal(server.letters.length, 1);
  await server.stop();
});

const base64 = (text) => Buffer.from(text).toString('base64');

for (const echo of [PASSWORD, base64(PASSWORD), base64(`\0phone\0${PASSWORD}`)]) {
  test(`a server that repeats the password as ${echo} is not quoted`, async () => {
    const account = { user: 'phone', password: PASSWORD };
    const server = await MailServer.start({
      tls: 'starttls', ...authority.certificate('IP:127.0.0.1'), ...account, echo,
    });
    const known = { url: `smtp://127.1:${server.port}`, ca: authority.ca, ...account };
    const { error, why } = await send({ ...known, to: '550@example.com' });

    assert.equal(error, 'input');
    assert.ok(!why.includes(echo.slice(0, 8)), why);
    await server.stop();
  });
}

test('a server that is away, mute or talks something else is tried later', async () => {
  const sockets = [];
  const mute = net.createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  const web = net.createServer((socket) => socket.end('HTTP/1.1 400 No\r\n\r\n')).listen(0, '127.0.0.1');
  const began = Date.now();

  assert.equal((await send({ url: 'smtp://127.0.0.1:1' })).error, 'busy');
  assert.equal((await send({ url: `smtp://127.0.0.1:${mute.address().port}`, ms: '700' })).error, 'busy');
  assert.ok(Date.now() - began < 3000);
  assert.equal((await send({ url: `smtp://127.0.0.1:${web.address().port}` })).error, 'busy');
  for (const socket of sockets) socket.destroy();
  mute.close();
  web.close();
});
