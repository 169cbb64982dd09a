// What somebody did about a call: heard its message, got back to the caller, wrote a note.

import { ask, client } from './request.ts';
import type { Call } from './types.ts';

export interface Marks {
  heard?: boolean;
  done?: boolean;
}

/** The API takes this many at once. */
export const MARK_AT_ONCE = 200;

export function markCall(sid: string, marks: Marks & { note?: string | null }): Promise<Call> {
  return ask(client.PATCH('/api/calls/{sid}', { params: { path: { sid } }, body: marks }));
}

/** All of them or none. */
export async function markCalls(sids: string[], marks: Marks): Promise<Call[]> {
  const { calls } = await ask(client.PATCH('/api/calls', { body: { sids, ...marks } }));
  return calls;
}
