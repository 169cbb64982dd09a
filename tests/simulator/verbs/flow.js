// <Redirect>, <Reject> and <Hangup>.

export function redirect({ call, leg }, verb, document) {
  const { method } = verb.attributes;
  return call.fetch(leg, { kind: 'redirect', url: verb.text, base: document.url, method });
}

/** Only as the first verb does it turn a call away unanswered; later it ends one. */
export async function reject({ leg }, verb) {
  if (leg.answeredAt !== null) leg.end('completed', 200);
  else if (verb.attributes.reason === 'busy') leg.end('busy', 486);
  else leg.end('no-answer', 603);
  leg.check();
}

export async function hangup({ leg }) {
  leg.answer();
  leg.end('completed', 200);
  leg.check();
}
