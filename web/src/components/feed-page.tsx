// The page of calls: the feed at work, and everything that can be said of it.

import { useEffect, useMemo } from 'preact/hooks';
import type { Session } from '../api/session.ts';
import { Feed } from '../feed/feed.ts';
import { isInterrupted } from '../feed/link.ts';
import { liveCalls } from '../feed/state.ts';
import { grouped } from '../format/phone.ts';
import { text } from '../text.ts';
import { Banner } from './banner.tsx';
import { Empty } from './empty.tsx';
import { FeedList } from './feed-list.tsx';
import { useNow, useOffline, useStore, useTitle } from './hooks.ts';
import { Lede } from './lede.tsx';
import { LiveBand } from './live-band.tsx';
import { Loading } from './loading.tsx';
import { News } from './news.tsx';
import { Notice } from './notice.tsx';
import { Shell } from './shell.tsx';

interface Props {
  session: Session;
  onSignedOut: () => void;
  onSignOut: () => Promise<void>;
}

export function FeedPage({ session, onSignedOut, onSignOut }: Props) {
  const feed = useMemo(() => new Feed(onSignedOut), [onSignedOut]);
  useStore(feed);
  useEffect(() => {
    feed.poller.start();
    return () => feed.poller.stop();
  }, [feed]);
  useTitle(text.pageTitle(text.feed.title));
  const now = useNow(1000);
  const isOffline = useOffline();

  const { state, link } = feed;
  const lines = new Set(state.calls.map(({ line }) => line));
  const [line] = lines;
  const isLost = isInterrupted(link, isOffline, now);
  return (
    <Shell
      session={session}
      line={lines.size === 1 && line !== undefined ? grouped(line) : null}
      linkState={isOffline ? 'offline' : isLost ? 'lost' : 'live'}
      onSignOut={onSignOut}
    >
      <Banner feed={feed} isOffline={isOffline} now={now} />
      <div class="head">
        <h1>{text.feed.title}</h1>
      </div>
      {state.isLoaded ? (
        <Calls feed={feed} now={now} showLine={lines.size > 1} />
      ) : link.failure !== null ? (
        <Notice
          title={text.failure.title}
          failure={link.failure}
          level="h2"
          onAgain={feed.poller.now}
        />
      ) : (
        <Loading />
      )}
      <News sentence={feed.news} />
    </Shell>
  );
}

function Calls({ feed, now, showLine }: { feed: Feed; now: number; showLine: boolean }) {
  const { state } = feed;
  if (state.calls.length === 0) return <Empty />;
  return (
    <>
      <Lede state={state} now={now} />
      <LiveBand calls={liveCalls(state, now)} details={state.details} now={now} />
      <FeedList feed={feed} now={now} showLine={showLine} />
    </>
  );
}
