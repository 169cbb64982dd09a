// The microphone, as pieces of telephone sound.

import { PHONE_RATE, Resampler } from './resample.js';

/** A quarter of a second: soon enough for a key, few enough requests. */
const PIECE_SAMPLES = PHONE_RATE / 4;

/** Why it cannot be used, in plain words. */
export function refusalWords(error) {
  if (error.name === 'NotAllowedError')
    return 'The browser does not let this page use the microphone. Allow it in the address bar, or leave a sample message.';
  if (error.name === 'NotFoundError')
    return 'No microphone was found. Connect one, or leave a sample message.';
  return 'The microphone cannot be used just now. Leave a sample message instead.';
}

export const isThere = () => navigator.mediaDevices?.getUserMedia !== undefined;

/** Ask for it and let go again: the answer is kept by the browser. */
export async function ask() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  stream.getTracks().forEach((track) => track.stop());
}

export class Microphone {
  #stream;
  #context;
  #samples = [];
  #take = null;

  static async open() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const context = new AudioContext();
    await context.audioWorklet.addModule('/keypad/recorder.js');
    return new Microphone(stream, context);
  }

  constructor(stream, context) {
    this.#stream = stream;
    this.#context = context;
    const resampler = new Resampler(context.sampleRate);
    const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }) => this.#heard(resampler.add(data));
    context.createMediaStreamSource(stream).connect(recorder);
  }

  /** Hand on pieces from now on. @param {(pcm: ArrayBuffer) => void} take */
  begin(take) {
    this.#samples = [];
    this.#take = take;
  }

  /** No more; what is left over is handed on. */
  end() {
    this.#flush(1);
    this.#take = null;
  }

  close() {
    this.end();
    this.#stream.getTracks().forEach((track) => track.stop());
    this.#context.close();
  }

  #heard(samples) {
    if (this.#take === null) return;
    this.#samples.push(...samples);
    this.#flush(PIECE_SAMPLES);
  }

  #flush(least) {
    if (this.#take === null || this.#samples.length < least) return;
    this.#take(Int16Array.from(this.#samples).buffer);
    this.#samples = [];
  }
}
