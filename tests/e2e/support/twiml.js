// Is it TwiML that Twilio would take?

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { ROOT } from './root.js';

const schema = XmlDocument.fromString(readFileSync(join(ROOT, 'tests/data/twiml.xsd'), 'utf8'));
const validator = XsdValidator.fromDoc(schema);

/** Asserts a whole, valid TwiML answer; gives its text. */
export function assertTwiml({ status, headers, body }) {
  assert.equal(status, 200, body);
  assert.match(headers['content-type'], /^text\/xml\b/);
  assert.equal(Number(headers['content-length']), Buffer.byteLength(body));
  assert.ok(Buffer.byteLength(body) < 64_000);
  const document = XmlDocument.fromString(body);
  try {
    validator.validate(document);
  } finally {
    document.dispose();
  }
  return body;
}
