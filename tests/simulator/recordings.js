// Recordings of a call: taken, processed, reported, transcribed.
// https://www.twilio.com/docs/voice/twiml/record#attributes-recording-status-callback

import { TRANSCRIBE_MAX_S } from './twiml/rules.js';
import { resolveUrl } from './wire/url.js';
import { rfc2822 } from './wire/time.js';
import { standard } from './wire/parameters.js';

/** Seconds until a recording can be fetched, and until it has been transcribed. */
const PROCESSING_S = 2;
const TRANSCRIBING_S = 20;
const TRANSCRIBE_MIN_S = 2;
/** Why a recording is absent: https://www.twilio.com/docs/api/errors/16101 and 16102. */
const TOO_SHORT = 16101;
const SILENT = 16102;
const TRANSCRIPT = 'Hello, this is a message that nobody spoke. Please call me back.';

/**
 * @typedef {object} Recording
 * @property {string} sid
 * @property {string} url without a suffix
 * @property {import('./leg.js').Leg} leg
 * @property {'in-progress'|'processing'|'completed'|'absent'|'deleted'} status
 * @property {number} startedAt milliseconds since the epoch, in virtual time
 * @property {number|null} duration seconds
 * @property {number} errorCode 0 for none
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
    this.#call.later(async () => {
      await this.#call.network.clock.sleep(PROCESSING_S);
      this.#process(recording, taken);
      if (recording.status === 'completed') await this.#transcribe(leg, recording);
    });
  }

  #process(recording, taken) {
    const saved = this.#call.network.emptyRecording === 'action-saved';
    if (taken.spoken === 0 && !saved) {
      recording.errorCode = taken.seconds < 1 ? TOO_SHORT : SILENT;
      recording.status = 'absent';
    } else {
      recording.duration = Math.round(recording.settings.trim ? taken.spoken : taken.seconds);
      recording.status = 'completed';
    }
    this.#changed(recording, recording.status);
  }

  #changed(recording, event) {
    this.#call.network.account.putRecording(recording);
    const { statusCallback, statusCallbackMethod, statusCallbackEvents, base } = recording.settings;
    if (statusCallback === undefined || !statusCallbackEvents.includes(event)) return;
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

  async #transcribe(leg, recording) {
    const { transcribe, transcribeCallback, base } = recording.settings;
    if (!transcribe || transcribeCallback === undefined) return;
    await this.#call.network.clock.sleep(TRANSCRIBING_S);
    const inRange = recording.duration > TRANSCRIBE_MIN_S && recording.duration < TRANSCRIBE_MAX_S;
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
        TranscriptionText: inRange ? TRANSCRIPT : '',
        TranscriptionStatus: inRange ? 'completed' : 'failed',
        RecordingSid: recording.sid,
        RecordingUrl: recording.url,
        url,
      },
    });
  }
}
