// Who is signed in: an API token, exchanged for a cookie that scripts cannot read.

import { Failure, failureOf } from './failure.ts';
import { ask, client, reached } from './request.ts';
import type { Session } from './types.ts';

export type { Session };

/** The session of the cookie; null when there is none. */
export async function currentSession(): Promise<Session | null> {
  try {
    return await ask(client.GET('/api/session'));
  } catch (error) {
    if (error instanceof Failure && error.isSignedOut) return null;
    throw error;
  }
}

export function signIn(token: string): Promise<Session> {
  return ask(client.POST('/api/session', { body: { token } }));
}

export async function signOut(): Promise<void> {
  const { error, response } = await reached(client.DELETE('/api/session'));
  if (!response.ok) throw failureOf(response.status, error);
}
