// Audio of a given length, made here: what the media of a recording is.

const WAV_RATE = 8000;
const WAV_HEADER_BYTES = 44;
const TONE_HZ = 440;
const TONE_LEVEL = 6000;

/**
 * A WAV file of a tone that pulses once a second: 16 bit, mono, 8 kHz, which is
 * the 128 kbit/s of Twilio's.
 * @param {number} seconds
 */
export function wav(seconds) {
  const samples = Math.round(seconds * WAV_RATE);
  const file = Buffer.alloc(WAV_HEADER_BYTES + samples * 2);
  writeWavHeader(file, samples * 2);
  for (let i = 0; i < samples; i += 1) {
    const time = i / WAV_RATE;
    const pulse = 0.6 + 0.4 * Math.cos(2 * Math.PI * time);
    const level = TONE_LEVEL * pulse * Math.sin(2 * Math.PI * TONE_HZ * time);
    file.writeInt16LE(Math.round(level), WAV_HEADER_BYTES + i * 2);
  }
  return file;
}

function writeWavHeader(file, dataBytes) {
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(WAV_RATE, 24);
  file.writeUInt32LE(WAV_RATE * 2, 28); // bytes a second
  file.writeUInt16LE(2, 32); // bytes a sample
  file.writeUInt16LE(16, 34); // bits a sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
}

/** MPEG-2 layer III, no CRC, 32 kbit/s, 16 kHz, mono: frames of 144 bytes and 36 ms. */
const MP3_FRAME_HEADER = Buffer.from([0xff, 0xf3, 0x48, 0xc0]);
const MP3_FRAME_BYTES = 144;
const MP3_FRAME_S = 0.036;

/**
 * A valid MP3 of silence. A frame whose side information is all zeros has no
 * coefficients, so no encoder is needed; the 32 kbit/s are Twilio's.
 * @param {number} seconds
 */
export function mp3(seconds) {
  const frames = Math.max(1, Math.round(seconds / MP3_FRAME_S));
  const file = Buffer.alloc(frames * MP3_FRAME_BYTES);
  for (let i = 0; i < frames; i += 1) MP3_FRAME_HEADER.copy(file, i * MP3_FRAME_BYTES);
  return file;
}
