// What a user may do to their own account.

import { done } from './done.ts';
import { ask, client } from './request.ts';

export interface FeedLink {
  /** null when there is none. */
  created_at: string | null;
  /** A day, UTC. */
  last_used_on: string | null;
}

/** `current` is left out by who has just come in by a link. */
export function setPassword(password: string, current: string | null): Promise<void> {
  const body = current === null ? { password } : { password, current };
  return done(client.PUT('/api/session/password', { body }));
}

export function signOutEverywhere(): Promise<void> {
  return done(client.DELETE('/api/sessions'));
}

export function feedLink(): Promise<FeedLink> {
  return ask(client.GET('/api/feed'));
}

/** The address, which is shown this once. */
export async function makeFeedLink(): Promise<string> {
  return (await ask(client.POST('/api/feed'))).url;
}

export function revokeFeedLink(): Promise<void> {
  return done(client.DELETE('/api/feed'));
}
