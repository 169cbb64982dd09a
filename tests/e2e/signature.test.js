// Our verdict over signatures against the official library's, over HTTP.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'node:querystring';
import { after, before, test } from 'node:test';
import twilio from 'twilio';
import { Chance, freshSeed } from '../simulator/index.js';
import { ROOT } from './support/root.js';
import { Stack } from './support/stack.js';
import { assertTwiml } from './support/twiml.js';
import { FORM, sid } from './support/webhook.js';
import { send } from './support/http.js';

const CASES = 10_000;
const AT_A_TIME = 16;
const seed = Number(process.env.SEED ?? freshSeed());
/** No characters that UTF-16 and bytes put in different orders; Twilio's names are ASCII. */
const PIECES = [
  'a',
  'B',
  'z',
  '0',
  '9',
  ' ',
  '+',
  '&',
  '=',
  '%',
  '?',
  '#',
  '/',
  '"',
  "'",
  '<',
  '\\',
  '\n',
  '\r',
  '\t',
  '\0',
  '\x7f',
  'é',
  'ß',
  '漢',
  '字',
  'e\u0301',
  '📞',
  '👩‍👧',
  '~',
  '-',
  '_',
  '.',
  '*',
  '!',
  '(',
  ')',
  ':',
  ';',
  '@',
  '$',
  ',',
];
const NAMES = ['Digits', 'From', 'FromCity', 'Fro', 'a', 'A', '_u', 'é', ''];

/** @type {Stack} */
let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack.close());

/** Draws whole numbers, one after the other, from one seed. */
function drawer(name) {
  const chance = new Chance(seed, name);
  let count = 0;
  return (below) => {
    count += 1;
    return parseInt(chance.hex(String(count)).slice(0, 12), 16) % below;
  };
}

function text(draw, most) {
  let out = '';
  for (let n = draw(most + 1); n > 0; n -= 1) out += PIECES[draw(PIECES.length)];
  return out;
}

/** A request as Twilio could send it, by its parts. */
function request(draw) {
  const pairs = [
    ['AccountSid', stack.settings.TWILIO_ACCOUNT_SID],
    ['CallSid', sid('CA')],
  ];
  for (let n = draw(12); n > 0; n -= 1)
    pairs.push([draw(3) ? NAMES[draw(NAMES.length)] : text(draw, 4), text(draw, 8)]);
  const query = new URLSearchParams();
  for (let n = draw(5); n > 0; n -= 1) query.append(NAMES[draw(NAMES.length)], text(draw, 6));
  const url = new URL(`/twilio/${draw(2) ? 'voice' : 'status'}`, stack.publicUrl);
  if (draw(3)) url.search = query.toString();
  const body = new URLSearchParams(pairs).toString();
  return { path: url.pathname + url.search, body: draw(2) ? body : body.replaceAll('+', '%20') };
}

/** Changes one byte of a string to another that can be sent. */
function tamper(draw, string, alphabet) {
  if (string === '') return string;
  const at = draw(string.length);
  return string.slice(0, at) + alphabet[draw(alphabet.length)] + string.slice(at + 1);
}

const URL_BYTES = 'abcXYZ019-._~%=&/?+!*';
const BODY_BYTES = `${URL_BYTES}\0\n é`;
const BASE64 = 'ABCxyz019+/=-_ ';

/** The parameters as the official middleware would hand them over. */
function decoded(body) {
  const params = Object.create(null);
  for (const [name, value] of new URLSearchParams(body))
    params[name] = name in params ? [params[name], value].flat() : value;
  return params;
}

/**
 * The library also takes a URL whose query means the same but is spelt otherwise (%c3 for %C3). A
 * server that signs the URL it was asked with does not, and Twilio never asks so.
 */
function respelt(path) {
  const [head, query = ''] = path.split(/\?(.*)/s);
  return `${head}?${stringify(parse(query))}`;
}

function official(token, signature, path, body) {
  return twilio.validateRequest(token, signature, stack.publicUrl + path, decoded(body));
}

async function ours(path, body, signature) {
  const answer = await send(stack, {
    method: 'POST',
    path,
    body: Buffer.from(body, 'utf8'),
    agent,
    headers: {
      'Content-Type': FORM,
      'Content-Length': Buffer.byteLength(body),
      'X-Twilio-Signature': signature,
    },
  });
  assert.ok(answer.status < 500, `${answer.status} for ${path}`);
  if (answer.status === 200) assertTwiml(answer);
  return answer.status < 300;
}

let agent;

test(`${CASES} random requests, seed ${seed}`, async () => {
  const { Agent } = await import('node:https');
  agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
  const token = stack.settings.TWILIO_AUTH_TOKEN;
  const counts = { taken: 0, refused: 0 };
  const differences = [];
  let next = 0;
  const worker = async () => {
    while (next < CASES) {
      const number = next++;
      const draw = drawer(`case ${number}`);
      let { path, body } = request(draw);
      let signature = twilio.getExpectedTwilioSignature(
        token,
        stack.publicUrl.replace(/:\d+$/, '') + path,
        decoded(body),
      );
      if (draw(8) === 0)
        signature = twilio.getExpectedTwilioSignature(token, stack.publicUrl + path, decoded(body));
      switch (draw(7)) {
        case 0:
          body = tamper(draw, body, BODY_BYTES);
          break;
        case 1: {
          const signed = path;
          path = tamper(draw, path, URL_BYTES);
          if (path !== signed && respelt(path) === respelt(signed)) continue;
          break;
        }
        case 2:
          signature = tamper(draw, signature, BASE64);
          break;
        case 3:
          if (draw(4) === 0)
            signature = twilio.getExpectedTwilioSignature(
              `${token}x`,
              stack.publicUrl + path,
              decoded(body),
            );
          break;
        default:
      }
      // Only webhooks, and only normal forms: the library would try those of other URLs as well.
      if (!path.startsWith('/twilio/') || signature !== signature.trim()) continue;
      const url = new URL(stack.publicUrl + path);
      if (url.pathname + url.search !== path) continue;
      const [a, b] = [official(token, signature, path, body), await ours(path, body, signature)];
      counts[b ? 'taken' : 'refused'] += 1;
      if (a !== b) differences.push({ number, path, body, signature, official: a, ours: b });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  agent.destroy();
  assert.deepEqual(differences, []);
  assert.ok(counts.taken > CASES / 3 && counts.refused > CASES / 5, JSON.stringify(counts));
});

test('every vector with a path of ours, over HTTP', async () => {
  // A server signs the URL that it was configured with, so a vector counts here when its URL can be ours.
  const { vectors } = JSON.parse(
    readFileSync(join(ROOT, 'tests/data/signature_vectors.json'), 'utf8'),
  );
  const ran = vectors.filter(
    ({ url, content_type: type, method }) =>
      url.startsWith('https://voice.example.com/') &&
      !url.includes('#') &&
      method === 'POST' &&
      type === FORM,
  );
  assert.ok(ran.length > 30, String(ran.length));
  const own = await Stack.start({
    MAINLINE_PUBLIC_URL: 'https://voice.example.com',
    TWILIO_AUTH_TOKEN: ran[0].token,
  });
  try {
    for (const vector of ran) {
      if (vector.token !== ran[0].token || vector.signature !== vector.signature.trim()) continue;
      const path = vector.url.slice('https://voice.example.com'.length);
      const { status } = await send(own, {
        method: 'POST',
        path,
        body: vector.body,
        servername: 'voice.example.com',
        headers: {
          'Content-Type': FORM,
          'Content-Length': Buffer.byteLength(vector.body),
          'X-Twilio-Signature': vector.signature,
        },
      });
      // A good signature gets past 403: to another account's AccountSid, or to no such path.
      const log = own
        .log()
        .filter(({ ev }) => ev === 'refused')
        .at(-1);
      const past = status === 404 || /AccountSid/.test(log?.detail ?? '');
      if (status !== 404)
        assert.equal(past, vector.valid_minimal, `${vector.id} ${vector.name}: ${status}`);
    }
  } finally {
    await own.close();
  }
});
