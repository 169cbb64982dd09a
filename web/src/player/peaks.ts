// How loud a message is, moment by moment: the heights of its waveform.  Pure.

/** The loudest sample of each of `bars` equal parts, the loudest of all as 1. */
export function peaksOf(samples: Float32Array, bars: number): number[] {
  if (samples.length === 0) return [];
  const peaks = Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * samples.length) / bars);
    const to = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / bars));
    let peak = 0;
    for (let at = from; at < to; at += 1) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    return peak;
  });
  const loudest = Math.max(...peaks);
  return loudest === 0 ? peaks : peaks.map((peak) => peak / loudest);
}

/** As many bars as there is room for, from those of the finest drawing. */
export function fewerPeaks(peaks: readonly number[], bars: number): number[] {
  if (bars >= peaks.length) return [...peaks];
  return Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * peaks.length) / bars);
    const to = Math.floor(((i + 1) * peaks.length) / bars);
    return Math.max(...peaks.slice(from, to));
  });
}

const MIDDLE = 22;
const TALLEST = 19;
/** Silence is a dot, so that its length is seen too. */
const SHORTEST = 1;

/** The bars `from` to `to` as one path: bar i stands at 4 i + 2, and the box is 44 high. */
export function wavePath(peaks: readonly number[], from: number, to: number): string {
  let path = '';
  for (let i = from; i < to; i += 1) {
    const half = Math.max(SHORTEST, (peaks[i] ?? 0) * TALLEST);
    path += `M${4 * i + 2} ${(MIDDLE - half).toFixed(1)}V${(MIDDLE + half).toFixed(1)}`;
  }
  return path;
}
