// Who was answered later need not be called back.  The server tells of the call that was
// answered, not of those before it that this settles.  Pure.

import type { Call } from '../api/types.ts';

/** Numbers that stand for a word, where there is no caller ID: as the server knows them. */
const NOBODY = ['+266696687', '+7378742883', '+86282452253', '+8656696', '+2562533'];

/** The call, with the first of `changed` that answered its caller after it. */
export function withLaterAnswer(call: Call, changed: readonly Call[]): Call {
  if (call.answered_later !== null || call.outcome === null || call.outcome === 'answered')
    return call;
  const { from } = call;
  if (from === null || !/^\+[1-9]\d{6,14}$/.test(from) || NOBODY.includes(from)) return call;
  const later = changed
    .filter((other) => other.outcome === 'answered' && other.from === from)
    .filter(({ first_seen_at }) => first_seen_at > call.first_seen_at)
    .sort((a, b) => a.first_seen_at.localeCompare(b.first_seen_at))[0];
  return later === undefined ? call : { ...call, answered_later: later.sid };
}
