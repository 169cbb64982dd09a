// Signed in or not: what the page shows hangs on that alone.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { Failure, unreachable } from '../api/failure.ts';
import { currentSession, signOut, type Session } from '../api/session.ts';
import { text } from '../text.ts';
import { FeedPage } from './feed-page.tsx';
import { useAfter, useTitle } from './hooks.ts';
import { Notice } from './notice.tsx';
import { SignIn } from './sign-in.tsx';

type State =
  | { is: 'asking' }
  | { is: 'unreachable'; failure: Failure }
  | { is: 'signed out'; hasEnded: boolean }
  | { is: 'signed in'; session: Session };

export function App() {
  const [state, setState] = useState<State>({ is: 'asking' });

  const ask = useCallback(async () => {
    setState({ is: 'asking' });
    try {
      const session = await currentSession();
      setState(
        session === null ? { is: 'signed out', hasEnded: false } : { is: 'signed in', session },
      );
    } catch (error) {
      setState({ is: 'unreachable', failure: unreachable(error) });
    }
  }, []);
  useEffect(() => void ask(), [ask]);

  const end = useCallback(() => setState({ is: 'signed out', hasEnded: true }), []);
  const leave = useCallback(async () => {
    await signOut();
    setState({ is: 'signed out', hasEnded: false });
  }, []);

  switch (state.is) {
    case 'asking':
      return <Asking />;
    case 'unreachable':
      return <Unreachable failure={state.failure} onAgain={ask} />;
    case 'signed out':
      return (
        <SignIn
          hasEnded={state.hasEnded}
          onSignedIn={(session) => setState({ is: 'signed in', session })}
        />
      );
    case 'signed in':
      return <FeedPage session={state.session} onSignedOut={end} onSignOut={leave} />;
  }
}

function Asking() {
  const isLate = useAfter(300);
  return (
    <main class="gate" aria-busy="true">
      <p class="sub" role="status">
        {isLate && text.feed.loading}
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
