// What a reader may do to one call.

import { done } from './done.ts';
import { ask, client } from './request.ts';
import type { Call } from './types.ts';

export interface Marks {
  heard?: boolean;
  done?: boolean;
  note?: string | null;
}

/** What is left out stays as it is. */
export function markCall(sid: string, marks: Marks): Promise<Call> {
  return ask(client.PATCH('/api/calls/{sid}', { params: { path: { sid } }, body: marks }));
}

export function eraseCall(sid: string): Promise<void> {
  return done(client.DELETE('/api/calls/{sid}', { params: { path: { sid } } }));
}
