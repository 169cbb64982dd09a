// The caller's voice as the page sends it, 16 bit PCM at 8 kHz in pieces, and the
// files that a recording of it becomes.

import { Mp3Encoder } from '@breezystack/lamejs';
import { wavOf, WAV_RATE } from '../rest/audio.js';

/** Root mean square above which a piece is speech and not the room. */
const SPEECH_LEVEL = 300;
/** What is left of silence before and behind the speech. */
const MARGIN_S = 0.25;
const BLOCK_SAMPLES = WAV_RATE / 20;
const MP3_KBIT_S = 32;
const MP3_FRAME_SAMPLES = 576;

/** @param {Buffer} pcm little-endian @returns {Int16Array} */
export function samplesOf(pcm) {
  const samples = new Int16Array(pcm.length >> 1);
  for (let i = 0; i < samples.length; i += 1) samples[i] = pcm.readInt16LE(2 * i);
  return samples;
}

/** Is somebody speaking in this piece? @param {Int16Array} samples */
export function isSpeech(samples) {
  if (samples.length === 0) return false;
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return Math.sqrt(power) >= SPEECH_LEVEL;
}

/** Without the silence at either end, as Twilio's trim-silence has it. */
export function trimmed(samples) {
  const speaks = [];
  for (let at = 0; at < samples.length; at += BLOCK_SAMPLES)
    speaks.push(isSpeech(samples.subarray(at, at + BLOCK_SAMPLES)));
  const first = speaks.indexOf(true);
  if (first === -1) return samples.subarray(0, 0);
  const margin = MARGIN_S * WAV_RATE;
  const from = Math.max(0, first * BLOCK_SAMPLES - margin);
  return samples.subarray(from, (speaks.lastIndexOf(true) + 1) * BLOCK_SAMPLES + margin);
}

function mp3Of(samples) {
  const encoder = new Mp3Encoder(1, WAV_RATE, MP3_KBIT_S);
  const frames = [];
  for (let at = 0; at < samples.length; at += MP3_FRAME_SAMPLES)
    frames.push(encoder.encodeBuffer(samples.subarray(at, at + MP3_FRAME_SAMPLES)));
  frames.push(encoder.flush());
  return Buffer.concat(frames.map((frame) => Buffer.from(frame)));
}

/**
 * The files of a recording.
 * @param {Int16Array[]} pieces
 * @param {boolean} trim
 * @returns {{seconds: number, wav: Buffer, mp3: Buffer}|null} null when there is no sound in it
 */
export function filesOf(pieces, trim) {
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  const samples = trim ? trimmed(all) : all;
  if (samples.length === 0) return null;
  return { seconds: samples.length / WAV_RATE, wav: wavOf(samples), mp3: mp3Of(samples) };
}
