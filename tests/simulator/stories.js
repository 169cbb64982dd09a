// How calls go, and what must be told of each afterwards.  The menu is the usual
// one: 1 rings a colleague, 2 takes a message; whoever is not reached leads to the
// voicemail greeting.
//
// A story says nothing of numbers, so it runs against any line: '*' is whoever the
// flow dials.

/**
 * @typedef {object} Story
 * @property {string} name
 * @property {string} title one line for people
 * @property {Record<string, import('./people.js').Person>} people
 * @property {import('./caller.js').Step[]} caller
 * @property {string} [from]
 * @property {string} [failAt] as in CallOptions
 * @property {{status: string, outcome: string, reason: string}} expect
 */

const ended = (outcome, reason) => ({ status: 'completed', outcome, reason });
/** @type {import('./caller.js').Step} */
const hangsUpInGreeting = { hangUp: 1, while: 'greeting' };
const leavesNothing = { message: 0, then: 'silence' };

/** @type {Record<string, Omit<Story, 'name'>>} */
const BY_NAME = {
  answered: {
    title: 'press 1, a colleague answers, accepts and talks',
    people: { '*': { does: 'answers', after: 4, talks: 20 } },
    caller: [{ press: '1' }],
    expect: ended('answered', 'bridged'),
  },
  not_accepted: {
    title: 'press 1, the colleague declines, no message',
    people: { '*': { does: 'declines', after: 4 } },
    caller: [{ press: '1' }, hangsUpInGreeting],
    expect: ended('missed', 'not_accepted'),
  },
  carrier_voicemail: {
    title: "press 1, the colleague's own voicemail, then a message",
    people: { '*': { does: 'carrier-voicemail' } },
    caller: [{ press: '1' }, { message: 8 }],
    expect: ended('voicemail', 'message_left'),
  },
  busy: {
    title: 'press 1, the line is busy, no message',
    people: { '*': { does: 'busy' } },
    caller: [{ press: '1' }, hangsUpInGreeting],
    expect: ended('missed', 'busy'),
  },
  no_answer: {
    title: 'press 1, nobody answers, nothing is said at the tone',
    people: { '*': { does: 'no-answer' } },
    caller: [{ press: '1' }, leavesNothing],
    expect: ended('missed', 'no_answer'),
  },
  bad_number: {
    title: 'press 1, the number does not exist, no message',
    people: { '*': { does: 'bad-number' } },
    caller: [{ press: '1' }, hangsUpInGreeting],
    expect: ended('missed', 'bad_number'),
  },
  message: {
    title: 'press 2, leave a message of 12 s, end it with #',
    people: {},
    caller: [{ press: '2' }, { message: 12, then: '#' }],
    expect: ended('voicemail', 'message_left'),
  },
  empty_message: {
    title: 'press 2, say nothing at the tone',
    people: {},
    caller: [{ press: '2' }, leavesNothing],
    expect: ended('missed', 'empty_message'),
  },
  hung_up_in_menu: {
    title: 'hang up while the menu is read',
    people: {},
    caller: [{ hangUp: 2, while: 'prompt' }],
    expect: ended('abandoned', 'hung_up_in_menu'),
  },
  hung_up_while_ringing: {
    title: "press 1, hang up while the colleague's phone rings",
    people: { '*': { does: 'no-answer' } },
    caller: [{ press: '1' }, { hangUp: 6, while: 'ringing' }],
    expect: ended('abandoned', 'hung_up_while_ringing'),
  },
  fallback: {
    title: 'press 1, the answer fails, the fallback takes a message',
    people: { '*': { does: 'no-answer' } },
    caller: [{ press: '1' }, { press: '2', optional: true }, { message: 9 }],
    failAt: 'menu',
    expect: ended('voicemail', 'message_left'),
  },
};

/** @type {Story[]} */
export const STORIES = Object.entries(BY_NAME).map(([name, story]) => ({ name, ...story }));

/** @returns {Story|undefined} */
export function storyNamed(name) {
  return STORIES.find((story) => story.name === name);
}
