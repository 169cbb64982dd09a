// From an HTTP response to a document that can be played, refusing what Twilio
// refuses.

import { readFileSync } from 'node:fs';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { problem, TwimlError } from './errors.js';
import { check } from './rules.js';

const SCHEMA = new URL('../../data/twiml.xsd', import.meta.url);
/** Twilio reads no more of a document. */
export const MAX_BYTES = 64 * 1024;

/**
 * An element of TwiML.
 * @typedef {object} Verb
 * @property {string} name
 * @property {Record<string, string>} attributes
 * @property {Verb[]} children elements only
 * @property {string} text all text below it, trimmed
 * @property {[code: number, detail: string][]} faults what `check` found
 */

/**
 * @typedef {object} TwimlDocument
 * @property {string} url where it came from, absolute; relative URLs in it start here
 * @property {string} method how it was asked for
 * @property {Verb[]} verbs
 * @property {import('./errors.js').Problem[]} problems
 */

let validator;

/** The schema, compiled once for the process and never released. */
function schema() {
  validator ??= XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(SCHEMA)));
  return validator;
}

function toVerb(element) {
  const children = [];
  for (let child = element.firstChild; child; child = child.next) {
    if (child instanceof XmlElement) children.push(toVerb(child));
  }
  const attributes = Object.fromEntries(element.attrs.map((attr) => [attr.name, attr.value]));
  const verb = {
    name: element.name,
    attributes,
    children,
    text: element.content.trim(),
    faults: [],
  };
  verb.faults = check(verb);
  return verb;
}

function schemaProblems(xml) {
  try {
    schema().validate(xml);
    return [];
  } catch (error) {
    const details = error.details ?? [{ message: error.message }];
    return details.map((detail) => problem(12200, detail.message.trim()));
  }
}

function faultProblems(verbs) {
  return verbs.flatMap((verb) => [
    ...verb.faults.map(([code, detail]) => problem(code, detail)),
    ...faultProblems(verb.children),
  ]);
}

function parse(text, url) {
  try {
    return XmlDocument.fromString(text);
  } catch (error) {
    const code = /version/i.test(error.message) ? 12101 : 12100;
    throw new TwimlError(code, url, error.message.trim());
  }
}

function decode(body, url) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new TwimlError(12100, url, 'not valid UTF-8');
  }
}

/**
 * @param {Buffer|string} body
 * @param {string} url
 * @param {string} [method]
 * @returns {TwimlDocument}
 */
export function parseTwiml(body, url, method = 'POST') {
  const bytes = Buffer.from(body);
  if (bytes.length > MAX_BYTES) throw new TwimlError(11750, url, `${bytes.length} bytes`);
  if (bytes.length === 0) throw new TwimlError(11770, url);
  const xml = parse(decode(bytes, url), url);
  try {
    if (xml.root.name !== 'Response') throw new TwimlError(12102, url, `<${xml.root.name}>`);
    const verbs = toVerb(xml.root).children;
    const problems = [...schemaProblems(xml), ...faultProblems(verbs)];
    return { url, method, verbs, problems: problems.map((found) => ({ ...found, url })) };
  } finally {
    xml.dispose();
  }
}

/** What is heard of a response that is no TwiML but that Twilio plays all the same. */
function spoken(name, text) {
  return [{ name, attributes: {}, children: [], text, faults: [] }];
}

/**
 * A webhook's response as a document.
 * @param {{status: number, headers: Record<string, string>, body: Buffer}} response
 * @param {string} url
 * @param {string} method
 * @returns {TwimlDocument}
 */
export function readResponse({ status, headers, body }, url, method) {
  if (status < 200 || status > 299) throw new TwimlError(11200, url, `HTTP ${status}`);
  const type = (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (['text/xml', 'application/xml', 'text/html'].includes(type))
    return parseTwiml(body, url, method);
  if (type.startsWith('audio/')) return { url, method, verbs: spoken('Play', url), problems: [] };
  if (type !== 'text/plain') throw new TwimlError(12300, url, type || 'none');
  try {
    return parseTwiml(body, url, method);
  } catch (error) {
    if (error.code !== 12100) throw error;
    return { url, method, verbs: spoken('Say', body.toString()), problems: [] };
  }
}
