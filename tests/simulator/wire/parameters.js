// The parameters of every request that Twilio makes for a call.
// https://www.twilio.com/docs/voice/twiml#request-parameters

import { rfc2822 } from './time.js';
import { placeOf } from './places.js';

export const API_VERSION = '2010-04-01';

/**
 * The order in which Twilio was seen to write them; others come after these.  A
 * server must not depend on it, and the signature sorts them anyway.
 */
const ORDER = `msg RecordingSource Called Digits RecordingUrl ToState DialCallStatus
  CallerCountry Direction Timestamp CallbackSource SipResponseCode CallerState ToZip
  SequenceNumber DialCallSid CallSid ParentCallSid To CallerZip ToCountry StirVerstat
  FinishedOnKey CallToken CalledZip ApiVersion CalledCity CallStatus RecordingSid Duration
  From DialBridged CallDuration AccountSid DialCallDuration CalledCountry CallerCity ToCity
  FromCountry Caller FromCity CalledState FromZip FromState RecordingDuration`.split(/\s+/);
const RANK = new Map(ORDER.map((name, index) => [name, index]));

/**
 * @param {Record<string, unknown>} values those without a value are left out
 * @returns {import('./form.js').Pair[]}
 */
export function ordered(values) {
  /** @param {import('./form.js').Pair} pair */
  const rank = ([name]) => RANK.get(name) ?? ORDER.length;
  const sent = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  /** @type {import('./form.js').Pair[]} */
  const pairs = sent.map(([name, value]) => [name, String(value)]);
  return pairs.sort((a, b) => rank(a) - rank(b));
}

function geography(prefix, place) {
  if (place === null) return {};
  return {
    [`${prefix}City`]: place.city,
    [`${prefix}State`]: place.state,
    [`${prefix}Zip`]: place.zip,
    [`${prefix}Country`]: place.country,
  };
}

/**
 * The standard parameters of a leg, as they are at this moment.
 * @param {import('../leg.js').Leg} leg
 * @param {{sid: string}} account
 * @param {{fromPlace?: object, toPlace?: object}} [known] places other than the usual ones
 */
export function standard(leg, account, { fromPlace, toPlace } = {}) {
  const from = fromPlace ?? placeOf(leg.from);
  const to = toPlace ?? placeOf(leg.to);
  return {
    AccountSid: account.sid,
    ApiVersion: API_VERSION,
    CallSid: leg.sid,
    CallStatus: leg.status,
    Direction: leg.direction,
    ParentCallSid: leg.parent?.sid,
    From: leg.from,
    To: leg.to,
    Caller: leg.from,
    Called: leg.to,
    ...geography('From', from),
    ...geography('Caller', from),
    ...geography('To', to),
    ...geography('Called', to),
  };
}

/** Status callbacks' own parameters: https://www.twilio.com/docs/voice/twiml/number#attributes-status-callback-parameters */
export function progress(leg, { at, callStatus }) {
  return {
    CallStatus: callStatus,
    Timestamp: rfc2822(at),
    CallbackSource: 'call-progress-events',
    SequenceNumber: leg.nextSequence(),
    ...(leg.over && {
      CallDuration: leg.duration,
      Duration: Math.ceil(leg.duration / 60),
      SipResponseCode: leg.sipResponseCode,
    }),
  };
}
