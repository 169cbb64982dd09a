// Recordings of a call: taken, processed, reported, transcribed.
// https://www.twilio.com/docs/voice/twiml/record#attributes-recording-status-callback

import { TRANSCRIBE_MAX_S } from './twiml/rules.js';
import { resolveUrl } from './wire/url.js';
import { rfc2822 } from './wire/time.js';
import { standard } from './wire/parameters.js';

/**
 * @typedef {object} Fate what becomes of a recording
 * @property {number} processingS seconds until it can be fetched; Infinity: it stays `processing`
 * @property {number} transcribingS seconds until it has been transcribed
 * @property {number} absent chance that it turns out absent although something was said
 * @property {number} failed chance that it fails
 * @property {string} transcript
 * @property {(trim: boolean) => {seconds: number, wav: Buffer, mp3: Buffer}|null} [spoken] what was
 *   really said; without it the audio is a tone of the right length
 */

const TRANSCRIBE_MIN_S = 2;
/** Why a recording is absent: https://www.twilio.com/docs/api/errors/16101 and 16102. */
const TOO_SHORT = 16101;
const SILENT = 16102;
/** No document that we know of names the code of a failure; this one stands in for it. */
const NOT_ENCRYPTED = 16104;

/** @type {Fate} */
const USUAL = {
  processingS: 2,
  transcribingS: 20,
  absent: 0,
  failed: 0,
  transcript: 'Hello, this is a message that nobody spoke. Please call me back.',
};

/**
 * @typedef {object} Recording
 * @property {string} sid
 * @property {string} url without a suffix
 * @property {import('./leg.js').Leg} leg
 * @property {'in-progress'|'processing'|'completed'|'absent'|'failed'|'deleted'} status
 * @property {number} startedAt milliseconds since the epoch, in virtual time
 * @property {number|null} duration seconds
 * @property {number} errorCode 0 for none
 * @property {string|null} transcript
 * @property {object} settings of the Record verb
 */

export class Recordings {
  #call;
  #count = 0;

  /** @param {import('./inbound-call.js').InboundCall} call */
  constructor(call) {
    this.#call = call;
    /** @type {Recording[]} */
    this.all = [];
  }

  start(leg, settings) {
    const { network } = this.#call;
    const sid = `RE${this.#call.chance.hex('recording', this.#count)}`;
    this.#count += 1;
    /** @type {Recording} */
    const recording = {
      sid,
      url: `${network.apiUrl}/2010-04-01/Accounts/${network.accountSid}/Recordings/${sid}`,
      leg,
      status: 'in-progress',
      startedAt: network.clock.now(),
      duration: null,
      errorCode: 0,
      transcript: null,
      settings,
    };
    this.all.push(recording);
    this.#changed(recording, 'in-progress');
    return recording;
  }

  /** Nothing was said, and Twilio acts as if there had been no Record. */
  discard(recording) {
    this.all.splice(this.all.indexOf(recording), 1);
    this.#call.network.account.removeRecording(recording.sid);
  }

  /** @param {import('./verbs/record.js').Taken} taken */
  finish(leg, recording, taken) {
    recording.status = 'processing';
    this.#call.network.account.putRecording(recording);
    const fate = { ...USUAL, ...this.#call.recording };
    // Nobody waits for what never comes.
    if (fate.processingS === Infinity) return;
    this.#call.later(async () => {
      await this.#call.network.clock.sleep(fate.processingS);
      this.#process(recording, taken, fate);
      if (recording.status === 'completed') await this.#transcribe(leg, recording, fate);
    });
  }

  #process(recording, taken, fate) {
    const saved = this.#call.network.emptyRecording === 'action-saved';
    const draws = (what) => this.#call.chance.number(recording.sid, what) < fate[what];
    if (draws('failed')) {
      recording.errorCode = NOT_ENCRYPTED;
      recording.status = 'failed';
    } else if ((taken.spoken === 0 && !saved) || draws('absent')) {
      recording.errorCode = taken.seconds < 1 ? TOO_SHORT : SILENT;
      recording.status = 'absent';
    } else {
      const { trim } = recording.settings;
      const files = fate.spoken?.(trim) ?? null;
      if (files !== null) this.#call.network.account.putAudio(recording.sid, files);
      recording.duration = Math.round(files?.seconds ?? (trim ? taken.spoken : taken.seconds));
      recording.status = 'completed';
    }
    this.#changed(recording, recording.status);
  }

  #changed(recording, event) {
    this.#call.network.account.putRecording(recording);
    const { statusCallback, statusCallbackMethod, statusCallbackEvents, base } = recording.settings;
    // A failure cannot be asked for by name; it comes in place of the completion.
    const asked = event === 'failed' ? 'completed' : event;
    if (statusCallback === undefined || !statusCallbackEvents.includes(asked)) return;
    this.#call.callback(recording.leg, {
      kind: 'recording',
      url: resolveUrl(statusCallback, base),
      method: statusCallbackMethod,
      values: this.#parameters(recording),
    });
  }

  #parameters(recording) {
    return {
      RecordingSource: 'RecordVerb',
      RecordingTrack: 'inbound',
      RecordingSid: recording.sid,
      RecordingUrl: recording.url,
      RecordingStatus: recording.status,
      RecordingChannels: 1,
      ErrorCode: recording.status === 'in-progress' ? undefined : recording.errorCode,
      CallSid: recording.leg.sid,
      RecordingStartTime: rfc2822(recording.startedAt),
      AccountSid: this.#call.network.accountSid,
      RecordingDuration: recording.duration ?? undefined,
    };
  }

  async #transcribe(leg, recording, fate) {
    const { transcribe, transcribeCallback, base } = recording.settings;
    if (!transcribe || transcribeCallback === undefined) return;
    await this.#call.network.clock.sleep(fate.transcribingS);
    const inRange = recording.duration > TRANSCRIBE_MIN_S && recording.duration < TRANSCRIBE_MAX_S;
    if (inRange) recording.transcript = fate.transcript;
    const sid = `TR${this.#call.chance.hex('transcription', recording.sid)}`;
    const url = resolveUrl(transcribeCallback, base);
    this.#call.callback(leg, {
      kind: 'transcription',
      url,
      values: {
        ...standard(leg, { sid: this.#call.network.accountSid }),
        TranscriptionType: 'fast',
        TranscriptionUrl: `${recording.url}/Transcriptions/${sid}`,
        TranscriptionSid: sid,
        TranscriptionText: inRange ? fate.transcript : '',
        TranscriptionStatus: inRange ? 'completed' : 'failed',
        RecordingSid: recording.sid,
        RecordingUrl: recording.url,
        url,
      },
    });
  }
}
