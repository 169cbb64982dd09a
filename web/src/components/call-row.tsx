// One call of the list: who, how it ended and why, how long, when.  A message opens under it.

import { useEffect, useRef } from 'preact/hooks';
import type { Call } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { isToDo, isUnheard, shapeOf } from '../call/outcome.ts';
import { reasonText } from '../call/reason.ts';
import { clockDuration } from '../format/duration.ts';
import type { Locale } from '../format/locale.ts';
import { grouped } from '../format/phone.ts';
import { feedTime, fullTime } from '../format/time.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { Player } from './player.tsx';

interface Props {
  call: Call;
  now: number;
  locale: Locale;
  showLine: boolean;
  laterAt: string | undefined;
  isOpen: boolean;
  onOpen: (sid: string | null) => void;
}

export function CallRow({ call, now, locale, showLine, laterAt, isOpen, onOpen }: Props) {
  const caller = callerOf(call);
  const shape = shapeOf(call);
  const reason = reasonText(call, laterAt);
  const length = clock(call.voicemail?.duration_s ?? null);
  const pill = useFocusAfterClose(isOpen);
  const states = [`o-${shape}`, isToDo(call) && 'todo', isUnheard(call) && 'unheard'];
  return (
    <li class={isOpen ? 'is-open' : undefined} data-sid={call.sid}>
      <div class={['row', ...states.filter(Boolean)].join(' ')}>
        <span class="tile">
          <Icon name={shape} />
        </span>
        <div class="who">
          <h3 class="name">
            <span class="clip">
              {isUnheard(call) && <span class="vh">{text.row.unheard} </span>}
              <bdi>{caller.name}</bdi>
            </span>
          </h3>
          <p class="sub clip">{caller.more}</p>
        </div>
        <div class="how">
          <p class="word">{text.outcome[shape]}</p>
          <p class="sub" title={call.note ?? reason}>
            {call.note === null ? reason : <Note words={call.note} />}
          </p>
        </div>
        <div class="act">
          {call.voicemail !== null && !isOpen && (
            <button
              type="button"
              class="playpill"
              ref={pill}
              aria-label={text.row.playLabel(caller.name, length)}
              onClick={() => onOpen(call.sid)}
            >
              <span class="disc">
                <Icon name="play" small />
              </span>
              <span class="pword">{text.row.play}</span>
              <span class="plen">{length ?? text.row.play}</span>
            </button>
          )}
        </div>
        <Length call={call} />
        <div class="when">
          <When at={new Date(call.started_at)} now={now} locale={locale} />
          {showLine && <p class="sub clip">{grouped(call.line)}</p>}
        </div>
      </div>
      {isOpen && call.voicemail !== null && (
        <Player who={caller.name} message={call.voicemail} onClose={() => onOpen(null)} />
      )}
    </li>
  );
}

function Note({ words }: { words: string }) {
  return (
    <span class="notechip">
      <Icon name="note" small />
      <span class="clip">{words}</span>
    </span>
  );
}

/** Talk or message over the whole; one line when that is all there is. */
function Length({ call }: { call: Call }) {
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

function When({ at, now, locale }: { at: Date; now: number; locale: Locale }) {
  return (
    <time dateTime={at.toISOString()} title={fullTime(at, locale)}>
      {feedTime(at, new Date(now), locale)}
    </time>
  );
}

function clock(seconds: number | null): string | null {
  return seconds === null ? null : clockDuration(seconds);
}

/** The button gives way to the player; when that closes, focus comes back to it. */
function useFocusAfterClose(isOpen: boolean) {
  const pill = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen && document.activeElement === document.body) {
      pill.current?.focus({ preventScroll: true });
    }
    wasOpen.current = isOpen;
  }, [isOpen]);
  return pill;
}
