// Everything for who is signed in: the desk at work, the shell, and in it the page.

import { useEffect, useMemo } from 'preact/hooks';
import { DeskContext } from '../feed/context.ts';
import { Desk } from '../feed/desk.ts';
import { Page } from '../pages/pages.tsx';
import { pageKey } from '../router/route.ts';
import { router } from '../router/router.ts';
import { SessionContext, type SessionHold } from '../session/context.ts';
import { useArrival, useStore } from './hooks.ts';
import { Shell } from './shell.tsx';

export function SignedIn(hold: SessionHold) {
  const { onEnded } = hold;
  const desk = useMemo(() => new Desk(onEnded), [onEnded]);
  useEffect(() => {
    desk.start();
    return () => desk.stop();
  }, [desk]);
  useStore(router);
  const { route } = router;
  useArrival(pageKey(route));
  return (
    <SessionContext.Provider value={hold}>
      <DeskContext.Provider value={desk}>
        <Shell>
          <Page route={route} />
        </Shell>
      </DeskContext.Provider>
    </SessionContext.Provider>
  );
}
