// The audio of a recording: GET Recordings/{Sid}, .wav and .mp3, with ranges.
// https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file

import { mp3File, wavFile } from './audio.js';
import { notFound, RestError } from './errors.js';

/** @type {Record<string, [type: string, make: (seconds: number) => import('./audio.js').LoopedFile]>} */
const FORMATS = {
  '': ['audio/x-wav', wavFile],
  '.wav': ['audio/x-wav', wavFile],
  '.mp3': ['audio/mpeg', mp3File],
};

/**
 * @param {import('./rows.js').Row} row of the recording
 * @param {''|'.wav'|'.mp3'} suffix
 * @param {{query: URLSearchParams, headers: Record<string, string>, path: string}} request
 * @returns {import('./delivery.js').Answer}
 */
export function media(row, suffix, { query, headers, path }) {
  if (row?.status !== 'completed') throw notFound(path);
  if (query.get('RequestedChannels') === '2' && row.channels !== 2) {
    throw new RestError(400, 20001, 'Requested channels are not available');
  }
  const [type, make] = FORMATS[suffix];
  const file = make(Number(row.duration));
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
