// Who is signed in: what they know, exchanged for a cookie that scripts cannot read.

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

/** A name with its password, a token, or the secret of a link that works once. */
export type Credentials = { name: string; password: string } | { token: string } | { link: string };

export function signIn(credentials: Credentials): Promise<Session> {
  return ask(client.POST('/api/session', { body: credentials }));
}

export async function signOut(): Promise<void> {
  const { error, response } = await reached(client.DELETE('/api/session'));
  if (!response.ok) throw failureOf(response, error);
}

/** Ends all sessions of who is signed in, this one too. */
export async function signOutEverywhere(): Promise<void> {
  const { error, response } = await reached(client.DELETE('/api/sessions'));
  if (!response.ok) throw failureOf(response, error);
}

/** `current` may be left out for a while after signing in by a link. */
export async function setPassword(password: string, current?: string): Promise<void> {
  const body = current === undefined ? { password } : { password, current };
  const { error, response } = await reached(client.PUT('/api/session/password', { body }));
  if (!response.ok) throw failureOf(response, error);
}
