// The waveform, drawn over a real range input, which is what is pressed and read out.

import { useEffect, useState } from 'preact/hooks';
import type { Audio } from '../components/use-audio.ts';
import { clockDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { fewerPeaks, wavePath } from './peaks.ts';
import { BARS, waveformOf } from './waveform.ts';

const NARROW_BARS = 60;
const SKIP_S = 5;

interface Props {
  audio: Audio;
  length: number;
  /** null while there is no audio to be drawn. */
  url: string | null;
}

export function Wave({ audio, length, url }: Props) {
  const peaks = useWaveform(url);
  const at = Math.min(audio.at, length);
  const done = length > 0 ? at / length : 0;
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -SKIP_S, ArrowRight: SKIP_S }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    audio.seek(audio.at + step);
  };
  return (
    <div class={peaks === null ? 'wave' : 'wave is-drawn'}>
      <Bars class="broad" peaks={peaks ?? silent(BARS)} done={done} />
      <Bars class="narrow" peaks={fewerPeaks(peaks ?? silent(BARS), NARROW_BARS)} done={done} />
      <input
        type="range"
        min="0"
        max={Math.max(length, 1)}
        step="0.1"
        value={at}
        aria-label={text.player.position}
        aria-valuetext={text.player.positionText(clockDuration(at), clockDuration(length))}
        onInput={(event) => audio.seek(Number(event.currentTarget.value))}
        onKeyDown={keys}
      />
    </div>
  );
}

function silent(bars: number): number[] {
  return Array.from({ length: bars }, () => 0);
}

/** What was heard in full colour, what was not yet paler, and a line between the two. */
function Bars({ class: name, peaks, done }: { class: string; peaks: number[]; done: number }) {
  const width = peaks.length * 4;
  const heard = Math.round(done * peaks.length);
  return (
    <svg class={name} viewBox={`0 0 ${width} 44`} preserveAspectRatio="none" aria-hidden="true">
      <path class="on" d={wavePath(peaks, 0, heard)} />
      <path class="off" d={wavePath(peaks, heard, peaks.length)} />
      {done > 0 && <path class="at" d={`M${(done * width).toFixed(1)} 1V43`} />}
    </svg>
  );
}

function useWaveform(url: string | null): number[] | null {
  const [peaks, setPeaks] = useState<number[] | null>(null);
  useEffect(() => {
    let isWanted = true;
    setPeaks(null);
    if (url !== null) {
      void waveformOf(url).then((found) => {
        if (isWanted) setPeaks(found);
      });
    }
    return () => {
      isWanted = false;
    };
  }, [url]);
  return peaks;
}
