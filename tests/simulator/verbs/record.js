// <Record>: what the caller says after the tone.
// https://www.twilio.com/docs/voice/twiml/record

import { HungUp } from '../leg.js';
import { TRANSCRIBE_MAX_S } from '../twiml/rules.js';
import { flag, followAction, notifyAction, seconds, words } from './attributes.js';

const SILENCE_S = 5;
const MAX_LENGTH_S = 3600;
const BEEP_S = 0.5;

/**
 * @typedef {object} Taken how a recording went
 * @property {number} seconds from the tone to the end, silence included
 * @property {number} spoken seconds of speech
 * @property {string} ended 'hangup', the key pressed, or '' for silence and the length limit
 */

export async function record(context, verb, document) {
  const { leg, call, clock } = context;
  leg.answer();
  if (flag(verb, 'playBeep', true)) await leg.wait(BEEP_S);
  const recording = call.startRecording(leg, settingsOf(verb, document));
  leg.tell('tone');
  const taken = await listen(leg, clock, verb);
  leg.tell('recorded', { seconds: taken.seconds, spoken: taken.spoken, heard: false });

  if (taken.spoken === 0 && call.network.emptyRecording === 'falls-through') {
    call.discardRecording(recording);
    return undefined;
  }
  call.finishRecording(leg, recording, taken);
  const values = {
    RecordingUrl: recording.url,
    RecordingSid: recording.sid,
    RecordingDuration: Math.round(taken.seconds),
    Digits: taken.ended,
  };
  if (!leg.over) return followAction(context, verb, document, 'record', values);
  return notifyAction(context, verb, document, 'record', values);
}

function settingsOf(verb, document) {
  const { recordingStatusCallback, recordingStatusCallbackMethod, transcribeCallback } =
    verb.attributes;
  return {
    base: document.url,
    statusCallback: recordingStatusCallback,
    statusCallbackMethod: recordingStatusCallbackMethod,
    statusCallbackEvents: words(verb, 'recordingStatusCallbackEvent', 'completed'),
    trim: verb.attributes.trim !== 'do-not-trim',
    transcribe: flag(verb, 'transcribe'),
    transcribeCallback,
  };
}

/**
 * Record until silence, a key, the length limit, or the end of the call.
 * @returns {Promise<Taken>} also when the caller has hung up
 */
async function listen(leg, clock, verb) {
  const silenceS = seconds(verb, 'timeout', SILENCE_S) || Infinity;
  const maxS = seconds(
    verb,
    'maxLength',
    flag(verb, 'transcribe') ? TRANSCRIBE_MAX_S : MAX_LENGTH_S,
  );
  const finishOnKey = verb.attributes.finishOnKey ?? '1234567890*#';
  const keys = leg.listen();
  const meter = new Meter(clock, leg.speaking);
  try {
    for (;;) {
      const left = Math.max(0, Math.min(maxS - meter.seconds, leg.speaking ? Infinity : silenceS));
      const timeUp = await leg.firstOf((signal) => [
        keys.pressed(signal),
        leg.next(['voice'], signal).then(() => false),
        clock.sleep(left, signal).then(() => true),
      ]);
      meter.read(leg.speaking);
      const key = keys.take();
      if (key !== undefined && finishOnKey.includes(key)) return meter.result(key);
      if (timeUp) return meter.result('');
    }
  } catch (error) {
    if (!(error instanceof HungUp)) throw error;
    meter.read(false);
    return meter.result('hangup');
  } finally {
    keys.close();
  }
}

/** Measures a recording and how much of it is speech. */
class Meter {
  #clock;
  #start;
  #readAt;
  #spokenMs = 0;
  #voice;

  constructor(clock, voice) {
    this.#voice = voice;
    this.#clock = clock;
    this.#start = clock.now();
    this.#readAt = this.#start;
  }

  get seconds() {
    return (this.#clock.now() - this.#start) / 1000;
  }

  /** Count what was heard since the last reading; `voice` is whether somebody speaks from now on. */
  read(voice) {
    const now = this.#clock.now();
    if (this.#voice) this.#spokenMs += now - this.#readAt;
    this.#readAt = now;
    this.#voice = voice;
  }

  /** @returns {Taken} */
  result(ended) {
    return { seconds: this.seconds, spoken: this.#spokenMs / 1000, ended };
  }
}
