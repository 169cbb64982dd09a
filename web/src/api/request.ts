// What every request has in common.  An answer is what was asked for, or a Failure is thrown.

import createClient from 'openapi-fetch';
import type { paths } from '../../generated/schema.js';
import { earlyAnswer } from './early.ts';
import { failureOf, unreachable } from './failure.ts';

const TIMEOUT_MS = 15_000;

// Freshness is asked for by ETag; the browser's cache would only stand between.
export const client = createClient<paths>({
  credentials: 'same-origin',
  cache: 'no-store',
  fetch: async (request) => (await earlyAnswer(request)) ?? (await answerOf(request)),
});

function answerOf(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
}

export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Any answer at all, also one that refuses. */
export async function reached<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await answer;
  } catch (error) {
    throw unreachable(error);
  }
}

export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await reached(answer);
  if (data === undefined) throw failureOf(response, error);
  return data;
}
