// Attributes with their defaults.  The ranges were checked with the document, and
// what was wrong has been taken out of it.

export function seconds(verb, name, fallback) {
  const value = Number(verb.attributes[name]);
  return Number.isFinite(value) && verb.attributes[name] !== undefined ? value : fallback;
}

export function flag(verb, name, fallback = false) {
  const value = verb.attributes[name];
  return value === undefined ? fallback : value === 'true';
}

export function words(verb, name, fallback) {
  return (verb.attributes[name] ?? fallback).split(/\s+/).filter(Boolean);
}

/**
 * Ask for the document that comes after a verb: its action, or without one the
 * document that the verb stands in.
 */
export function followAction(context, verb, document, kind, values) {
  const { action, method } = verb.attributes;
  const url = action ?? document.url;
  return context.call.fetch(context.leg, { kind, url, base: document.url, method, values });
}

/** The same request after the caller has hung up: the answer changes nothing any more. */
export function notifyAction(context, verb, document, kind, values) {
  const { action, method } = verb.attributes;
  const url = action ?? document.url;
  return context.call.notify(context.leg, { kind, url, base: document.url, method, values });
}
