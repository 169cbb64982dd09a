// A link that signs somebody in once: /#link=SECRET.  What follows the # is sent to no server.

/** The secret, which is taken out of the address, and so out of the history, at once. */
export function takeLink(): string | null {
  const secret = secretOf(window.location.hash);
  if (secret === null) return null;
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, '', `${pathname}${search}`);
  return secret;
}

export function hasLink(): boolean {
  return secretOf(window.location.hash) !== null;
}

export function secretOf(hash: string): string | null {
  return /^#link=([A-Za-z0-9_-]+)$/.exec(hash)?.[1] ?? null;
}
