import { failureOf } from './failure.ts';
import { reached, type Answer } from './request.ts';

/** For what is answered by no body: it was done, or a Failure is thrown. */
export async function done(answer: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await reached(answer);
  if (!response.ok) throw failureOf(response, error);
}
