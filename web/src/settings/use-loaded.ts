// Something that a page asks for once, and again when the reader says so.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { unreachable, type Failure } from '../api/failure.ts';
import { useSession } from '../session/context.ts';

export type Loaded<T> =
  { is: 'loading' } | { is: 'failed'; failure: Failure } | { is: 'here'; value: T };

export function useLoaded<T>(load: () => Promise<T>): {
  state: Loaded<T>;
  set: (value: T) => void;
  again: () => void;
} {
  const { onEnded } = useSession();
  const [state, setState] = useState<Loaded<T>>({ is: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    setState({ is: 'loading' });
    load().then(
      (value) => {
        if (isWanted) setState({ is: 'here', value });
      },
      (error) => {
        if (!isWanted) return;
        const failure = unreachable(error);
        if (failure.isSignedOut) onEnded();
        else setState({ is: 'failed', failure });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [load, onEnded, turn]);
  const set = useCallback((value: T) => setState({ is: 'here', value }), []);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  return { state, set, again };
}
