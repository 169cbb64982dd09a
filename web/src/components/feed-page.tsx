// The page of calls: the feed at work, and everything that can be said of it.

import { useFeed } from '../feed/context.ts';
import type { Feed } from '../feed/feed.ts';
import { liveCalls } from '../feed/state.ts';
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

export function FeedPage() {
  const feed = useFeed();
  useStore(feed);
  useTitle(text.pageTitle(text.feed.title));
  const now = useNow(1000);
  const isOffline = useOffline();

  const { state, link } = feed;
  const lines = new Set(state.calls.map(({ line }) => line));
  return (
    <>
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
    </>
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
