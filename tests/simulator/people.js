// The people whose phones ring, by what they do.  A person is a function of the
// leg in their hand; the leg's end stops it wherever it waits.

/** Seconds until the carrier lets a phone ring, or says that it cannot. */
const SETUP_S = 1;

/** @typedef {import('./leg.js').Leg} Leg */
/** @typedef {(leg: Leg, call?: import('./inbound-call.js').InboundCall) => Promise<void>} Behaviour */

/**
 * @typedef {object} Person
 * @property {'answers'|'declines'|'busy'|'no-answer'|'carrier-voicemail'|'bad-number'} does
 * @property {number} [after] seconds of ringing before the phone is picked up
 * @property {string} [key] what is pressed at the screening prompt
 * @property {number} [keyAfter] seconds into that prompt
 * @property {number} [talks] seconds of talking, then this side hangs up
 * @property {number} [hangsUpAfter] declines: seconds from picking up to hanging up; without it
 *   nothing is pressed and the line stays open
 */

/** @type {Record<string, (leg: Leg, person: Person) => Promise<void>>} */
const BEHAVIOURS = {
  async answers(leg, { after = 4, key = '1', keyAfter = 2, talks = 20 }) {
    await pickUp(leg, after);
    const heard = await leg.next(['gather', 'talking']);
    if (heard.kind === 'gather') {
      await leg.wait(keyAfter);
      leg.press(key);
      await leg.next(['talking']);
    }
    await leg.wait(talks);
    leg.hangUp();
  },

  async declines(leg, { after = 4, hangsUpAfter = Infinity }) {
    await pickUp(leg, after);
    await leg.wait(hangsUpAfter);
    leg.hangUp();
  },

  async busy(leg) {
    await leg.wait(SETUP_S);
    leg.end('busy', 486);
  },

  async 'no-answer'(leg) {
    await leg.wait(SETUP_S);
    leg.ring();
  },

  /** A machine picks up, talks, and records whatever it hears; it never presses a key. */
  async 'carrier-voicemail'(leg, { after = 15, talks = 90 }) {
    await pickUp(leg, after);
    await leg.wait(talks);
    leg.hangUp();
  },

  async 'bad-number'(leg) {
    await leg.wait(SETUP_S);
    leg.end('failed', 404);
  },
};

async function pickUp(leg, after) {
  await leg.wait(SETUP_S);
  leg.ring();
  await leg.wait(after);
  leg.answer();
}

/**
 * @param {Person|Behaviour} person
 * @returns {Behaviour}
 */
export function personOf(person) {
  if (typeof person === 'function') return person;
  const behaviour = BEHAVIOURS[person.does];
  if (behaviour === undefined)
    throw new TypeError(`nobody "${person.does}": ${Object.keys(BEHAVIOURS).join(', ')}`);
  return (leg) => behaviour(leg, person);
}

export const PEOPLE = Object.keys(BEHAVIOURS);
