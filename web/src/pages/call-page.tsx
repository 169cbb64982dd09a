// One call, with all that is known of it.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallDetail } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { isLive } from '../call/outcome.ts';
import { Dangers } from '../call-page/dangers.tsx';
import { Facts } from '../call-page/facts.tsx';
import { Hero, Sentence } from '../call-page/hero.tsx';
import { Listens } from '../call-page/listens.tsx';
import { NoteEditor } from '../call-page/note-editor.tsx';
import { RawEvents } from '../call-page/raw-events.tsx';
import { TimeLine } from '../call-page/time-line.tsx';
import { useCall, type CallHold } from '../call-page/use-call.ts';
import { lineName, useLines } from '../call-page/use-lines.ts';
import { useAfter, useNow, useTitle } from '../components/hooks.ts';
import { Icon } from '../components/icons.tsx';
import { Notice } from '../components/notice.tsx';
import { PageNotice } from '../components/page-notice.tsx';
import { readersLocale } from '../format/locale.ts';
import { MessagePlayer } from '../player/message-player.tsx';
import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { preferences } from '../settings/preferences.ts';
import { text } from '../text.ts';

export function CallPage({ sid }: { sid: string }) {
  const { onEnded } = useSession();
  const hold = useCall(sid, onEnded);
  const [isErased, setErased] = useState(false);
  if (isErased) return <Gone words={text.callPage.erased} />;
  switch (hold.state.is) {
    case 'loading':
      return <Loading />;
    case 'failed':
      return (
        <Notice
          title={text.callPage.failed}
          failure={hold.state.failure}
          level="h1"
          onAgain={hold.again}
        />
      );
    case 'none':
      return <Gone words={text.callPage.none} />;
    case 'here':
      return <Shown detail={hold.state.detail} hold={hold} onErased={() => setErased(true)} />;
  }
}

function Loading() {
  useTitle(text.pageTitle(text.callPage.title));
  const isLate = useAfter(300);
  return (
    <div class="wrap call" aria-busy="true">
      <p class="vh" role="status">
        {isLate && text.callPage.loading}
      </p>
      {isLate && (
        <div class="hero" aria-hidden="true">
          <span class="tile">
            <span class="sk sk-o" />
          </span>
          <div class="hero-who">
            <div class="sk w-1" />
            <div class="sk w-3" />
          </div>
        </div>
      )}
    </div>
  );
}

/** Not there, or not any more; told to who cannot see that the page has changed. */
function Gone({ words }: { words: { title: string; words: string } }) {
  useTitle(text.pageTitle(words.title));
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus({ preventScroll: true }), []);
  return (
    <div ref={place} tabIndex={-1}>
      <PageNotice icon="blocked" title={words.title} words={words.words}>
        <a class="btn btn-solid" href="/">
          {text.callPage.none.toCalls}
        </a>
      </PageNotice>
    </div>
  );
}

interface ShownProps {
  detail: CallDetail;
  hold: CallHold;
  onErased: () => void;
}

function Shown({ detail, hold, onErased }: ShownProps) {
  const { session } = useSession();
  const caller = callerOf(detail);
  useTitle(text.pageTitle(caller.name));
  const now = useNow(isLive(detail, Date.now()) ? 1000 : 60_000);
  const locale = readersLocale();
  const line = lineName(detail.line, useLines());
  const canMark = can(session, 'mark');
  return (
    <div class="wrap call">
      <a class="crumb" href="/">
        <Icon name="left" small />
        {text.callPage.back}
      </a>
      <Hero detail={detail} mark={hold.mark} canMark={canMark} />
      <Sentence detail={detail} locale={locale} now={now} />
      <div class="split">
        <div>
          {detail.voicemail !== null && (
            <Message
              who={caller.name}
              message={detail.voicemail}
              isAllowed={can(session, 'audio')}
            />
          )}
          <TimeLine {...{ detail, line, locale, now }} />
          <RawEvents detail={detail} />
        </div>
        <aside class="aside" aria-label={text.callPage.about}>
          <NoteEditor note={detail.note} canMark={canMark} mark={hold.mark} />
          <Facts {...{ detail, line, locale }} />
          {detail.voicemail !== null && <Listens listens={detail.listens} locale={locale} />}
          {can(session, 'admin') && <Dangers detail={detail} onErased={onErased} />}
        </aside>
      </div>
    </div>
  );
}

interface MessageProps {
  who: string;
  message: NonNullable<CallDetail['voicemail']>;
  isAllowed: boolean;
}

function Message({ who, message, isAllowed }: MessageProps) {
  const words = text.callPage.message;
  return (
    <section class="block" aria-labelledby="h-message">
      <h2 class="vh" id="h-message">
        {words.title}
      </h2>
      <div class="card">
        {isAllowed ? (
          <MessagePlayer who={who} message={message} hasPageKeys={preferences.get().shortcuts} />
        ) : (
          <p class="sub">{text.callPage.player.notAllowed}</p>
        )}
      </div>
      {message.transcript !== null && (
        <>
          <div class="block-h">
            <h3>{words.transcript}</h3>
            <span class="sub">{words.machine}</span>
          </div>
          <p class="said">{message.transcript}</p>
        </>
      )}
    </section>
  );
}
