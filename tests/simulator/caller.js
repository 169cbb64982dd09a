// The caller, as a list of steps taken one after the other.  Each step waits for
// its moment; a moment that no step waits for passes: no key is pressed, nothing
// is said at the tone.  After the last step the caller stays on the line.

/**
 * @typedef {object} Step one of press, silent, message, hangUp
 * @property {string} [press] keys
 * @property {true} [silent] let one prompt pass
 * @property {number} [message] seconds of speaking at the tone; 0 says nothing
 * @property {'silence'|'hang-up'|string} [then] after the message: stay silent, hang up (the
 *   default), or press this key
 * @property {number} [hangUp] seconds after the moment, or without one after the step before
 * @property {'prompt'|'greeting'|'ringing'|'talking'|'tone'} [while] another moment than the
 *   step's own, which is the prompt for keys and the tone for a message
 * @property {RegExp|string} [at] only where the prompt or greeting says this
 * @property {number} [after] seconds from the moment to the key; 2 by default
 * @property {boolean} [optional] passed over when a later step's moment comes first
 * @property {boolean} [overtakes] passes over all steps before it when its moment comes first
 */

/** @typedef {Step[]|import('./people.js').Behaviour} Script */

const KEY_AFTER_S = 2;

/** What a step waits for -> the moment of the leg. */
const MOMENTS = {
  prompt: 'gather',
  greeting: 'say',
  ringing: 'ringing',
  talking: 'talking',
  tone: 'tone',
};

function momentOf(step) {
  if (step.while !== undefined) return MOMENTS[step.while];
  if (step.press !== undefined || step.silent) return 'gather';
  return step.message !== undefined ? 'tone' : null;
}

function matches(step, moment) {
  if (momentOf(step) !== moment.kind) return false;
  if (step.while === 'greeting' && moment.prompt) return false;
  if (step.at === undefined) return true;
  const text = moment.text ?? '';
  return step.at instanceof RegExp ? step.at.test(text) : text.includes(step.at);
}

/** The steps that may come next: the first, those after it while it may be left out, who overtakes. */
function candidates(steps) {
  const mandatory = steps.findIndex((step) => !step.optional);
  return steps.filter((step, i) => mandatory === -1 || i <= mandatory || step.overtakes);
}

/** Wait for the moment of one of these steps, which it is. */
async function awaitStep(leg, steps) {
  if (momentOf(steps[0]) === null) return steps[0];
  const open = steps.filter((step) => momentOf(step) !== null);
  for (;;) {
    const moment = await leg.next(open.map(momentOf));
    const step = open.find((candidate) => matches(candidate, moment));
    if (step !== undefined) return step;
  }
}

async function leaveMessage(leg, { message, then = 'hang-up' }) {
  await leg.speak(message);
  if (then === 'hang-up') leg.hangUp();
  else if (then !== 'silence') leg.press(then);
}

async function take(leg, step) {
  if (step.message !== undefined) await leaveMessage(leg, step);
  if (step.press !== undefined) {
    await leg.wait(step.after ?? KEY_AFTER_S);
    leg.press(step.press);
  }
  if (step.hangUp !== undefined) {
    await leg.wait(step.hangUp);
    leg.hangUp();
  }
}

function validate(step) {
  const deeds = ['press', 'silent', 'message', 'hangUp'].filter((deed) => step[deed] !== undefined);
  if (deeds.length !== 1) throw new TypeError(`a step does one thing: ${JSON.stringify(step)}`);
  if (step.while !== undefined && !(step.while in MOMENTS)) {
    throw new TypeError(`no moment "${step.while}": ${Object.keys(MOMENTS).join(', ')}`);
  }
}

/**
 * @param {Script} script
 * @returns {import('./people.js').Behaviour}
 */
export function callerOf(script) {
  if (typeof script === 'function') return script;
  script.forEach(validate);
  return async (leg) => {
    let steps = script;
    while (steps.length > 0) {
      const step = await awaitStep(leg, candidates(steps));
      await take(leg, step);
      steps = steps.slice(steps.indexOf(step) + 1);
    }
  };
}
