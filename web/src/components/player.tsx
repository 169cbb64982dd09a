// A message, played where it stands.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Failure } from '../api/failure.ts';
import type { Call } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import { clockDuration } from '../format/duration.ts';
import { PlayerTrouble } from '../player/trouble.tsx';
import { preferences } from '../settings/preferences.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { PlayerTools } from './player-tools.tsx';
import { useAudio, type Audio } from './use-audio.ts';
import type { RowActions } from './use-row-actions.ts';
import { useSpeed } from './use-speed.ts';

interface Props {
  call: Call;
  who: string;
  message: NonNullable<Call['voicemail']>;
  rows: RowActions;
  desk: Desk;
}

const SKIP_S = 5;
const NOT_READY = new Failure(409, 'recording_not_ready');

export function Player({ call, who, message, rows, desk }: Props) {
  const url = message.audio_url;
  const audio = useAudio(url);
  const { play } = audio;
  const speed = useSpeed(audio.setRate);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  // Asked to open, asked to play; and again when the audio comes to be there.
  useLayoutEffect(() => {
    if (url !== null) play();
  }, [url, play]);
  // Who has listened to the end has heard it.
  useEffect(() => {
    if (audio.hasEnded) rows.markHeard([call], true, true);
  }, [audio.hasEnded]);

  const length = audio.length ?? message.duration_s ?? 0;
  const problem = url === null ? NOT_READY : audio.problem;
  const toggle = audio.isPlaying ? audio.pause : audio.play;
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') rows.setOpen(null);
    else if (event.key === 'ArrowLeft') audio.seek(audio.at - SKIP_S);
    else if (event.key === 'ArrowRight') audio.seek(audio.at + SKIP_S);
    else if (event.key === '<' && preferences.get().shortcuts) speed.step(-1);
    else if (event.key === '>' && preferences.get().shortcuts) speed.step(1);
    else return;
    event.preventDefault();
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
          onClick={toggle}
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
      {problem !== null && <PlayerTrouble failure={problem} onAgain={audio.play} />}
      {message.transcript !== null && <p class="said">{message.transcript}</p>}
      <PlayerTools call={call} who={who} url={url} rows={rows} desk={desk} speed={speed} />
    </div>
  );
}

/** `--done` draws how much was heard.  The arrows are the player's, wherever focus is in it. */
function Position({ audio, length }: { audio: Audio; length: number }) {
  const slider = useRef<HTMLInputElement>(null);
  const at = Math.min(audio.at, length);
  useLayoutEffect(() => {
    const done = length > 0 ? (at / length) * 100 : 0;
    slider.current?.style.setProperty('--done', `${done}%`);
  }, [at, length]);
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
    />
  );
}
