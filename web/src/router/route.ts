// The addresses of the page.  nginx serves it under these alone: nginx/mainline.conf.in.

export type Route =
  | { page: 'feed' }
  | { page: 'call'; sid: string }
  | { page: 'figures' }
  | { page: 'settings' }
  | { page: 'blocks' }
  | { page: 'users' }
  | { page: 'doctor' }
  | { page: 'signin' };

const PLAIN = ['figures', 'settings', 'blocks', 'users', 'doctor', 'signin'] as const;

/** null for what is none of our addresses. */
export function routeOf(pathname: string): Route | null {
  if (pathname === '/') return { page: 'feed' };
  const sid = /^\/calls\/(CA[0-9a-fA-F]{32})$/.exec(pathname)?.[1];
  if (sid !== undefined) return { page: 'call', sid };
  const plain = PLAIN.find((name) => pathname === `/${name}`);
  return plain === undefined ? null : { page: plain };
}

export function callPath(sid: string): string {
  return `/calls/${sid}`;
}

/** Two addresses of one page share it: the feed stays while its filters change. */
export function pageKey(route: Route | null): string {
  if (route === null) return 'unknown';
  return route.page === 'call' ? `call ${route.sid}` : route.page;
}
