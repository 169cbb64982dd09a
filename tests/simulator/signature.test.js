import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import twilio from 'twilio';
import { toObject } from './wire/form.js';
import { resolveUrl, signedUrl, splitUrl, withQuery } from './wire/url.js';
import { networkFor, TOKEN, withMainline } from './testing/network.js';

const { vectors } = JSON.parse(
  readFileSync(new URL('../data/signature_vectors.json', import.meta.url)),
);

test('every request of a call is one that the official library accepts', async (t) => {
  const { call } = await withMainline(t, { people: { '*': { does: 'answers' } } });
  const { requests } = await call({ caller: [{ press: '1' }] });
  assert.ok(requests.length >= 10);
  for (const { url, params, headers } of requests) {
    const signature = headers['X-Twilio-Signature'];
    assert.ok(twilio.validateRequest(TOKEN, signature, url, toObject(params)), url);
    assert.ok(!twilio.validateRequest('another token', signature, url, toObject(params)));
  }
});

test('what the server received, it would have accepted', async (t) => {
  const { server, call } = await withMainline(t);
  await call({ from: 'client:Jos\u00e9 & co', caller: [{ press: '2' }, { message: 3 }] });
  for (const { url, params, headers } of server.asked) {
    const whole = server.origin + url;
    assert.ok(
      twilio.validateRequest(TOKEN, headers['x-twilio-signature'], whole, toObject(params)),
      url,
    );
  }
});

test('the vectors of form posts give the signatures that are in them', (t) => {
  const network = networkFor(t, { numbers: {}, keepPort: true });
  const usable = vectors.filter(
    ({ method, content_type: type, url }) =>
      method === 'POST' &&
      type?.startsWith('application/x-www-form-urlencoded') &&
      url === signedUrl(url, { keepPort: true }),
  );
  assert.ok(usable.length > 30, `${usable.length} vectors`);
  for (const { name, url, params, token, expected_signature_url_as_received: expected } of usable) {
    assert.equal(network.sign(url, params, token), expected, name);
  }
});

test('over HTTPS the port is not signed, over HTTP it is; fragments and credentials never', () => {
  const cases = [
    ['https://example.com:8443/a?b=1#rc=2', 'https://example.com/a?b=1'],
    ['http://example.com:8080/a', 'http://example.com:8080/a'],
    ['https://user:pass@example.com/a', 'https://example.com/a'],
    ['https://[::1]:8443/a', 'https://[::1]/a'],
    ['https://example.com/a:8443/b', 'https://example.com/a:8443/b'],
  ];
  for (const [url, expected] of cases) assert.equal(signedUrl(url), expected);
  assert.equal(
    signedUrl('https://example.com:8443/a', { keepPort: true }),
    'https://example.com:8443/a',
  );
});

test('a URL is sent as it was written', () => {
  assert.equal(
    splitUrl("https://Example.com/a%2fB/'x'?q=a+b%20c&line=%2B1").path,
    "/a%2fB/'x'?q=a+b%20c&line=%2B1",
  );
  assert.equal(splitUrl('https://example.com?x=1').path, '/?x=1');
  assert.equal(splitUrl('https://example.com/a b'), null);
  assert.equal(splitUrl('ftp://example.com/'), null);
  assert.equal(splitUrl('/twilio/menu'), null);
});

test('a relative URL starts from its document', () => {
  const base = 'https://example.com:8443/twilio/voice?line=%2B1#rc=2';
  assert.equal(
    resolveUrl('/twilio/menu?n=2&x=%2B', base),
    'https://example.com:8443/twilio/menu?n=2&x=%2B',
  );
  assert.equal(resolveUrl('menu?n=2', base), 'https://example.com:8443/twilio/menu?n=2');
  assert.equal(resolveUrl('', base), 'https://example.com:8443/twilio/voice?line=%2B1');
  assert.equal(resolveUrl('http://other/x', base), 'http://other/x');
  assert.equal(resolveUrl('//other/x', base), 'https://other/x');
});

test('the params of a GET go into its query, before the fragment', () => {
  assert.equal(withQuery('https://e/x', 'a=1'), 'https://e/x?a=1');
  assert.equal(withQuery('https://e/x?y=2#rc=1', 'a=1'), 'https://e/x?y=2&a=1#rc=1');
});

test('a recorded request can be sent again, signed anew, altered, or signed wrongly', async (t) => {
  const { server, network, call } = await withMainline(t);
  const [first] = (await call({ caller: [{ hangUp: 1 }] })).requests;
  const valid = ({ url, params, headers }) =>
    twilio.validateRequest(
      TOKEN,
      headers['x-twilio-signature'],
      server.origin + url,
      toObject(params),
    );

  const again = await network.send(first);
  assert.equal(again.response.status, 200);
  assert.deepEqual(server.asked.at(-1).params, first.params);
  assert.ok(valid(server.asked.at(-1)));

  await network.send(first, { params: [...first.params, ['Digits', '9']] });
  assert.equal(server.asked.at(-1).value('Digits'), '9');
  assert.ok(valid(server.asked.at(-1)));

  await network.send(first, { signature: first.signature, params: [['CallSid', 'CA0']] });
  assert.ok(!valid(server.asked.at(-1)));

  await network.send(first, {
    headers: { 'X-Twilio-Signature': 'none', 'Content-Type': 'text/plain' },
  });
  assert.equal(server.asked.at(-1).headers['content-type'], 'text/plain');
});
