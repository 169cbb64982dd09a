// Who is signed in: an API token, exchanged for a cookie that scripts cannot read.

import { Failure, failureOf, unreachable } from './failure.ts';

const TIMEOUT_MS = 15_000;

export interface Session {
  name: string;
  scopes: string[];
}

async function request(init: RequestInit): Promise<Response> {
  try {
    return await fetch('/api/session', {
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...init,
    });
  } catch (error) {
    throw unreachable(error);
  }
}

async function session(response: Response): Promise<Session> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response.status, body);
  return body as Session;
}

/** The session of the cookie; null when there is none. */
export async function currentSession(): Promise<Session | null> {
  try {
    return await session(await request({ method: 'GET' }));
  } catch (error) {
    if (error instanceof Failure && error.isSignedOut) return null;
    throw error;
  }
}

export async function signIn(token: string): Promise<Session> {
  const headers = { 'Content-Type': 'application/json' };
  return session(await request({ method: 'POST', headers, body: JSON.stringify({ token }) }));
}

export async function signOut(): Promise<void> {
  const response = await request({ method: 'DELETE' });
  if (!response.ok && response.status !== 401) throw failureOf(response.status, null);
}
