// An audio element as the player sees it: is it playing, where, and what keeps it from it.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { audioFailure } from '../api/audio.ts';
import { Failure } from '../api/failure.ts';

export interface Audio {
  /** Goes on the audio element. */
  ref: { current: HTMLAudioElement | null };
  isPlaying: boolean;
  isWaiting: boolean;
  /** It was played to its end. */
  hasEnded: boolean;
  at: number;
  /** Of the file; null until it is known. */
  length: number | null;
  /** null while all is well. */
  problem: Failure | null;
  play: () => void;
  pause: () => void;
  seek: (seconds: number) => void;
  setRate: (rate: number) => void;
}

const NOT_READY_AGAIN_MS = 3_000;
/** Then it takes a click: what is not there after a minute is not about to come. */
const NOT_READY_TRIES = 20;

export function useAudio(url: string | null): Audio {
  const ref = useRef<HTMLAudioElement | null>(null);
  const tries = useRef(0);
  const isSecond = useRef(false);
  const [isPlaying, setPlaying] = useState(false);
  const [isWaiting, setWaiting] = useState(false);
  const [hasEnded, setEnded] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState<number | null>(null);
  const [problem, setProblem] = useState<Failure | null>(null);

  const play = useCallback(() => {
    const audio = ref.current;
    if (audio === null) return;
    setProblem(null);
    if (audio.error !== null) audio.load();
    // A refusal comes as the element's error event, or means that the reader must press play.
    audio.play().catch(() => setPlaying(false));
  }, []);

  useEffect(() => {
    const audio = ref.current;
    if (audio === null || url === null) return;
    const look = (): void => {
      setPlaying(!audio.paused && !audio.ended);
      setEnded(audio.ended);
      setAt(audio.currentTime);
      setLength(Number.isFinite(audio.duration) ? audio.duration : null);
    };
    const wait = (): void => setWaiting(true);
    const go = (): void => setWaiting(false);
    const fail = async (): Promise<void> => {
      setPlaying(false);
      setWaiting(false);
      const failure = await audioFailure(url);
      if (ref.current !== audio) return;
      // It may have come to be there in between; twice in a row it is the audio itself.
      if (failure === null && !isSecond.current) {
        isSecond.current = true;
        play();
        return;
      }
      isSecond.current = false;
      setProblem(failure ?? new Failure(200, 'unplayable'));
    };
    for (const event of LOOK_AT) audio.addEventListener(event, look);
    audio.addEventListener('waiting', wait);
    for (const event of GOES_ON) audio.addEventListener(event, go);
    audio.addEventListener('error', fail);
    return () => {
      for (const event of LOOK_AT) audio.removeEventListener(event, look);
      audio.removeEventListener('waiting', wait);
      for (const event of GOES_ON) audio.removeEventListener(event, go);
      audio.removeEventListener('error', fail);
    };
  }, [url, play]);

  // The phone network needs a few seconds after a call: then it plays by itself.
  useEffect(() => {
    if (problem?.code !== 'recording_not_ready') return;
    if (tries.current >= NOT_READY_TRIES) return;
    tries.current += 1;
    const timer = setTimeout(play, NOT_READY_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [problem, play]);

  const pause = (): void => ref.current?.pause();
  const seek = (seconds: number): void => {
    const audio = ref.current;
    if (audio === null) return;
    const end = length ?? seconds;
    audio.currentTime = Math.min(Math.max(0, seconds), end);
    setAt(audio.currentTime);
  };
  const setRate = (rate: number): void => {
    if (ref.current !== null) ref.current.playbackRate = rate;
  };
  return { ref, isPlaying, isWaiting, hasEnded, at, length, problem, play, pause, seek, setRate };
}

const LOOK_AT = ['play', 'pause', 'ended', 'timeupdate', 'durationchange', 'seeked'] as const;
const GOES_ON = ['playing', 'canplay', 'pause'] as const;
