// Who called and what to do about it, then how it went in a sentence.

import { useState } from 'preact/hooks';
import { unreachable, type Failure } from '../api/failure.ts';
import type { CallDetail } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { isToDo, isUnheard, shapeOf } from '../call/outcome.ts';
import { reasonText } from '../call/reason.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icons.tsx';
import { shortDuration } from '../format/duration.ts';
import type { Locale } from '../format/locale.ts';
import { clockTime, dayName, fullTime } from '../format/time.ts';
import { callPath } from '../router/route.ts';
import { text } from '../text.ts';
import { shortTime } from './clock.ts';
import type { CallHold } from './use-call.ts';

interface Props {
  detail: CallDetail;
  mark: CallHold['mark'];
  canMark: boolean;
}

export function Hero({ detail, mark, canMark }: Props) {
  const caller = callerOf(detail);
  const shape = shapeOf(detail);
  const number = /^\+\d+$/.test(detail.from ?? '') ? detail.from : null;
  const words = text.callPage.act;
  return (
    <header class={`hero o-${shape}${isToDo(detail) ? ' todo' : ''}`}>
      <span class="tile">
        <Icon name={shape} />
      </span>
      <div class="hero-who">
        <h1>
          <bdi>{caller.name}</bdi>
        </h1>
        {caller.more !== '' && <p class="sub">{caller.more}</p>}
      </div>
      <div class="acts">
        {number !== null && (
          <>
            <a class="btn btn-solid" href={`tel:${number}`}>
              <Icon name="phone" small />
              {words.callBack}
            </a>
            <CopyButton
              class="btn btn-line"
              value={number}
              words={words.copy}
              copied={words.copied}
            />
          </>
        )}
        {canMark && <Marks detail={detail} mark={mark} />}
      </div>
    </header>
  );
}

function Marks({ detail, mark }: Omit<Props, 'canMark'>) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const words = text.callPage.act;
  const press = (marks: Parameters<CallHold['mark']>[0]): void => {
    setFailure(null);
    mark(marks).catch((error) => setFailure(unreachable(error)));
  };
  const { voicemail, outcome } = detail;
  const isHeard = voicemail?.heard_at != null;
  const isDone = detail.done_at !== null;
  const hasToCallBack = outcome === 'missed' || outcome === 'abandoned' || outcome === 'failed';
  return (
    <>
      {voicemail !== null && (
        <button type="button" class="btn btn-line" onClick={() => press({ heard: !isHeard })}>
          <Icon name={isUnheard(detail) ? 'check' : 'back'} small />
          {isHeard ? words.unheard : words.heard}
        </button>
      )}
      {(hasToCallBack || voicemail !== null || isDone) && (
        <button type="button" class="btn btn-line" onClick={() => press({ done: !isDone })}>
          <Icon name={isDone ? 'back' : 'check'} small />
          {isDone ? words.undone : words.done}
        </button>
      )}
      {failure !== null && (
        <p class="err acts-err" role="alert">
          <Icon name="alert" small />
          {failureWords(failure)}
        </p>
      )}
    </>
  );
}

export function failureWords(failure: Failure): string {
  const words = text.callPage.act;
  return failure.status === 0 ? words.offline : words.failed(failure.code);
}

export function Sentence({
  detail,
  locale,
  now,
}: {
  detail: CallDetail;
  locale: Locale;
  now: number;
}) {
  const words = text.callPage.sentence;
  const shape = shapeOf(detail);
  const at = new Date(detail.started_at);
  const day = dayName(at, new Date(now), locale);
  const isNear = day === text.time.today || day === text.time.yesterday;
  const when = words.at(isNear ? day.toLowerCase() : day, clockTime(at, locale));
  const message = detail.voicemail?.duration_s ?? null;
  return (
    <div class={`why o-${shape}`}>
      <p>
        <span class="word">{shape === 'live' ? words.live : text.outcome[shape]}</span>,{' '}
        <time dateTime={detail.started_at} title={fullTime(at, locale)}>
          {when}
        </time>
        . {detail.outcome !== null && <b>{reasonText({ ...detail, answered_later: null })}.</b>}{' '}
        {message !== null && words.message(shortDuration(message))}{' '}
        {detail.outcome === 'answered' &&
          detail.talk_s !== null &&
          words.talk(shortDuration(detail.talk_s))}
      </p>
      {detail.answered_later !== null && (
        <p class="why-more">
          <Icon name="answered" small />
          {text.callPage.laterAnswered}{' '}
          <a href={callPath(detail.answered_later)}>{text.callPage.laterLink}</a>
        </p>
      )}
      {detail.done_at !== null && (
        <p class="why-more">
          <Icon name="check" small />
          {text.callPage.doneAt(shortTime(new Date(detail.done_at), locale))}
        </p>
      )}
    </div>
  );
}
