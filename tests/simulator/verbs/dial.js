// <Dial>: ring people, let them be screened, bridge the first who accepts.
// https://www.twilio.com/docs/voice/twiml/dial

import { HungUp } from '../leg.js';
import { problem, TwimlError } from '../twiml/errors.js';
import { CALL_MAX_S, DIAL_EXTRA_RING_S, DIAL_MAX_NUMBERS, E164 } from '../twiml/rules.js';
import { flag, followAction, notifyAction, seconds } from './attributes.js';
import { ChildLeg } from './child-leg.js';

const TIMEOUT_S = 30;

/**
 * @typedef {object} Plan what a Dial asks for
 * @property {object[][]} rounds the nouns to ring at once, round after round
 * @property {string} callerId
 * @property {number} ringS
 * @property {number} limitS
 * @property {boolean} hangupOnStar
 */

export async function dial(context, verb, document) {
  const { leg } = context;
  const plan = planOf(context, verb, document);
  if (!flag(verb, 'answerOnBridge')) leg.answer();
  const children = [];
  const result = { bridged: null };
  try {
    if (plan !== null) await connect(context, plan, children, result);
  } catch (error) {
    if (!(error instanceof HungUp) || !leg.over) throw error;
    children.forEach((child) => child.cancel());
    if (verb.attributes.action !== undefined) {
      await notifyAction(context, verb, document, 'dial', outcome(children, result));
    }
    throw error;
  }
  if (verb.attributes.action === undefined) return undefined;
  return followAction(context, verb, document, 'dial', outcome(children, result));
}

/** The plan, or null when nobody's phone may ring by it. */
function planOf(context, verb, document) {
  const { call, leg } = context;
  const callerId = verb.attributes.callerId ?? leg.from;
  const nouns = dialable(verb);
  if (verb.attributes.callerId !== undefined && !call.network.mayShow(callerId, leg)) {
    call.report({ ...problem(13214, callerId), url: document.url });
    return null;
  }
  if (!E164.test(callerId)) throw new TwimlError(13247, document.url, callerId);
  if (nouns.length === 0 || nouns.length > DIAL_MAX_NUMBERS) return null;
  return {
    rounds: flag(verb, 'sequential') ? nouns.map((noun) => [noun]) : [nouns],
    callerId,
    documentUrl: document.url,
    ringS: seconds(verb, 'timeout', TIMEOUT_S) + DIAL_EXTRA_RING_S,
    limitS: seconds(verb, 'timeLimit', CALL_MAX_S),
    hangupOnStar: flag(verb, 'hangupOnStar'),
  };
}

/** The numbers in it; what cannot be dialled was reported with the document. */
function dialable(verb) {
  if (verb.children.length === 0) return E164.test(verb.text) ? [verb] : [];
  return verb.children.filter((noun) => noun.name === 'Number' && E164.test(noun.text));
}

async function connect(context, plan, children, result) {
  for (const nouns of plan.rounds) {
    const round = nouns.map((noun) => new ChildLeg(context, noun, plan));
    children.push(...round);
    const winner = await race(context, round, plan.ringS);
    round.filter((child) => child !== winner).forEach((child) => child.cancel());
    if (winner === null) continue;
    result.bridged = winner;
    await talk(context, winner, plan);
    return;
  }
}

/** Ring all of them; the first who accepts, or null when nobody does. */
async function race({ leg, clock }, round, ringS) {
  const attended = round.map(async (child) => ((await child.attend()) ? child : null));
  const accepted = new Promise((resolve) => {
    attended.forEach((each) => each.then((child) => child && resolve(child)));
    Promise.all(attended).then(() => resolve(null));
  });
  const giveUp = async (signal) => {
    await clock.sleep(ringS, signal);
    // Somebody who has picked up may take longer to press the key.
    round.forEach((child) => child.giveUpRinging());
    return accepted;
  };
  return leg.firstOf((signal) => [accepted, giveUp(signal)]);
}

async function talk({ leg, clock }, child, plan) {
  leg.answer();
  const keys = leg.listen();
  child.leg.tell('talking', { with: leg.from });
  leg.tell('talking', { with: child.leg.to });
  try {
    await leg.firstOf((signal) => [
      child.ended,
      clock.sleep(plan.limitS, signal),
      plan.hangupOnStar ? starPressed(keys, signal) : child.ended,
    ]);
  } finally {
    keys.close();
    child.cancel();
  }
}

async function starPressed(keys, signal) {
  do await keys.pressed(signal);
  while (keys.take() !== '*');
}

/** The parameters of the action: of the leg that was bridged, else of the one that ended last. */
function outcome(children, { bridged }) {
  const told = bridged ?? lastEnded(children);
  if (told === undefined) return { DialCallStatus: 'failed', DialBridged: 'false' };
  return {
    DialCallStatus: told.leg.status,
    DialCallSid: told.leg.sid,
    DialCallDuration: told.leg.answeredAt === null ? undefined : told.leg.duration,
    DialBridged: String(bridged !== null),
  };
}

function lastEnded(children) {
  return [...children].sort((a, b) => a.leg.endedAt - b.leg.endedAt).at(-1);
}
