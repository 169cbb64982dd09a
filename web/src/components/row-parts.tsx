// The columns of a row that are words alone.

import type { Call } from '../api/types.ts';
import { shapeOf } from '../call/outcome.ts';
import { reasonText } from '../call/reason.ts';
import { clockDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { Icon, type IconName } from './icons.tsx';

/** The outcome in a word; under it the note, else the reason. */
export function How({ call, laterAt }: { call: Call; laterAt: string | undefined }) {
  const reason = reasonText(call, laterAt);
  const isDone = call.done_at !== null;
  const title = isDone ? text.reason.done(call.note ?? reason) : (call.note ?? reason);
  return (
    <div class="how">
      <p class="word">{text.outcome[shapeOf(call)]}</p>
      <p class="sub" title={title}>
        {isDone && <Marked icon="check" words={text.row.done} />}
        {call.note === null ? (
          <span class="clip">{reason}</span>
        ) : (
          <Marked icon="note" words={call.note} />
        )}
      </p>
    </div>
  );
}

function Marked({ icon, words }: { icon: IconName; words: string }) {
  return (
    <span class="notechip">
      <Icon name={icon} small />
      <span class="clip">{words}</span>
    </span>
  );
}

/** Talk or message over the whole; one line when that is all there is. */
export function Length({ call }: { call: Call }) {
  const talk = call.outcome === 'answered' ? clock(call.talk_s) : null;
  const message = clock(call.voicemail?.duration_s ?? null);
  const [word, part] = talk === null ? [text.row.message, message] : [text.row.talk, talk];
  const whole = clock(call.duration_s);
  return (
    <div class="len">
      {part !== null && (
        <p>
          <span>{word}</span> {part}
        </p>
      )}
      {whole !== null && (
        <p class={part === null ? undefined : 'sub'}>
          <span>{text.row.inAll}</span> {whole}
        </p>
      )}
    </div>
  );
}

function clock(seconds: number | null): string | null {
  return seconds === null ? null : clockDuration(seconds);
}
