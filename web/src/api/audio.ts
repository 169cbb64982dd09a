import { failureOf, unreachable, type Failure } from './failure.ts';

/**
 * Why an audio element could not load this address: it tells no status, so one byte is asked
 * for again.  null when the server gives the byte.
 */
export async function audioFailure(url: string): Promise<Failure | null> {
  try {
    const response = await fetch(url, {
      headers: { Range: 'bytes=0-0' },
      credentials: 'same-origin',
      cache: 'no-store',
    });
    if (response.ok) {
      await response.body?.cancel();
      return null;
    }
    return failureOf(response, await response.json().catch(() => null));
  } catch (error) {
    return unreachable(error);
  }
}
