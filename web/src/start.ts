// The first script of the page, a file of its own, so that it runs while the others are still
// on their way, and asks what they will ask first.  See api/early.ts.

import { NEWEST_CALLS } from './api/newest.ts';

const NEWEST = `/api/calls?limit=${NEWEST_CALLS}`;

function askEarly({ pathname, search, hash }: Location): void {
  if (hash !== '') return; // a link will sign somebody in first
  const byPath = new Map<string, Promise<Response>>();
  const keep = (path: string, answer: Promise<Response>): void => {
    answer.catch(() => undefined); // then it is asked again
    byPath.set(path, answer);
  };
  globalThis.mainlineEarly = { askedAt: Date.now(), byPath };
  keep('/api/session', get('/api/session'));
  if (pathname !== '/' || search !== '') return;
  // The list must not be older than the word that it is said to be up to.
  const word = get('/api/changes');
  keep('/api/changes', word);
  keep(
    NEWEST,
    word.then(() => get(NEWEST)),
  );
}

function get(path: string): Promise<Response> {
  return fetch(path, { credentials: 'same-origin', cache: 'no-store' });
}

askEarly(window.location);
