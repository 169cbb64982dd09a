// The audio of a recording: GET Recordings/{Sid}, .wav and .mp3, with ranges.
// https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file

import { mp3File, wavFile } from './audio.js';
import { notFound, RestError } from './errors.js';

/** @type {Record<string, [type: string, kind: 'wav'|'mp3', make: (seconds: number) => import('./audio.js').LoopedFile]>} */
const FORMATS = {
  '': ['audio/x-wav', 'wav', wavFile],
  '.wav': ['audio/x-wav', 'wav', wavFile],
  '.mp3': ['audio/mpeg', 'mp3', mp3File],
};

/** What somebody has really said. */
class KeptFile {
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  part(first = 0, last = this.length - 1) {
    return this.#bytes.subarray(first, last + 1);
  }
}

/**
 * @param {import('./rows.js').Row} row of the recording
 * @param {''|'.wav'|'.mp3'} suffix
 * @param {{query: URLSearchParams, headers: Record<string, string>, path: string}} request
 * @param {(sid: string, kind: 'wav'|'mp3') => Buffer|null} spoken the audio, where it is kept
 * @returns {import('./delivery.js').Answer}
 */
export function media(row, suffix, { query, headers, path }, spoken = () => null) {
  if (row?.status !== 'completed') throw notFound(path);
  if (query.get('RequestedChannels') === '2' && row.channels !== 2) {
    throw new RestError(400, 20001, 'Requested channels are not available');
  }
  const [type, kind, make] = FORMATS[suffix];
  const kept = spoken(row.sid, kind);
  const file = kept === null ? make(Number(row.duration)) : new KeptFile(kept);
  return { ...cut(file, headers.range), type };
}

/** The whole file, or the range of it that was asked for. */
function cut(file, range) {
  const [first, last] = rangeOf(range, file.length) ?? [];
  if (first === undefined)
    return { status: 200, headers: { 'Accept-Ranges': 'bytes' }, body: file.part() };
  if (first > last) {
    return {
      status: 416,
      headers: { 'Content-Range': `bytes */${file.length}` },
      body: Buffer.alloc(0),
    };
  }
  return {
    status: 206,
    headers: { 'Accept-Ranges': 'bytes', 'Content-Range': `bytes ${first}-${last}/${file.length}` },
    body: file.part(first, last),
  };
}

/** One range; whatever is malformed or more than one is ignored, as RFC 9110 14.2 allows. */
function rangeOf(header, length) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || (first === '' && last === '')) return null;
  if (first === '') return [Math.max(0, length - Number(last)), length - 1];
  if (Number(first) >= length) return [1, 0];
  return [Number(first), last === '' ? length - 1 : Math.min(Number(last), length - 1)];
}
