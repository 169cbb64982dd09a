// Everything for who is signed in: the feed at work, the shell, and in it the page.

import { useEffect, useMemo } from 'preact/hooks';
import { FeedContext } from '../feed/context.ts';
import { Feed } from '../feed/feed.ts';
import { Page } from '../pages/pages.tsx';
import { pageKey } from '../router/route.ts';
import { router } from '../router/router.ts';
import { SessionContext, type SessionHold } from '../session/context.ts';
import { useArrival, useStore } from './hooks.ts';
import { Shell } from './shell.tsx';

export function SignedIn(hold: SessionHold) {
  const { onEnded } = hold;
  const feed = useMemo(() => new Feed(onEnded), [onEnded]);
  useEffect(() => {
    feed.poller.start();
    return () => feed.poller.stop();
  }, [feed]);
  useStore(router);
  const { route } = router;
  useArrival(pageKey(route));
  return (
    <SessionContext.Provider value={hold}>
      <FeedContext.Provider value={feed}>
        <Shell>
          <Page route={route} />
        </Shell>
      </FeedContext.Provider>
    </SessionContext.Provider>
  );
}
