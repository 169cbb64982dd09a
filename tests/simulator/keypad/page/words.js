// Every word of the page that depends on what happens.  Pure.
//
// A text is a list of pieces: a string, or {number} in whose place the phone's name
// is put, as soon as it is known.

/** '0:07' */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** '+1 555 010 0187': enough to be read, where a page of a country's rules is not at hand. */
export function shownNumber(number) {
  if (!number || number === 'anonymous') return 'No caller ID';
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `+1 ${match[1]} ${match[2]} ${match[3]}` : number;
}

const plainSeconds = (seconds) => `${Math.round(seconds)} s`;

function partOf(spoken, seconds) {
  return Math.round(spoken) === Math.round(seconds)
    ? ''
    : `, ${plainSeconds(spoken)} of them speech`;
}

/** 'Polly.Joanna-Neural' is 'Polly Joanna' to people. */
function speaker(voice) {
  return voice ? `Mainline, ${voice.replace(/-[A-Za-z]+$/, '').replace('.', ' ')}` : 'Mainline';
}

// ---- the transcript

const OF_CALLER = {
  calling: () => ({ icon: 'in', text: ['The call comes in'] }),
  say: ({ text, voice }) => ({ by: [speaker(voice)], said: text }),
  play: ({ digits }) => ({
    icon: 'sound',
    text: [digits ? `(keys ${digits})` : '(a recording is played)'],
  }),
  pause: () => ({ icon: 'sound', text: ['(silence)'] }),
  'gather-end': ({ digits }) =>
    digits === '' ? { icon: 'keypad', text: ['No key was pressed in time'] } : null,
  key: ({ key, ignored }) => ({
    key,
    text: [ignored ? `You pressed ${key}; nobody was listening for it` : `You pressed ${key}`],
  }),
  talking: () => ({ icon: 'phone', text: ['You are put through, and talk'] }),
  tone: () => ({ icon: 'sound', text: ['(a tone)'] }),
  sample: ({ seconds }) => ({
    icon: 'voicemail',
    text: [`A sample message of ${plainSeconds(seconds)} is spoken`],
  }),
  recorded: ({ seconds, spoken }) => ({
    icon: 'voicemail',
    text: [
      spoken === 0
        ? `Recorded ${plainSeconds(seconds)} of silence`
        : `Recorded ${plainSeconds(seconds)}${partOf(spoken, seconds)}`,
    ],
  }),
  'application-error': ({ text, code }) => ({
    by: [`The phone network (error ${code})`],
    said: text,
  }),
  'hang-up': ({ why }) => ({
    icon: 'hang',
    text: [
      { person: 'You hang up', tab: 'The page was closed, which hangs up' }[why] ??
        'The simulated phone network stops, which hangs up',
    ],
  }),
  ended: ({ status }) => ({ icon: 'hang', text: [END[status] ?? 'The call ends'] }),
  problem: ({ code, message }) => ({
    icon: 'alert',
    text: [`The phone network reports ${code}: ${message}`],
  }),
  broken: ({ message }) => ({ icon: 'alert', text: [`The simulator failed: ${message}`] }),
};

const END = {
  completed: 'The call ends',
  busy: 'The line is busy',
  'no-answer': 'The call ends unanswered',
  failed: 'The call fails',
  canceled: 'The call ends unanswered',
};

const OF_COLLEAGUE = {
  ringing: (who) => ({ icon: 'bell', text: ['(ring tone) ', who, ' rings'] }),
  answered: (who) => ({ icon: 'phone', text: [who, ' picks up'] }),
  say: (who, { text }) => ({ by: ['Only ', who, ' hears'], said: text, aside: true }),
  key: (who, { key }) => ({ key, text: [who, ` pressed ${key}`] }),
  ended: (who, { status, picked_up: pickedUp }) => ({
    icon: 'x',
    text: [who, gone(status, pickedUp)],
  }),
};

const DEEDS = {
  'no-answer': (who) => ({ icon: 'bell', text: ['Nobody picks up: ', who, ' rings on'] }),
  carrier: (who) => ({
    icon: 'voicemail',
    text: ['The voicemail of ', who, '’s own phone company takes it'],
  }),
};

function gone(status, pickedUp) {
  if (pickedUp) return ' is off the line';
  if (status === 'busy') return ' is busy';
  if (status === 'no-answer') return ' did not pick up';
  if (status === 'failed') return ': this number does not work';
  return ' stops ringing';
}

/**
 * What the transcript says of something that happened; null where it needs no line.
 * @param {object} what
 * @param {Record<number, string>} numbers of the colleagues' legs
 * @returns {{icon?: string, key?: string, by?: (string|object)[], said?: string, text?: (string|object)[], aside?: boolean}|null}
 */
export function lineOf(what, numbers = {}) {
  if (what.kind === 'deed') return DEEDS[what.deed]?.({ number: numbers[what.leg] }) ?? null;
  if (what.leg === undefined) return OF_CALLER[what.kind]?.(what) ?? null;
  return OF_COLLEAGUE[what.kind]?.({ number: what.number }, what) ?? null;
}

// ---- the state line

const nameIn = (state) => {
  const [one] = state.colleagues;
  if (one === undefined) return 'a phone';
  return state.names[one.number] ?? shownNumber(one.number);
};

const PHASES = {
  idle: () => ['phone', 'Ready.', 'Press Call to begin.'],
  placing: () => ['phone', 'Calling', 'one moment'],
  calling: () => ['phone', 'Calling', 'Mainline is asked what to do'],
  listening: () => ['sound', 'Listening', 'an announcement is spoken'],
  menu: () => ['keypad', 'In the menu', 'press a key, or stay silent'],
  waiting: ({ key }) => [
    'phone',
    'One moment',
    key === null ? 'Mainline decides what comes next' : `after key ${key}`,
  ],
  ringing: (state) => [
    'bell',
    `Ringing ${ringing(state)}`,
    state.key === null ? '' : `after key ${state.key}`,
  ],
  asked: (state) => ['phone', `${nameIn(state)} picked up`, 'and is asked to take the call'],
  talking: (state) => ['phone', `Talking with ${nameIn(state)}`, 'either side may hang up'],
  recording: () => ['voicemail', 'Leaving a message', 'press # or hang up when it is done'],
  over: over,
  lost: () => [
    'alert',
    'The call is lost',
    'The simulated phone network was started again meanwhile. Place another call.',
  ],
};

function ringing(state) {
  const others = state.colleagues.length - 1;
  return others > 0 ? `${nameIn(state)} and ${others} more` : nameIn(state);
}

function over({ ended, outcome, hungUpBy }) {
  if (outcome)
    return [outcome.outcome, `${OUTCOMES[outcome.outcome] ?? 'Ended'}.`, reasonOf(outcome)];
  if (ended === 'busy') return ['missed', 'The line is busy.', 'Mainline turned the call away.'];
  if (ended !== 'completed' && hungUpBy === null)
    return ['missed', 'The call was not taken.', 'Mainline turned it away.'];
  return ['hang', hungUpBy === 'person' ? 'You hung up.' : 'The call has ended.', ''];
}

/** @param {import('./state.js').State} state @returns {{icon: string, title: string, detail: string}} */
export function stateWords(state) {
  const [icon, title, detail] = PHASES[state.phase](state);
  return { icon, title, detail };
}

// ---- how it ended, as the feed says it

export const OUTCOMES = {
  answered: 'Answered',
  voicemail: 'Voicemail',
  missed: 'Missed',
  abandoned: 'Abandoned',
  blocked: 'Blocked',
  failed: 'Failed',
};

const REASONS = {
  bridged: ({ who }) => `${who ?? 'A phone'} picked up`,
  message_left: ({ who, key }) =>
    who
      ? `${who} did not take it; a message was left`
      : key
        ? `Pressed ${key} to leave a message`
        : 'No key was pressed; a message was left',
  not_accepted: ({ who }) => `Not taken by ${who ?? 'the phone that rang'}`,
  no_answer: ({ who }) => (who ? `No answer; ${who} rang` : 'No answer'),
  busy: ({ who }) => (who ? `Busy at ${who}` : 'Busy'),
  bad_number: ({ who }) => `The number for ${who ?? 'a phone'} does not work`,
  line_closed: () => 'Outside opening hours',
  empty_message: ({ key }) =>
    key ? 'Chose voicemail, said nothing' : 'Came to voicemail, said nothing',
  hung_up_in_greeting: () => 'Hung up during the voicemail greeting',
  hung_up_in_menu: () => 'Hung up in the menu',
  hung_up_while_ringing: ({ who }) => `Hung up while ${who ?? 'a phone'} rang`,
  blocklist: () => 'Turned away: on the block list',
  anonymous: () => 'Turned away: number withheld',
  twilio_error: () => 'The phone network reported an error',
};

/** @param {{reason: string, forwarded_to: string|null, menu_key: string|null}} call */
export function reasonOf({ reason, forwarded_to: who, menu_key: key }) {
  return REASONS[reason]?.({ who, key }) ?? '';
}
