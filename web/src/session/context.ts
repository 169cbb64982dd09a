// Who is signed in, for every page.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../api/types.ts';

export interface SessionHold {
  session: Session;
  /** Somebody or something ended the session: a request was answered with 401. */
  onEnded: () => void;
  /** Signs out here; rejects when the server could not be told. */
  leave: () => Promise<void>;
  /** What is known of the session has changed: its password was set. */
  onChanged: (session: Session) => void;
}

export const SessionContext = createContext<SessionHold | null>(null);

export function useSession(): SessionHold {
  const hold = useContext(SessionContext);
  if (hold === null) throw new Error('a page is drawn only for who is signed in');
  return hold;
}
