// The peaks of a message's audio.
//
// wavesurfer.js writes a <style> element, which the page's policy refuses, and its only ways
// around that are a nonce, which no static file has, or the hash of its present text in the
// server's configuration.  Of what it does the decoder is all that is left under a real range
// input, and that is the browser's own.

import { peaksOf } from './peaks.ts';

/** As many as the widest player draws. */
export const BARS = 140;

/** Telephone audio holds nothing above 4 kHz. */
const SAMPLE_RATE = 8_000;

/**
 * A part with an end is no listening: who asks for all of it from its beginning is noted as
 * having heard it.  What is longer than a quarter of an hour has no waveform.
 */
const PART = 'bytes=0-4194303';

const known = new Map<string, Promise<number[] | null>>();

/** null when it cannot be had or not be decoded: then there is a plain line. */
export function waveformOf(url: string): Promise<number[] | null> {
  let peaks = known.get(url);
  if (peaks === undefined) {
    peaks = load(url);
    known.set(url, peaks);
    void peaks.then((found) => {
      if (found === null) known.delete(url);
    });
  }
  return peaks;
}

async function load(url: string): Promise<number[] | null> {
  try {
    const response = await fetch(url, { headers: { Range: PART }, credentials: 'same-origin' });
    if (!response.ok || isCut(response)) return null;
    const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
    const audio = await context.decodeAudioData(await response.arrayBuffer());
    return peaksOf(audio.getChannelData(0), BARS);
  } catch {
    return null;
  }
}

/** "bytes 0-99/200": more follows than was asked for. */
function isCut(response: Response): boolean {
  const range = /bytes 0-(\d+)\/(\d+)/.exec(response.headers.get('Content-Range') ?? '');
  return range !== null && Number(range[1]) + 1 < Number(range[2]);
}
