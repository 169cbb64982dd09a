// Signed in or not: what the page shows hangs on that alone.

import { useCallback, useEffect, useReducer, useState } from 'preact/hooks';
import { Failure, unreachable } from '../api/failure.ts';
import { currentSession, signIn, signOut, type Session } from '../api/session.ts';
import { router } from '../router/router.ts';
import { hasLink, takeLink } from '../session/link.ts';
import { followLanguage } from '../settings/language.ts';
import { preferences } from '../settings/preferences.ts';
import { text } from '../text.ts';
import { useAfter, useTitle } from './hooks.ts';
import { Notice } from './notice.tsx';
import { ChoosePassword } from './choose-password.tsx';
import { SignIn } from './sign-in.tsx';
import { SignedIn } from './signed-in.tsx';

type State =
  | { is: 'asking'; byLink: boolean }
  | { is: 'unreachable'; failure: Failure }
  | { is: 'signed out'; why: 'ended' | 'link refused' | null }
  | { is: 'choosing'; session: Session }
  | { is: 'signed in'; session: Session };

export function App() {
  const [state, setState] = useState<State>({ is: 'asking', byLink: false });
  useLanguage();

  const ask = useCallback(async () => {
    const link = takeLink();
    setState({ is: 'asking', byLink: link !== null });
    setState(await (link === null ? byCookie() : byLink(link)));
  }, []);
  useEffect(() => {
    void ask();
    // A link may be opened in a tab that is here already.
    const look = (): void => void (hasLink() && ask());
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [ask]);

  const onEnded = useCallback(() => setState({ is: 'signed out', why: 'ended' }), []);
  const leave = useCallback(async () => {
    await signOut();
    setState({ is: 'signed out', why: null });
  }, []);
  const enter = useCallback((session: Session) => {
    if (router.route?.page === 'signin') router.go('/', { replace: true });
    setState({ is: session.password_wanted ? 'choosing' : 'signed in', session });
  }, []);
  const onChanged = useCallback((session: Session) => setState({ is: 'signed in', session }), []);

  switch (state.is) {
    case 'asking':
      return <Asking words={state.byLink ? text.signIn.linkBusy : text.feed.loading} />;
    case 'unreachable':
      return <Unreachable failure={state.failure} onAgain={ask} />;
    case 'signed out':
      return <SignIn why={state.why} onSignedIn={enter} />;
    case 'choosing':
      return <ChoosePassword session={state.session} onDone={onChanged} />;
    case 'signed in':
      return <SignedIn session={state.session} {...{ onEnded, leave, onChanged }} />;
  }
}

async function byCookie(): Promise<State> {
  try {
    const session = await currentSession();
    return session === null ? { is: 'signed out', why: null } : { is: 'signed in', session };
  } catch (error) {
    return { is: 'unreachable', failure: unreachable(error) };
  }
}

async function byLink(link: string): Promise<State> {
  try {
    const session = await signIn({ link });
    return { is: session.password_wanted ? 'choosing' : 'signed in', session };
  } catch (error) {
    const failure = unreachable(error);
    const isRefused = failure.status === 401 || failure.status === 400;
    return isRefused ? { is: 'signed out', why: 'link refused' } : { is: 'unreachable', failure };
  }
}

/** Draws everything anew when another language is chosen. */
function useLanguage(): void {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  useEffect(
    () =>
      preferences.subscribe(() => {
        void followLanguage()
          .catch(() => undefined)
          .then(() => redraw());
      }),
    [],
  );
}

function Asking({ words }: { words: string }) {
  const isLate = useAfter(300);
  return (
    <main class="gate" aria-busy="true">
      <p class="sub" role="status">
        {isLate && words}
      </p>
    </main>
  );
}

function Unreachable({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  useTitle(text.product);
  return (
    <main class="gate">
      <Notice title={text.failure.startTitle} failure={failure} level="h1" onAgain={onAgain} />
    </main>
  );
}
