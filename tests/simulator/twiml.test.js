import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { parseTwiml, readResponse } from './twiml/document.js';

const SAMPLES = new URL('../data/twiml_samples/', import.meta.url);
const URL_ = 'https://example.com/voice';
const response = (content) =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${content}</Response>`;
const codesOf = (content) => parseTwiml(response(content), URL_).problems.map(({ code }) => code);

test('what the official library writes is understood', () => {
  const odd = { 'generic.xml': [12200], 'dial.xml': [0], 'say-empty.xml': [13520] };
  for (const file of readdirSync(SAMPLES)) {
    const { problems } = parseTwiml(readFileSync(new URL(file, SAMPLES)), URL_);
    assert.deepEqual(
      problems.map(({ code }) => code),
      odd[file] ?? [],
      file,
    );
  }
});

test('text and attributes arrive as they were meant', () => {
  const [say] = parseTwiml(readFileSync(new URL('say-esc.xml', SAMPLES)), URL_).verbs;
  assert.match(say.text, /^Hi & <b> "q" 'a' é 漢 😀 \]\]>/);
  const [dial] = parseTwiml(readFileSync(new URL('dial.xml', SAMPLES)), URL_).verbs;
  assert.equal(dial.attributes.action, '/a?x=1&y="2"<3>\n\t\'');
  assert.equal(dial.children[0].attributes.url, '/w?l=1&b=2');
});

// name, what is wrong, the code
const REFUSED = [
  ['an open element', '<Response><Say>', 12100],
  ['an illegal character', response('<Say>a\u0001</Say>'), 12100],
  [
    'a lone surrogate, as bytes',
    Buffer.from([...Buffer.from('<Response>'), 0xed, 0xa0, 0x80]),
    12100,
  ],
  ['latin-1', Buffer.from(response('<Say>\u00e9</Say>'), 'latin1'), 12100],
  ['an unknown version of XML', '<?xml version="2.0"?><Response/>', 12101],
  ['another root', '<html/>', 12102],
  ['a root in small letters', '<response/>', 12102],
  ['nothing', '', 11770],
  ['too much', response(`<!--${'x'.repeat(64 * 1024)}-->`), 11750],
];

for (const [name, body, code] of REFUSED) {
  test(`${name} is refused with ${code}`, () => {
    assert.throws(() => parseTwiml(body, URL_), { name: 'TwimlError', code, url: URL_ });
  });
}

test('64 kB exactly are not too much', () => {
  const empty = response('<!---->').length;
  assert.doesNotThrow(() => parseTwiml(response(`<!--${'x'.repeat(64 * 1024 - empty)}-->`), URL_));
});

// name, content, codes
const CHECKED = [
  ['an unknown verb', '<Whistle/>', [12200]],
  ['a verb in small letters', '<say>hello</say>', [12200]],
  ['an unknown attribute', '<Dial answeronbridge="true">+15550100777</Dial>', [12200]],
  ['a Dial inside a Gather', '<Gather><Dial>+15550100777</Dial></Gather>', [12200, 13320]],
  ['a Dial timeout of 4', '<Dial timeout="4">+15550100777</Dial>', [13212]],
  ['a Dial timeout of 601', '<Dial timeout="601">+15550100777</Dial>', [13212]],
  ['a Dial timeout of 5', '<Dial timeout="5">+15550100777</Dial>', []],
  ['a time limit of 0', '<Dial timeLimit="0">+15550100777</Dial>', [13216]],
  ['a method of its own', '<Dial method="PUT">+15550100777</Dial>', [13210]],
  ['ten numbers', `<Dial>${'<Number>+15550100777</Number>'.repeat(10)}</Dial>`, []],
  ['eleven numbers', `<Dial>${'<Number>+15550100777</Number>'.repeat(11)}</Dial>`, [13215]],
  ['a number without a plus', '<Dial>15550100777</Dial>', [13223]],
  ['a Number with spaces in it', '<Dial><Number>+1 555 010 0777</Number></Dial>', [13223]],
  ['a Number that is a name', '<Dial><Number>anonymous</Number></Dial>', [13223]],
  [
    'an event nobody has',
    '<Dial><Number statusCallbackEvent="hangup">+15550100777</Number></Dial>',
    [12200, 12200],
  ],
  ['a Client, which is not simulated', '<Dial><Client>joe</Client></Dial>', [0]],
  ['4096 characters of Say', `<Say>${'é'.repeat(4096)}</Say>`, []],
  ['4097 characters of Say', `<Say>${'é'.repeat(4097)}</Say>`, [13521]],
  ['a voice nobody has', '<Say voice="Polly.Nobody">hello</Say>', [12200]],
  ['an empty finishOnKey', '<Gather finishOnKey=""/>', []],
  ['two finishOnKeys', '<Gather finishOnKey="#*"/>', [13310]],
  ['numDigits of 0', '<Gather numDigits="0"/>', [13314]],
  ['a Gather timeout of 0', '<Gather timeout="0"/>', [13313]],
  ['maxLength of 1', '<Record maxLength="1"/>', [13612]],
  ['a key that ends a recording', '<Record finishOnKey="x"/>', [13613]],
  ['transcription of 180 s', '<Record transcribe="true" maxLength="180"/>', [13615]],
  ['a transcription callback alone', '<Record transcribeCallback="/t"/>', [13257]],
  ['an event no recording has', '<Record recordingStatusCallbackEvent="failed"/>', [12200, 13621]],
  ['a reason nobody gives', '<Reject reason="bored"/>', [12200, 13810]],
];

for (const [name, content, expected] of CHECKED) {
  test(`${name}: ${expected.join(' and ') || 'nothing wrong'}`, () => {
    assert.deepEqual([...new Set(codesOf(content))], [...new Set(expected)]);
  });
}

test('a wrong attribute is taken away and the verb runs with its default', () => {
  const [dial] = parseTwiml(
    response('<Dial timeout="4" timeLimit="60">+15550100777</Dial>'),
    URL_,
  ).verbs;
  assert.deepEqual(dial.attributes, { timeLimit: '60' });
});

const answer = (status, type, body) => ({
  status,
  headers: type ? { 'content-type': type } : {},
  body: Buffer.from(body),
});

test('the content type decides what a response is', () => {
  const read = (...about) => readResponse(answer(...about), URL_, 'POST');
  for (const type of ['text/xml', 'application/xml; charset=utf-8', 'TEXT/HTML']) {
    assert.equal(read(200, type, response('<Hangup/>')).verbs[0].name, 'Hangup');
  }
  assert.equal(read(200, 'audio/mpeg', 'x').verbs[0].name, 'Play');
  assert.equal(read(200, 'text/plain', 'Hello').verbs[0].text, 'Hello');
  assert.equal(read(200, 'text/plain', response('<Hangup/>')).verbs[0].name, 'Hangup');
  assert.throws(() => read(200, 'application/json', '{}'), { code: 12300 });
  assert.throws(() => read(200, '', response('')), { code: 12300 });
  assert.throws(() => read(204, '', ''), { code: 12300 });
  assert.throws(() => read(502, 'text/xml', response('')), { code: 11200 });
  assert.throws(() => read(200, 'text/xml', ''), { code: 11770 });
});
