import { text } from '../text.ts';
import type { Failure } from './failure.ts';

/** What a failure means to a reader. */
export function failureWords({ status, code, message }: Failure): string {
  if (status === 0) return text.failure.unreachable;
  if (code === 'unavailable') return text.failure.unavailable;
  if (code === 'scope_missing') return text.failure.scopeMissing;
  if (status === 429) return text.failure.tooMany;
  return message === '' ? text.failure.unknown : message;
}
