// What somebody did about a call: heard its message, got back to the caller, wrote a note.

import { Failure } from './failure.ts';
import { ask, client } from './request.ts';
import type { Call } from './types.ts';

export interface Marks {
  heard?: boolean;
  done?: boolean;
}

/** The API takes this many at once. */
export const MARK_AT_ONCE = 200;

export async function markCall(
  sid: string,
  marks: Marks & { note?: string | null },
): Promise<Call> {
  return told(
    await ask(client.PATCH('/api/calls/{sid}', { params: { path: { sid } }, body: marks })),
  );
}

/** All of them or none. */
export async function markCalls(sids: string[], marks: Marks): Promise<Call[]> {
  return told(await ask(client.PATCH('/api/calls', { body: { sids, ...marks } }))).calls;
}

/** Only a token can mark what it may not read, and is told nothing. */
function told<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Failure(204, 'not_understood');
  return answer;
}
