import { done } from './done.ts';
import { Failure } from './failure.ts';
import { client } from './request.ts';

/** Somebody else may have done it before: it is done. */
export async function eraseCall(sid: string): Promise<void> {
  try {
    await done(client.DELETE('/api/calls/{sid}', { params: { path: { sid } } }));
  } catch (error) {
    if (!(error instanceof Failure && error.status === 404)) throw error;
  }
}
