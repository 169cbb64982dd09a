// Does a call belong into a filtered feed?  As the server decides it, so that a change that is
// told of needs no question.  Pure.

import type { Call } from '../api/types.ts';
import { isWaiting } from '../call/outcome.ts';
import type { Filters } from './filters.ts';
import { conditionsOf, midnight } from './query.ts';

export function matches(call: Call, filters: Filters): boolean {
  const { outcomes, voicemail, heard, isToDo } = conditionsOf(filters);
  const isHeard = call.voicemail !== null && call.voicemail.heard_at !== null;
  return (
    (outcomes.length === 0 || (call.outcome !== null && outcomes.includes(call.outcome))) &&
    (voicemail === null || (call.voicemail !== null) === voicemail) &&
    (heard === null || isHeard === heard) &&
    (!isToDo || isWaiting(call)) &&
    matchesCaller(call, filters) &&
    isWithin(call.first_seen_at, filters)
  );
}

/** What can be asked of a call that still lasts: the band above the list shows these. */
export function matchesCaller(call: Call, { line, q }: Filters): boolean {
  return (line === null || call.line === line) && (q === '' || isFrom(call, q));
}

function isWithin(at: string, { since, until }: Filters): boolean {
  const ms = Date.parse(at);
  return (
    (since === null || ms >= midnight(since, 0).getTime()) &&
    (until === null || ms < midnight(until, 1).getTime())
  );
}

/** Part of the number in any way of writing it, or of the name. */
function isFrom({ from, caller_name }: Call, q: string): boolean {
  const digits = /^[\d\s().+/-]*\d[\d\s().+/-]*$/.test(q) ? q.replace(/\D/g, '') : '';
  const inNumber = digits !== '' && (from ?? '').replace(/\D/g, '').includes(digits);
  const wanted = q.toLowerCase();
  return inNumber || [from, caller_name].some((words) => words?.toLowerCase().includes(wanted));
}
