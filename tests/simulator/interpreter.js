// Plays a TwiML document on a leg, verb after verb.

import { dial } from './verbs/dial.js';
import { gather } from './verbs/gather.js';
import { record } from './verbs/record.js';
import { hangup, redirect, reject } from './verbs/flow.js';
import { pause, play, say } from './verbs/speech.js';
import { problem, TwimlError } from './twiml/errors.js';

/** No further document: the call is hung up, or a screened colleague is put through. */
export const END = Symbol('end of the document');

/**
 * What a verb acts on.
 * @typedef {object} Context
 * @property {import('./leg.js').Leg} leg
 * @property {import('./inbound-call.js').InboundCall} call
 * @property {import('./clock.js').Clock} clock
 * @property {boolean} screening the document runs on a leg that Dial made, before it is bridged
 */

/**
 * A verb goes on to the next one by returning nothing, or to another document by
 * returning it.
 * @type {Record<string, (context: Context, verb: object, document: object) => Promise<object|void>>}
 */
const VERBS = {
  Say: say,
  Play: play,
  Pause: pause,
  Gather: gather,
  Dial: dial,
  Record: record,
  Redirect: redirect,
  Reject: reject,
  Hangup: hangup,
};

/** https://www.twilio.com/docs/voice/twiml/number#attributes-url */
const SCREENING_VERBS = ['Say', 'Play', 'Pause', 'Gather', 'Redirect', 'Hangup'];

/**
 * @param {Context} context
 * @param {import('./twiml/document.js').TwimlDocument} document
 * @returns {Promise<object|typeof END>} the document to play next
 */
export async function playDocument(context, document) {
  for (const verb of document.verbs) {
    context.leg.check();
    if (!allowed(context, verb, document)) continue;
    const next = await VERBS[verb.name](context, verb, document);
    if (next) return next;
  }
  context.leg.check();
  return END;
}

/** May this verb run here?  Twilio passes over what it does not know. */
function allowed({ call, screening }, verb, document) {
  if (screening && verb.name === 'Dial') throw new TwimlError(13201, document.url);
  if (verb.name in VERBS && (!screening || SCREENING_VERBS.includes(verb.name))) return true;
  const where = screening ? 'on a screened leg' : 'by this simulator';
  // What the schema does not know has been reported as 12200 already.
  if (verb.name in VERBS || !/not expected/.test(document.problems.map((p) => p.message).join())) {
    call.report({
      ...problem(screening ? 12200 : 0, `${verb.name} is not played ${where}`),
      url: document.url,
    });
  }
  return false;
}
