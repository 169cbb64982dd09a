// One call that a person places from the page: in real time, through the stack
// as any other, with the person at the caller's end and, while it rings, at the
// colleague's as well.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HungUp } from '../leg.js';
import { PhoneNetwork } from '../network.js';
import { numberSettings } from '../tool/stack.js';
import { filesOf, isSpeech, samplesOf } from './audio.js';
import { Happenings } from './happenings.js';
import { note, strike } from './unfinished.js';

/** Seconds until the phone rings, and of the screening prompt until its key is pressed. */
const SETUP_S = 1;
const ACCEPT_AFTER_S = 2;
const DECLINE_AFTER_S = 1.5;
const CARRIER_TALKS_S = 60;
const SAMPLE_S = 6;
/** Who breathes in has not fallen silent. */
const PAUSE_MS = 800;
/** A page that is gone for so long does not come back. */
const ALONE_MS = 3000;
/** A recording has its own limit; this one is for who sends without one. */
const MOST_SAMPLES = 8000 * 600;

/** Moments of the network that a person at the page is told of, with what is told. */
const TOLD = {
  say: ({ text, voice, language, prompt }) => ({ text, voice, language, prompt }),
  play: ({ url, digits }) => ({ url, digits }),
  pause: () => ({}),
  gather: () => ({}),
  'gather-end': ({ digits }) => ({ digits }),
  key: ({ key, ignored }) => ({ key, ignored }),
  ringing: () => ({}),
  answered: () => ({}),
  talking: () => ({}),
  tone: () => ({}),
  recorded: ({ seconds, spoken }) => ({ seconds, spoken }),
  'application-error': ({ text, code }) => ({ text, code }),
  ended: ({ status }) => ({ status }),
};

/** What a colleague may be let do. @type {Record<string, (leg: import('../leg.js').Leg) => Promise<void>|void>} */
const DEEDS = {
  async answer(leg) {
    leg.answer();
    const heard = await leg.next(['gather', 'talking']);
    if (heard.kind === 'talking') return;
    await leg.wait(ACCEPT_AFTER_S);
    leg.press('1');
  },
  async decline(leg) {
    leg.answer();
    await leg.wait(DECLINE_AFTER_S);
    leg.hangUp();
  },
  busy: (leg) => leg.end('busy', 486),
  'no-answer': () => {},
  async carrier(leg) {
    leg.answer();
    await leg.wait(CARRIER_TALKS_S);
    leg.hangUp();
  },
};

export const COLLEAGUE_DEEDS = [...Object.keys(DEEDS), 'hang-up'];

/** What was asked makes no sense at this moment of the call. */
export class OutOfTurn extends Error {}

export class KeypadCall {
  #network;
  #call;
  #answers;
  #recording = false;
  #pieces = [];
  #samples = 0;
  #silence = null;
  #alone = null;
  #watchers = 0;

  /**
   * @param {import('../tool/stack.js').Stack} stack
   * @param {{from: string}} about
   * @param {(call: KeypadCall, sid: string) => Promise<object|null>} answers what the stack's API
   *   says of the call
   */
  constructor(stack, { from }, answers) {
    /** Nobody can guess it: who knows it may play this call. */
    this.id = randomBytes(16).toString('hex');
    this.happenings = new Happenings();
    this.#answers = answers;
    const saved = join(stack.data, 'twilio');
    this.#network = new PhoneNetwork({
      accountSid: stack.accountSid,
      authToken: stack.authToken,
      connect: { host: stack.host, port: stack.port, ca: stack.ca },
      numbers: { [stack.line]: numberSettings(stack, stack.line) },
      people: { '*': (leg) => this.#colleague(leg) },
      speed: 1,
      recording: { spoken: (trim) => this.#files(trim) },
      saveTo: saved,
    });
    this.#network.on('moment', ({ leg, moment }) => this.#noticed(leg, moment));
    this.#network.on('problem', ({ code, message }) => this.#tell('problem', { code, message }));
    this.#call = this.#network.place({ from, to: stack.line, caller: (leg) => leg.wait(Infinity) });
    this.#tell('calling', { sid: this.sid, from, line: stack.line });
    /** Resolves when all of it is over and nothing more will happen. */
    note(saved, this.sid);
    this.finished = this.#finish().finally(() => strike(saved, this.sid));
    this.#leftAlone();
  }

  get sid() {
    return this.#call.sid;
  }

  get isOver() {
    return this.#call.leg.over;
  }

  // ---- the caller

  /** @param {string} key */
  press(key) {
    this.#mustLast();
    this.#call.leg.press(key);
  }

  /** What the microphone heard; only a recording listens. @param {Buffer} pcm */
  hear(pcm) {
    this.#mustRecord();
    const piece = samplesOf(pcm);
    this.#samples += piece.length;
    if (this.#samples > MOST_SAMPLES) throw new OutOfTurn('This message is too long.');
    this.#pieces.push(piece);
    if (!isSpeech(piece)) return;
    if (!this.#call.leg.speaking) this.#call.leg.voice(true);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fallSilent(), PAUSE_MS);
  }

  /** A message for who has no microphone, or will not use it. */
  playSample() {
    this.#mustRecord();
    if (this.#call.leg.speaking) throw new OutOfTurn('Somebody is speaking already.');
    this.#tell('sample', { seconds: SAMPLE_S });
    this.#beside(this.#call.leg.speak(SAMPLE_S));
  }

  /** @param {'person'|'tab'|'stop'} why */
  hangUp(why = 'person') {
    if (this.isOver) return;
    this.#tell('hang-up', { why });
    this.#call.leg.hangUp();
  }

  #fallSilent() {
    if (!this.isOver && this.#call.leg.speaking) this.#call.leg.voice(false);
  }

  #files(trim) {
    return this.#pieces.length === 0 ? null : filesOf(this.#pieces, trim);
  }

  // ---- the colleague

  /** Their phone rings until somebody lets them do something, or it has rung for too long. */
  async #colleague(leg) {
    await leg.wait(SETUP_S);
    leg.ring();
    await leg.wait(Infinity);
  }

  /**
   * @param {number} index of the leg, as it was told with what happened on it
   * @param {string} deed
   */
  let(index, deed) {
    const leg = this.#call.legs[index];
    if (leg === undefined || leg === this.#call.leg || leg.over)
      throw new OutOfTurn('Their phone does not ring any more.');
    if (deed === 'hang-up') {
      leg.hangUp();
      return;
    }
    if (leg.answeredAt !== null) throw new OutOfTurn('They have picked up already.');
    if (leg.status !== 'ringing') throw new OutOfTurn('Their phone does not ring yet.');
    this.#tell('deed', { deed, leg: index });
    this.#beside(DEEDS[deed](leg));
  }

  // ---- who looks on

  /** A page looks on until the returned function is called; a call that nobody looks on ends. */
  watch() {
    this.#watchers += 1;
    clearTimeout(this.#alone);
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#leftAlone();
    };
  }

  #leftAlone() {
    this.#alone = setTimeout(() => this.hangUp('tab'), ALONE_MS);
  }

  // ---- what happens

  #noticed(leg, moment) {
    const { kind } = moment;
    const isCaller = leg.parent === null;
    if (isCaller && kind === 'tone') this.#recording = true;
    if (isCaller && (kind === 'recorded' || kind === 'ended')) this.#recording = false;
    // The caller's ring tone is told with the phone that rings.
    if (!(kind in TOLD) || (isCaller && ['ringing', 'answered'].includes(kind))) return;
    const colleague = isCaller ? {} : this.#about(leg);
    this.#tell(kind, { ...TOLD[kind](moment), ...colleague }, moment.at);
    if (!isCaller && kind === 'ringing') this.#beside(this.#nameThem(leg));
  }

  #about(leg) {
    const { answeredAt, ringS } = leg;
    return {
      leg: this.#call.legs.indexOf(leg),
      number: leg.to,
      ring_s: ringS,
      picked_up: answeredAt !== null,
    };
  }

  /** The flow knows a name for that phone; the phone network only its number. */
  async #nameThem(leg) {
    const known = await this.#answers(this, this.sid);
    const name = known?.forwarded_to ?? known?.legs?.at(-1)?.phone ?? null;
    if (name !== null) this.#tell('name', { number: leg.to, name });
  }

  #tell(kind, detail, at = this.#network.clock.now()) {
    const since = this.#call?.leg.createdAt ?? at;
    this.happenings.add({ kind, s: Math.max(0, Math.round(at - since) / 1000), ...detail });
  }

  async #finish() {
    try {
      await this.#call.finished;
      this.#tell('outcome', { call: await this.#answers(this, this.sid) });
    } catch (error) {
      this.#tell('broken', { message: error.message });
    } finally {
      clearTimeout(this.#alone);
      clearTimeout(this.#silence);
      await this.#network.close();
      this.happenings.end();
    }
  }

  // ---- helpers

  #mustLast() {
    if (this.isOver) throw new OutOfTurn('The call is over.');
  }

  #mustRecord() {
    this.#mustLast();
    if (!this.#recording) throw new OutOfTurn('Nobody is recording.');
  }

  /** What the end of a leg stops; nobody waits for it. */
  #beside(task) {
    Promise.resolve(task).catch((error) => {
      if (!(error instanceof HungUp)) this.#tell('problem', { code: 0, message: error.message });
    });
  }
}
