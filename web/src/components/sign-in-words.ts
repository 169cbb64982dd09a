import type { Failure } from '../api/failure.ts';
import { readersLocale } from '../format/locale.ts';
import { clockTime } from '../format/time.ts';
import { text } from '../text.ts';

/** Why signing in did not work; `refused` is said when what was typed is wrong. */
export function signInWords(failure: Failure, refused: string): string {
  // What is no token at all is refused as a bad request.
  if (failure.status === 401 || failure.status === 400) return refused;
  if (failure.status === 429) return tooMany(failure);
  if (failure.status === 0) return text.signIn.offline;
  return text.signIn.failed(failure.code);
}

function tooMany({ code, retryAfterS }: Failure): string {
  if (code !== 'locked' || retryAfterS === null) return text.signIn.tooMany;
  // To the minute, so rounded up: at the minute said it is open.
  const opensAt = Math.ceil((Date.now() + retryAfterS * 1000) / 60_000) * 60_000;
  return text.signIn.locked(clockTime(new Date(opensAt), readersLocale()));
}
