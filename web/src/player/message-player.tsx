// A message with its waveform: to hear it, to go back and on, faster, and to take it along.
// Used by whoever shows a message; the element around it says whose it is.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Failure } from '../api/failure.ts';
import type { Call } from '../api/types.ts';
import { Icon } from '../components/icons.tsx';
import { useAudio, type Audio } from '../components/use-audio.ts';
import { clockDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { PlayerTrouble } from './trouble.tsx';
import { Wave } from './wave.tsx';

interface Props {
  who: string;
  message: NonNullable<Call['voicemail']>;
  /** Play at once, and be focused: somebody has asked for it. */
  isAsked?: boolean;
  /** Shown only with this. */
  onClose?: () => void;
  /** Do keys act wherever on the page the focus is, fields and buttons apart? */
  hasPageKeys?: boolean;
}

export const RATES = [1, 1.25, 1.5, 2] as const;
const SKIP_S = 5;
const NOT_READY = new Failure(409, 'recording_not_ready');

export function MessagePlayer({ who, message, isAsked = false, onClose, hasPageKeys }: Props) {
  const url = message.audio_url;
  const isHere = message.status === 'completed';
  const audio = useAudio(url);
  const { play } = audio;
  const [rate, setRate] = useRate(audio);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsked) button.current?.focus({ preventScroll: true });
  }, [isAsked]);
  useLayoutEffect(() => {
    if (isAsked && isHere) play();
  }, [isAsked, isHere, play]);

  const length = audio.length ?? message.duration_s ?? 0;
  const problem = audio.problem ?? (isHere ? null : NOT_READY);
  const act = (key: string): boolean => {
    if (key === 'Escape' && onClose !== undefined) onClose();
    else if (key === ' ') (audio.isPlaying ? audio.pause : audio.play)();
    else if (key === 'ArrowLeft') audio.seek(audio.at - SKIP_S);
    else if (key === 'ArrowRight') audio.seek(audio.at + SKIP_S);
    else if (key === '<') setRate(rate - 1);
    else if (key === '>') setRate(rate + 1);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isPressing(event)) return;
    if (act(event.key)) event.preventDefault();
  };
  usePageKeys(hasPageKeys === true, onKeyDown);
  return (
    <div class="message" role="group" aria-label={text.player.group(who)} onKeyDown={onKeyDown}>
      <audio ref={audio.ref} src={url} preload="none" />
      <div class="player">
        <button
          type="button"
          class="play"
          ref={button}
          aria-label={audio.isPlaying ? text.callPage.player.pause : text.callPage.player.play}
          onClick={audio.isPlaying ? audio.pause : audio.play}
        >
          <Icon name={audio.isPlaying ? 'pause' : 'play'} />
        </button>
        <Wave audio={audio} length={length} url={isHere ? url : null} />
        <p class="clock">
          <b>{clockDuration(audio.at)}</b> / {clockDuration(length)}
        </p>
      </div>
      <p class="vh" role="status">
        {audio.isWaiting && audio.isPlaying ? text.player.loading : ''}
      </p>
      {problem !== null && <PlayerTrouble failure={problem} onAgain={audio.play} />}
      <Tools audio={audio} url={url} rate={rate} onRate={setRate} onClose={onClose} />
    </div>
  );
}

interface ToolsProps {
  audio: Audio;
  url: string;
  rate: number;
  onRate: (rate: number) => void;
  onClose: (() => void) | undefined;
}

function Tools({ audio, url, rate, onRate, onClose }: ToolsProps) {
  const words = text.callPage.player;
  const speed = `${RATES[rate] ?? 1}×`;
  return (
    <div class="tools">
      <button
        type="button"
        class="btn"
        aria-label={words.back}
        onClick={() => audio.seek(audio.at - SKIP_S)}
      >
        <Icon name="back" small />
        {words.backShort}
      </button>
      <button
        type="button"
        class="btn"
        aria-label={words.speedAt(speed)}
        onClick={() => onRate((rate + 1) % RATES.length)}
      >
        {speed}
      </button>
      <a class="btn" href={url} download aria-label={words.mp3}>
        <Icon name="save" small />
        MP3
      </a>
      <a class="btn" href={url.replace(/\.mp3$/, '.wav')} download aria-label={words.wav}>
        <Icon name="save" small />
        WAV
      </a>
      <span class="push">
        <span class="sub hints" aria-hidden="true">
          <kbd>{words.space}</kbd> {words.playHint} <kbd>←</kbd> <kbd>→</kbd> {words.seek}{' '}
          <kbd>&lt;</kbd> <kbd>&gt;</kbd> {words.speed}
        </span>
        {onClose !== undefined && (
          <button
            type="button"
            class="btn btn-icon"
            aria-label={text.player.close}
            title={text.player.close}
            onClick={onClose}
          >
            <Icon name="x" small />
          </button>
        )}
      </span>
    </div>
  );
}

/** Which of the rates; neither slower than the first nor faster than the last. */
function useRate(audio: Audio): [number, (to: number) => void] {
  const [rate, setRate] = useState(0);
  const change = (to: number): void => {
    const at = Math.min(Math.max(0, to), RATES.length - 1);
    setRate(at);
    audio.setRate(RATES[at] ?? 1);
  };
  return [rate, change];
}

/** The space bar presses the button that it is on. */
function isPressing(event: KeyboardEvent): boolean {
  return event.key === ' ' && event.target instanceof Element && isControl(event.target);
}

function isControl(element: Element): boolean {
  return element.closest('button, a, summary, select, textarea, dialog') !== null;
}

function usePageKeys(isOn: boolean, onKeyDown: (event: KeyboardEvent) => void): void {
  const latest = useRef(onKeyDown);
  latest.current = onKeyDown;
  useEffect(() => {
    if (!isOn) return;
    const hear = (event: KeyboardEvent): void => {
      const at = event.target;
      if (at instanceof Element && (isControl(at) || at.closest('input, .message') !== null))
        return;
      latest.current(event);
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [isOn]);
}
