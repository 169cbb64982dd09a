// A message, played where it stands.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Failure } from '../api/failure.ts';
import type { Call } from '../api/types.ts';
import { clockDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { useAudio, type Audio } from './use-audio.ts';

interface Props {
  who: string;
  message: NonNullable<Call['voicemail']>;
  onClose: () => void;
}

const RATES = [1, 1.25, 1.5, 2, 0.75] as const;
const SKIP_S = 5;
const NOT_READY = new Failure(409, 'recording_not_ready');

export function Player({ who, message, onClose }: Props) {
  const url = message.audio_url;
  const audio = useAudio(url);
  const { play } = audio;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  // Asked to open, asked to play; and again when the audio comes to be there.
  useLayoutEffect(() => {
    if (url !== null) play();
  }, [url, play]);

  const length = audio.length ?? message.duration_s ?? 0;
  const problem = url === null ? NOT_READY : audio.problem;
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
  };
  return (
    <div class="panel" role="group" aria-label={text.player.group(who)} onKeyDown={keys}>
      {url !== null && <audio ref={audio.ref} src={url} preload="none" />}
      <div class="player">
        <button
          type="button"
          class="play"
          ref={button}
          aria-label={audio.isPlaying ? text.player.pause : text.player.play}
          aria-disabled={url === null}
          onClick={audio.isPlaying ? audio.pause : audio.play}
        >
          <Icon name={audio.isPlaying ? 'pause' : 'play'} />
        </button>
        <Position audio={audio} length={length} />
        <p class="clock">
          <b>{clockDuration(audio.at)}</b> / {clockDuration(length)}
        </p>
      </div>
      <p class="vh" role="status">
        {audio.isWaiting && audio.isPlaying ? text.player.loading : ''}
      </p>
      {problem !== null && <Problem failure={problem} onAgain={audio.play} />}
      {message.transcript !== null && <p class="said">{message.transcript}</p>}
      <div class="tools">
        {url !== null && (
          <a class="btn" href={url} download>
            <Icon name="save" small />
            {text.player.download}
          </a>
        )}
        <Speed onRate={audio.setRate} />
        <span class="push">
          <button
            type="button"
            class="btn btn-icon"
            aria-label={text.player.close}
            title={text.player.close}
            onClick={onClose}
          >
            <Icon name="x" small />
          </button>
        </span>
      </div>
    </div>
  );
}

/** Moves by 5 s with the arrows; `--done` draws how much was heard. */
function Position({ audio, length }: { audio: Audio; length: number }) {
  const slider = useRef<HTMLInputElement>(null);
  const at = Math.min(audio.at, length);
  useLayoutEffect(() => {
    const done = length > 0 ? (at / length) * 100 : 0;
    slider.current?.style.setProperty('--done', `${done}%`);
  }, [at, length]);
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -SKIP_S, ArrowRight: SKIP_S }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    audio.seek(audio.at + step);
  };
  return (
    <input
      class="position"
      type="range"
      ref={slider}
      min="0"
      max={Math.max(length, 1)}
      step="0.1"
      value={at}
      aria-label={text.player.position}
      aria-valuetext={text.player.positionText(clockDuration(at), clockDuration(length))}
      onInput={(event) => audio.seek(Number(event.currentTarget.value))}
      onKeyDown={keys}
    />
  );
}

function Speed({ onRate }: { onRate: (rate: number) => void }) {
  const [at, setAt] = useState(0);
  const rate = `${RATES[at] ?? 1}×`;
  const next = (): void => {
    const to = (at + 1) % RATES.length;
    setAt(to);
    onRate(RATES[to] ?? 1);
  };
  return (
    <button type="button" class="btn" aria-label={text.player.speed(rate)} onClick={next}>
      {rate}
    </button>
  );
}

/** Of these only the first mends itself, and of the others not all can be mended. */
const HOPELESS = ['recording_not_ready', 'recording_gone', 'scope_missing'];

function Problem({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  const { code } = failure;
  const { failures } = text.player;
  const words = isKnown(code) ? failures[code] : failures.other(code);
  // Why the storage refuses is known only there.
  const detail = code === 'upstream_failed' ? failure.message : '';
  const isWaiting = code === 'recording_not_ready';
  return (
    <div class={isWaiting ? 'trouble is-calm' : 'trouble'} role={isWaiting ? 'status' : 'alert'}>
      <Icon name={isWaiting ? 'back' : 'alert'} small />
      <p>
        {words} {detail}
      </p>
      {!HOPELESS.includes(code) && (
        <button type="button" class="btn btn-line" onClick={onAgain}>
          {text.player.again}
        </button>
      )}
    </div>
  );
}

type Known = Exclude<keyof typeof text.player.failures, 'other'>;

function isKnown(code: string): code is Known {
  return code !== 'other' && Object.hasOwn(text.player.failures, code);
}
