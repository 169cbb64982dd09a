// What Twilio asks of attributes and content beyond the schema: one row each.
// Sources: the pages of the verbs under https://www.twilio.com/docs/voice/twiml
// and https://www.twilio.com/docs/api/errors for the codes.

const METHOD = /^(GET|POST)$/i;
const BOOLEAN = /^(true|false)$/;
export const E164 = /^\+[1-9][0-9]{6,14}$/;
export const SAY_MAX_CHARACTERS = 4096;
export const DIAL_MAX_NUMBERS = 10;
/** Seconds; the longest a call may last without a longer limit asked of Twilio. */
export const CALL_MAX_S = 14400;
/** Seconds that Twilio adds to the timeout of Dial. */
export const DIAL_EXTRA_RING_S = 5;
/** Seconds; a longer recording is not transcribed. */
export const TRANSCRIBE_MAX_S = 120;

const whole = (low, high) => (value) =>
  /^[0-9]+$/.test(value) && Number(value) >= low && Number(value) <= high;
const like = (pattern) => (value) => pattern.test(value);
const each =
  (...words) =>
  (value) =>
    value.split(/\s+/).every((word) => words.includes(word));

/** verb -> attribute -> [code, is it all right?] */
const ATTRIBUTES = {
  Dial: {
    method: [13210, like(METHOD)],
    timeout: [13212, whole(5, 600)],
    hangupOnStar: [13213, like(BOOLEAN)],
    timeLimit: [13216, whole(1, CALL_MAX_S)],
    record: [13217, like(/^(true|false|do-not-record|record-from-(answer|ringing)(-dual)?)$/)],
    sequential: [13218, like(BOOLEAN)],
    answerOnBridge: [13219, like(BOOLEAN)],
    ringTone: [13220, like(/^[a-z-]{2,20}$/)],
  },
  Number: {
    method: [13221, like(METHOD)],
    sendDigits: [13222, like(/^[0-9A-D#*wW]*$/)],
    statusCallbackEvent: [12200, each('initiated', 'ringing', 'answered', 'completed')],
    statusCallbackMethod: [13221, like(METHOD)],
  },
  Gather: {
    method: [13312, like(METHOD)],
    finishOnKey: [13310, like(/^[0-9#*]?$/)],
    timeout: [13313, (value) => value === 'auto' || whole(1, 600)(value)],
    numDigits: [13314, whole(1, 1000)],
    input: [13326, each('dtmf', 'speech')],
    speechTimeout: [13327, (value) => value === 'auto' || whole(1, 60)(value)],
    hints: [13330, (value) => value.split(',').length <= 500],
    actionOnEmptyResult: [13338, like(BOOLEAN)],
  },
  Say: { loop: [13510, whole(0, 1000)] },
  Play: { loop: [13410, whole(0, 1000)], digits: [13430, like(/^[0-9A-D#*wW]+$/)] },
  Pause: { length: [13910, whole(1, 600)] },
  Redirect: { method: [13710, like(METHOD)] },
  Reject: { reason: [13810, like(/^(rejected|busy)$/)] },
  Record: {
    method: [13610, like(METHOD)],
    timeout: [13611, whole(0, 600)],
    maxLength: [13612, whole(2, CALL_MAX_S)],
    finishOnKey: [13613, like(/^[0-9#*]*$/)],
    transcribe: [13614, like(BOOLEAN)],
    playBeep: [13616, like(BOOLEAN)],
    trim: [13699, like(/^(trim-silence|do-not-trim)$/)],
    recordingStatusCallbackEvent: [13621, each('in-progress', 'completed', 'absent')],
    recordingStatusCallbackMethod: [13610, like(METHOD)],
  },
};

/** Attributes that are the schema's, and that this simulator would silently ignore. */
const NOT_SIMULATED = {
  Dial: ['record', 'recordingStatusCallback', 'referUrl'],
  Number: ['byoc', 'machineDetection', 'amdStatusCallback'],
  Gather: ['partialResultCallback'],
};

function length(text) {
  return [...text].length;
}

function numberProblems(number) {
  return E164.test(number.text) ? [] : [[13223, JSON.stringify(number.text)]];
}

/** What a verb's content breaks: verb name -> (node) => [code, detail][] */
const CONTENT = {
  Say(say) {
    if (length(say.text) > SAY_MAX_CHARACTERS) return [[13521, `${length(say.text)} characters`]];
    return say.text.trim() === '' ? [[13520, 'nothing to say']] : [];
  },
  Number: numberProblems,
  Dial(dial) {
    const nouns = dial.children;
    const others = nouns.filter((noun) => noun.name !== 'Number');
    if (others.length > 0) return [[0, `Dial->${others[0].name}`]];
    if (nouns.length > DIAL_MAX_NUMBERS) return [[13215, `${nouns.length} numbers in one Dial`]];
    if (nouns.length > 0) return [];
    return numberProblems(dial);
  },
  Gather(gather) {
    const strangers = gather.children.filter(
      (child) => !['Say', 'Play', 'Pause'].includes(child.name),
    );
    return strangers.map((child) => [13320, child.name]);
  },
  Record(record) {
    const problems = [];
    if (record.children.length > 0) problems.push([12200, 'Record takes no nested elements']);
    const { transcribe, transcribeCallback, maxLength } = record.attributes;
    if (transcribeCallback && transcribe !== 'true') {
      problems.push([13257, 'transcribeCallback needs transcribe="true"']);
    }
    if (transcribe === 'true' && Number(maxLength ?? 0) > TRANSCRIBE_MAX_S) {
      problems.push([13615, `maxLength=${maxLength}`]);
    }
    return problems;
  },
};

/**
 * Everything that is wrong with one element by itself, nested ones not included.
 * A wrong attribute is taken away, so that the verb runs with its default.
 * @param {import('./document.js').Verb} node
 * @returns {[code: number, detail: string][]}
 */
export function check(node) {
  const problems = [];
  for (const [name, [code, isRight]] of Object.entries(ATTRIBUTES[node.name] ?? {})) {
    const value = node.attributes[name];
    if (value === undefined || isRight(value)) continue;
    problems.push([code, `${name}="${value}"`]);
    delete node.attributes[name];
  }
  for (const name of NOT_SIMULATED[node.name] ?? []) {
    if (node.attributes[name] !== undefined) problems.push([0, `${node.name} ${name}`]);
  }
  problems.push(...(CONTENT[node.name]?.(node) ?? []));
  return problems;
}
