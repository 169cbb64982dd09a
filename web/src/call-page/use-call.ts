// One call, asked for again as long as its page is open: often while it lasts.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { unreachable, type Failure } from '../api/failure.ts';
import { markCall, type Marks } from '../api/marks.ts';
import type { CallDetail } from '../api/types.ts';
import { isLive } from '../call/outcome.ts';
import { useDesk } from '../feed/context.ts';
import { loadCall } from './load.ts';

export type CallState =
  | { is: 'loading' }
  | { is: 'failed'; failure: Failure }
  | { is: 'none' }
  | { is: 'here'; detail: CallDetail };

export interface CallHold {
  state: CallState;
  again: () => void;
  /** Throws a Failure, and nothing is changed then. */
  mark: (marks: Marks & { note?: string | null }) => Promise<void>;
}

const LIVE_MS = 1_200;
/** What Twilio tells of an ended call, its recording first of all, comes in the next moments. */
const FRESH_MS = 2_500;
const FRESH_FOR_MS = 60_000;
const SETTLED_MS = 15_000;

export function delayFor(detail: CallDetail | null, now: number): number {
  if (detail === null) return SETTLED_MS;
  if (isLive(detail, now)) return LIVE_MS;
  const ended = Date.parse(detail.ended_at ?? detail.updated_at);
  return now - ended < FRESH_FOR_MS ? FRESH_MS : SETTLED_MS;
}

export function useCall(sid: string, onEnded: () => void): CallHold {
  const [state, setState] = useState<CallState>({ is: 'loading' });
  const [turn, setTurn] = useState(0);
  const desk = useDesk();
  const known = useRef<{ detail: CallDetail | null; etag: string | null }>({
    detail: null,
    etag: null,
  });

  const learn = useCallback((detail: CallDetail, etag: string | null) => {
    known.current = { detail, etag };
    setState({ is: 'here', detail });
  }, []);

  const ask = useCallback(async (): Promise<void> => {
    try {
      const loaded = await loadCall(sid, known.current.etag);
      if (loaded === null) return setState({ is: 'none' });
      if (loaded !== 'same') learn(loaded.detail, loaded.etag);
    } catch (error) {
      const failure = unreachable(error);
      if (failure.isSignedOut) return onEnded();
      // What was shown once stays: the side bar says that it may be old.
      if (known.current.detail === null) setState({ is: 'failed', failure });
    }
  }, [sid, learn, onEnded]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const go = async (): Promise<void> => {
      clearTimeout(timer);
      if (!document.hidden) await ask();
      if (!isOver) timer = setTimeout(go, delayFor(known.current.detail, Date.now()));
    };
    const wake = (): void => {
      if (!document.hidden) void go();
    };
    void go();
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
    };
  }, [ask, turn]);

  // The lists know of a change within a second, if the call is in what they show.
  useEffect(
    () =>
      desk.subscribe(() => {
        const listed = desk.feed.state.calls.find((call) => call.sid === sid);
        const { detail } = known.current;
        if (listed === undefined || detail === null) return;
        if (Date.parse(listed.updated_at) > Date.parse(detail.updated_at)) void ask();
      }),
    [desk, sid, ask],
  );

  const again = useCallback(() => {
    setState({ is: 'loading' });
    setTurn((n) => n + 1);
  }, []);
  const mark: CallHold['mark'] = useCallback(
    async (marks) => {
      const call = await markCall(sid, marks);
      desk.patch([call]);
      const { detail } = known.current;
      if (detail !== null) learn({ ...detail, ...call }, null);
    },
    [sid, learn, desk],
  );
  return { state, again, mark };
}
