// What the caller hears next, and what was learnt. The same menu as Mainline's own:
// 1 rings the reception, 2 takes a message.

import twilio from 'twilio';

const { VoiceResponse } = twilio.twiml;

const WELCOME = 'Thank you for calling. Press 1 to talk to us. Press 2 to leave a message.';
const MESSAGE = 'Please leave a message after the tone.';
const THANKS = 'Thank you. Goodbye.';
const LINE_NAME = 'Main number';
const PHONE = { id: 'reception', name: 'Reception' };
const TRIES = 3;
const MESSAGE_MIN_S = 2;
const OVERRIDES = '#rc=5&rp=all';
const OVER = ['canceled', 'failed', 'no-answer', 'busy', 'completed'];
const WHY_OF_DIAL = {
  completed: 'not_accepted',
  answered: 'not_accepted',
  busy: 'busy',
  failed: 'bad_number',
  'no-answer': 'no_answer',
};

/** The URL of a route, with where the call stands then. */
function url(route, event, { step, phone, attempt = 1 }) {
  const words = [
    ['line', event.line],
    ['call', event.callSid],
    ['v', event.state.version ?? 0],
    ['step', step],
    ['phone', phone],
    ['try', attempt > 1 ? attempt : undefined],
    ['n', event.state.n + 1],
  ];
  const query = words
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/twilio/${route}?${query.join('&')}`;
}

function enterMenu(event, facts, attempt) {
  const response = new VoiceResponse();
  const action = url('menu', event, { step: 'welcome', attempt });
  const gather = response.gather({
    action,
    method: 'POST',
    input: 'dtmf',
    numDigits: 1,
    timeout: 6,
    finishOnKey: '',
  });
  gather.say(WELCOME);
  response.redirect({ method: 'POST' }, action);
  Object.assign(facts, { place: 'menu', step: 'welcome' });
  return response;
}

function enterForward(event, facts, forwardTo) {
  const response = new VoiceResponse();
  const dial = response.dial({
    action: url('dial', event, { step: 'office' }),
    method: 'POST',
    timeout: 25,
    answerOnBridge: true,
    callerId: event.params.From,
    timeLimit: 14400,
  });
  const here = { step: 'office', phone: PHONE.id };
  dial.number(
    {
      url: url('screen', event, here),
      statusCallback: url('leg', event, here) + OVERRIDES,
      statusCallbackEvent: 'initiated ringing answered completed',
      statusCallbackMethod: 'POST',
    },
    forwardTo,
  );
  const forwarded = { n: event.state.n + 1, rank: 0, to: PHONE.name };
  Object.assign(facts, { place: 'forward', step: 'office', forwarded });
  return response;
}

function enterVoicemail(event, facts) {
  const response = new VoiceResponse();
  const action = url('voicemail', event, { step: 'message' });
  response.say(MESSAGE);
  response.record({
    action,
    method: 'POST',
    maxLength: 180,
    timeout: 5,
    finishOnKey: '#',
    playBeep: true,
    trim: 'trim-silence',
    recordingStatusCallback: url('recording', event, { step: 'message' }) + OVERRIDES,
    recordingStatusCallbackMethod: 'POST',
    recordingStatusCallbackEvent: 'completed absent',
  });
  response.redirect({ method: 'POST' }, action);
  Object.assign(facts, { place: 'voicemail', step: 'message' });
  return response;
}

function hangup(say) {
  const response = new VoiceResponse();
  if (say) response.say(say);
  response.hangup();
  return response;
}

function onMenu(event, facts, forwardTo) {
  const { Digits: key } = event.params;
  if (key === '1' || key === '2') facts.menuKey = key;
  if (key === '1') return enterForward(event, facts, forwardTo);
  if (key !== '2' && event.state.try < TRIES) return enterMenu(event, facts, event.state.try + 1);
  facts.why = 'chosen';
  return enterVoicemail(event, facts);
}

function onDial(event, facts) {
  const { DialBridged, DialCallStatus, DialCallDuration } = event.params;
  if (DialBridged === 'true') {
    Object.assign(facts, { bridged: true, talkS: Number(DialCallDuration), place: 'done' });
    return hangup();
  }
  if (DialBridged === 'false') facts.bridged = false;
  if (facts.callerLeft || DialCallStatus === 'canceled') {
    const response = enterVoicemail(event, {});
    facts.place = 'forward';
    return response;
  }
  facts.why = WHY_OF_DIAL[DialCallStatus];
  return enterVoicemail(event, facts);
}

function onScreen(event, facts) {
  const response = new VoiceResponse();
  const digits = [...event.params.From].filter((c) => c !== '+').join(' ');
  const question = `Call for ${LINE_NAME} from ${digits}. Press any key to take it.`;
  const gather = response.gather({
    action: url('screen-key', event, { step: 'office', phone: PHONE.id }),
    method: 'POST',
    input: 'dtmf',
    numDigits: 1,
    timeout: 5,
    finishOnKey: '',
  });
  gather.say(question);
  gather.pause({ length: 2 });
  gather.say(question);
  response.hangup();
  onLeg(event, facts);
  return response;
}

function onScreenKey(event, facts) {
  onLeg(event, facts);
  if (!event.params.Digits) return hangup();
  facts.accepted = true;
  facts.forwarded = { n: event.state.n, rank: 2, to: PHONE.name };
  return new VoiceResponse();
}

function onVoicemail(event, facts) {
  Object.assign(facts, { place: 'recorded', step: 'message' });
  onRecording(event, facts);
  return hangup(THANKS);
}

function onLeg(event, facts) {
  facts.leg = { phone: PHONE.name, status: event.status, durationS: event.durationS };
  if (event.status === 'in-progress' || event.status === 'completed') {
    facts.forwarded = { n: event.state.n, rank: 1, to: PHONE.name };
  }
  return null;
}

function onStatus(event, facts) {
  facts.source = 2;
  if (!facts.callerLeft) return null;
  facts.durationS = event.durationS;
  facts.endedAt = event.occurredAt;
  if (event.occurredAt !== null && event.durationS !== null) {
    facts.startedAt = new Date(event.occurredAt - event.durationS * 1000);
  }
  return null;
}

function onRecording(event, facts) {
  const { RecordingSid: sid, RecordingStatus, RecordingDuration } = event.params;
  if (!sid) return null;
  const action = event.kind === 'voicemail';
  const status = action ? 'processing' : RecordingStatus;
  const durationS = RecordingDuration === undefined ? null : Number(RecordingDuration);
  const long = durationS === null || durationS >= MESSAGE_MIN_S;
  const message = ['processing', 'completed'].includes(status) && long;
  facts.recording = { sid, source: action ? 1 : 2, status, message, durationS };
  return null;
}

const HANDLERS = {
  voice: (event, facts) => enterMenu(event, facts, 1),
  menu: onMenu,
  dial: onDial,
  screen: onScreen,
  screen_key: onScreenKey,
  voicemail: onVoicemail,
  status: onStatus,
  leg: onLeg,
  recording: onRecording,
};

/** @returns {{twiml: string|null, facts: object}} */
export function decide(event, forwardTo) {
  const callerLeft = event.inbound && OVER.includes(event.status);
  const facts = { source: 1, callerLeft, versionEntry: event.kind === 'voice' ? 0 : null };
  const response = HANDLERS[event.kind](event, facts, forwardTo);
  return { twiml: response === null ? null : response.toString(), facts };
}
