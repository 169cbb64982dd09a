// A user's own voicemail feed: an address that is a secret.

import { done } from './done.ts';
import { ask, client } from './request.ts';

export interface FeedLink {
  /** null when there is none. */
  created_at: string | null;
  /** A day, UTC. */
  last_used_on: string | null;
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
