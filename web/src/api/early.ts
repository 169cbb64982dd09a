// What the page asks first is asked by src/start.ts, while this script is still on its way.
// Each answer is taken once, by the request that would have asked the same.

/** Later on it may have become another one. */
const KEPT_MS = 10_000;

/** How start.ts leaves them. */
export interface EarlyAnswers {
  askedAt: number;
  byPath: Map<string, Promise<Response>>;
}

declare global {
  var mainlineEarly: EarlyAnswers | undefined;
}

/** The answer to a request that was asked early and not refused; null where it was not. */
export async function earlyAnswer({ method, url, headers }: Request): Promise<Response | null> {
  const early = globalThis.mainlineEarly;
  if (early === undefined || method !== 'GET' || headers.has('If-None-Match')) return null;
  const { origin } = globalThis.location;
  const path = url.startsWith(origin) ? url.slice(origin.length) : url;
  const answer = early.byPath.get(path);
  early.byPath.delete(path);
  if (answer === undefined || Date.now() - early.askedAt > KEPT_MS) return null;
  const response = await answer.catch(() => null);
  return response?.ok ? response : null;
}
