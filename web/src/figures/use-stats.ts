// The figures of a range, and of as many days before.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { unreachable, type Failure } from '../api/failure.ts';
import { statsOf, type Stats, type StatsQuery } from '../api/stats.ts';
import { before, type Range } from './range.ts';

export type StatsState =
  | { is: 'loading' }
  | { is: 'failed'; failure: Failure }
  | { is: 'here'; stats: Stats; before: Stats | null; isOld: boolean };

/** While others are asked for, those of the range before stay, and are told to be old. */
export function useStats(
  range: Range,
  tz: string,
  onEnded: () => void,
): { state: StatsState; again: () => void } {
  const [state, setState] = useState<StatsState>({ is: 'loading' });
  const [turn, setTurn] = useState(0);
  const { since, until, line } = range;
  useEffect(() => {
    let isWanted = true;
    const query = (of: Pick<Range, 'since' | 'until'>): StatsQuery => {
      const days = { since: of.since, until: of.until, tz };
      return line === null ? days : { ...days, line };
    };
    const ask = async (): Promise<void> => {
      const stats = await statsOf(query({ since, until }));
      if (!isWanted) return;
      setState({ is: 'here', stats, before: null, isOld: false });
      const earlier = await statsOf(query(before({ preset: null, since, until, line }))).catch(
        () => null,
      );
      if (isWanted) setState({ is: 'here', stats, before: earlier, isOld: false });
    };
    setState((now) => (now.is === 'here' ? { ...now, isOld: true } : { is: 'loading' }));
    ask().catch((error) => {
      if (!isWanted) return;
      const failure = unreachable(error);
      if (failure.isSignedOut) return onEnded();
      setState({ is: 'failed', failure });
    });
    return () => {
      isWanted = false;
    };
  }, [since, until, line, tz, turn, onEnded]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  return { state, again };
}
