// Audio of a given length, made here: what the media of a recording is, unless
// somebody has really spoken.  Both kinds repeat themselves, so the longest takes
// no memory.

export const WAV_RATE = 8000;
const WAV_HEADER_BYTES = 44;
const TONE_HZ = 440;
const TONE_LEVEL = 6000;
const BLOCK_BYTES = 64 * 1024;

/** Bytes of a file, read a block at a time. @typedef {{length: number} & Iterable<Buffer>} Part */

/** A file: a head, then the same bytes over and over. */
export class LoopedFile {
  #head;
  #block;

  /**
   * @param {Buffer} head
   * @param {Buffer} loop
   * @param {number} length of the whole file in bytes
   */
  constructor(head, loop, length) {
    this.#head = head;
    this.#block = Buffer.concat(Array(Math.ceil(BLOCK_BYTES / loop.length)).fill(loop));
    this.length = length;
  }

  /** Its bytes from `first` to `last`, both included. @returns {Part} */
  part(first = 0, last = this.length - 1) {
    return { length: last + 1 - first, [Symbol.iterator]: () => this.#blocks(first, last + 1) };
  }

  *#blocks(from, end) {
    let at = from;
    while (at < end) {
      const inHead = at < this.#head.length;
      const start = inHead ? at : (at - this.#head.length) % this.#block.length;
      const block = (inHead ? this.#head : this.#block).subarray(start, start + end - at);
      yield block;
      at += block.length;
    }
  }
}

/** One second of a tone that pulses: 16 bit, mono, 8 kHz, which is the 128 kbit/s of Twilio's. */
const TONE = tone();

function tone() {
  const second = Buffer.alloc(WAV_RATE * 2);
  for (let i = 0; i < WAV_RATE; i += 1) {
    const time = i / WAV_RATE;
    const pulse = 0.6 + 0.4 * Math.cos(2 * Math.PI * time);
    const level = TONE_LEVEL * pulse * Math.sin(2 * Math.PI * TONE_HZ * time);
    second.writeInt16LE(Math.round(level), i * 2);
  }
  return second;
}

/** A WAV file of that tone. @param {number} seconds */
export function wavFile(seconds) {
  return wavOfBytes(WAV_HEADER_BYTES + Math.round(seconds * WAV_RATE) * 2);
}

/** A WAV file of so many bytes, its head included. */
export function wavOfBytes(bytes) {
  return new LoopedFile(wavHeader(bytes - WAV_HEADER_BYTES), TONE, bytes);
}

/** A WAV file of what was really said. @param {Int16Array} samples at 8 kHz */
export function wavOf(samples) {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => data.writeInt16LE(sample, 2 * i));
  return Buffer.concat([wavHeader(data.length), data]);
}

function wavHeader(dataBytes) {
  const head = Buffer.alloc(WAV_HEADER_BYTES);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // channels
  head.writeUInt32LE(WAV_RATE, 24);
  head.writeUInt32LE(WAV_RATE * 2, 28); // bytes a second
  head.writeUInt16LE(2, 32); // bytes a sample
  head.writeUInt16LE(16, 34); // bits a sample
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(dataBytes, 40);
  return head;
}

/** MPEG-2 layer III, no CRC, 32 kbit/s, 16 kHz, mono: frames of 144 bytes and 36 ms. */
const MP3_FRAME_BYTES = 144;
const MP3_FRAME_S = 0.036;

/**
 * A frame of a tone, of 16 periods: 444 Hz.  It needs no other frame's bits and ends where it
 * begins, so that repeated it is the tone for as long as one likes.  It is the 100th frame of
 * `lame --nores -m m -b 32 --cbr --resample 16` on a sine of 16 kHz and level 6000, without
 * the encoder's name and the zeros behind the 310 bits of its audio.
 */
const MP3_TONE = '//NIxAAJssYMALgE0P/+Ee7kGIE+EQcUGCMX/6/9G/////Uf/1////////6D/9vyP///tA==';
const MP3_FRAME = Buffer.alloc(MP3_FRAME_BYTES);
Buffer.from(MP3_TONE, 'base64').copy(MP3_FRAME);

/**
 * An MP3 of that tone; the 32 kbit/s are Twilio's.
 * @param {number} seconds
 */
export function mp3File(seconds) {
  const frames = Math.max(1, Math.round(seconds / MP3_FRAME_S));
  return new LoopedFile(Buffer.alloc(0), MP3_FRAME, frames * MP3_FRAME_BYTES);
}

/** The whole of it at once. @param {number} seconds */
export function wav(seconds) {
  return Buffer.concat([...wavFile(seconds).part()]);
}

/** The whole of it at once. @param {number} seconds */
export function mp3(seconds) {
  return Buffer.concat([...mp3File(seconds).part()]);
}
