// What a call has come to, of what has happened in it so far.  Pure.

/**
 * @typedef {object} Colleague whose phone rings
 * @property {number} leg
 * @property {string} number
 * @property {'ringing'|'asked'|'talking'} is
 * @property {number} since seconds into the call
 * @property {number} ringS
 */

/**
 * @typedef {object} State
 * @property {'idle'|'placing'|'calling'|'listening'|'menu'|'waiting'|'ringing'|'asked'|'talking'|'recording'|'over'|'lost'} phase
 * @property {number} since seconds into the call
 * @property {string|null} key the last one that a menu took
 * @property {Record<string, string>} names of phones, by number
 * @property {Colleague[]} colleagues
 * @property {string|null} ended how the phone network says that it ended
 * @property {string|null} hungUpBy person, tab or stop
 * @property {object|null} outcome the call as the feed has it at its end
 */

/** @type {State} */
export const IDLE = {
  phase: 'idle',
  since: 0,
  key: null,
  names: {},
  colleagues: [],
  ended: null,
  hungUpBy: null,
  outcome: null,
};

/** What is told after the end changes nothing about it. */
const enter = (state, phase, { s }) =>
  state.phase === 'over' ? state : { ...state, phase, since: s };

function withColleague(state, { leg }, change) {
  const colleagues = state.colleagues.flatMap((one) => (one.leg === leg ? change(one) : [one]));
  return { ...state, colleagues };
}

function ofCaller(state, what) {
  switch (what.kind) {
    case 'calling':
      return enter(state, 'calling', what);
    case 'say':
    case 'play':
      return state.phase === 'menu' ? state : enter(state, 'listening', what);
    case 'gather':
      return enter(state, 'menu', what);
    case 'gather-end':
      return { ...enter(state, 'waiting', what), key: what.digits || null };
    case 'talking':
      return enter(state, 'talking', what);
    case 'tone':
      return enter(state, 'recording', what);
    case 'recorded':
      return enter(state, 'waiting', what);
    case 'application-error':
      return enter(state, 'listening', what);
    case 'hang-up':
      return { ...state, hungUpBy: what.why };
    case 'ended':
      return { ...enter(state, 'over', what), ended: what.status, colleagues: [] };
    case 'outcome':
      return { ...state, outcome: what.call };
    case 'name':
      return { ...state, names: { ...state.names, [what.number]: what.name } };
    default:
      return state;
  }
}

function ofColleague(state, what) {
  const { leg, number, s } = what;
  if (state.phase === 'over') return state;
  if (what.kind === 'ringing') {
    const one = { leg, number, is: 'ringing', since: s, ringS: what.ring_s };
    return { ...enter(state, 'ringing', what), colleagues: [...state.colleagues, one] };
  }
  if (what.kind === 'answered')
    return withColleague(enter(state, 'asked', what), what, (one) => [{ ...one, is: 'asked' }]);
  if (what.kind === 'talking')
    return withColleague(state, what, (one) => [{ ...one, is: 'talking' }]);
  if (what.kind !== 'ended') return state;
  const left = withColleague(state, what, () => []);
  if (left.colleagues.length > 0) return { ...left, phase: 'ringing' };
  return enter(left, 'waiting', what);
}

/** @param {State} state @param {object} what @returns {State} */
export function after(state, what) {
  if (what.leg !== undefined && what.number !== undefined) return ofColleague(state, what);
  return ofCaller(state, what);
}

/** May keys be pressed, and the phone be put down? */
export function isGoing({ phase }) {
  return !['idle', 'placing', 'over', 'lost'].includes(phase);
}
