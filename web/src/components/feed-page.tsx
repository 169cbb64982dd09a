// The page of calls: what goes on now, what was, and everything that can be said of both.

import { useDesk } from '../feed/context.ts';
import type { Desk } from '../feed/desk.ts';
import { filtersFrom, searchOf } from '../feed/filters.ts';
import { exportHref } from '../feed/query.ts';
import { capped } from '../format/count.ts';
import { router } from '../router/router.ts';
import { text } from '../text.ts';
import { Banner } from './banner.tsx';
import { Empty } from './empty.tsx';
import { FeedList, useDays } from './feed-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { useNow, useStore, useTitle } from './hooks.ts';
import { Icon } from './icons.tsx';
import { Lede } from './lede.tsx';
import { LiveBand } from './live-band.tsx';
import { Loading } from './loading.tsx';
import { News } from './news.tsx';
import { Nothing } from './nothing.tsx';
import { Notice } from './notice.tsx';
import { Search } from './search.tsx';
import { useRestoredScroll } from './use-restored-scroll.ts';

/** Rows tell minutes: the clock need not tick more often. */
const TICK_MS = 10_000;

export function FeedPage() {
  const desk = useDesk();
  useStore(desk);
  useStore(router);
  const { search } = router.url;
  desk.show(filtersFrom(search));
  const { filters, state } = desk.feed;
  const isEmpty = state.isLoaded && state.calls.length === 0 && searchOf(filters) === '';
  const isNew = isEmpty && desk.board.size === 0;
  useFeedTitle(desk);
  return (
    <>
      <Banner desk={desk} />
      <div class="head">
        <h1>{text.feed.title}</h1>
        {!isNew && (
          <div class="push">
            <Search filters={filters} />
            <a
              class="btn btn-line wide"
              href={exportHref(filters)}
              download=""
              aria-label={text.feed.exportLabel}
            >
              <Icon name="save" small />
              {text.feed.export}
            </a>
          </div>
        )}
      </div>
      <Content desk={desk} isNew={isNew} />
      <News sentence={desk.news} />
    </>
  );
}

function Content({ desk, isNew }: { desk: Desk; isNew: boolean }) {
  const now = useNow(TICK_MS);
  const days = useDays(desk, now);
  const { state, filters } = desk.feed;
  useRestoredScroll(desk);
  if (isNew) return <Empty />;
  return (
    <>
      {searchOf(filters) === '' && <Lede days={days} now={now} />}
      <FilterBar desk={desk} />
      <LiveBand desk={desk} />
      {state.isLoaded && days.length === 0 && state.next === null && <Nothing desk={desk} />}
      {state.isLoaded && days.length > 0 && (
        <FeedList key={searchOf(filters)} desk={desk} now={now} days={days} />
      )}
      {!state.isLoaded && <NotYet desk={desk} />}
    </>
  );
}

function NotYet({ desk }: { desk: Desk }) {
  const { failure } = desk.link;
  if (failure === null) return <Loading />;
  const { now } = desk.poller;
  return <Notice title={text.failure.title} failure={failure} level="h2" onAgain={now} />;
}

/** The tab says how many messages wait. */
function useFeedTitle(desk: Desk): void {
  const unheard = desk.counts?.unheard ?? 0;
  const title = text.pageTitle(text.feed.title);
  useTitle(unheard === 0 ? title : text.countedTitle(capped(unheard), title));
}
