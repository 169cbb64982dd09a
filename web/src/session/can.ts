import type { Session } from '../api/types.ts';

export type Scope = Session['scopes'][number];

/** Whether who is signed in may do this; admin includes everything. */
export function can(session: Pick<Session, 'scopes'>, scope: Scope): boolean {
  return session.scopes.includes('admin') || session.scopes.includes(scope);
}
