// The JSON API.  Every answer is what was asked for, or a Failure is thrown.

import createClient from 'openapi-fetch';
import type { paths } from '../../generated/schema.js';
import { Failure, failureOf, unreachable } from './failure.ts';
import type { CallDetail, CallPage } from './types.ts';

const PAGE_CALLS = 50;
const TIMEOUT_MS = 15_000;

// Freshness is asked for by ETag; the browser's cache would only stand between.
const client = createClient<paths>({ credentials: 'same-origin', cache: 'no-store' });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function reached<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await answer;
  } catch (error) {
    throw unreachable(error);
  }
}

async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await reached(answer);
  if (data === undefined) throw failureOf(response.status, error);
  return data;
}

export interface NewestCalls {
  page: CallPage;
  etag: string | null;
}

/** The first page, or null when `etag` still names it. */
export async function newestCalls(etag: string | null): Promise<NewestCalls | null> {
  const { data, error, response } = await reached(
    client.GET('/api/calls', {
      params: { query: { limit: PAGE_CALLS }, header: etag ? { 'If-None-Match': etag } : {} },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }),
  );
  if (response.status === 304) return null;
  if (data === undefined) throw failureOf(response.status, error);
  return { page: data, etag: response.headers.get('ETag') };
}

/** The page behind a cursor. */
export function callsAfter(cursor: string): Promise<CallPage> {
  return ask(
    client.GET('/api/calls', {
      params: { query: { limit: PAGE_CALLS, after: cursor } },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }),
  );
}

/** One call; null when it was erased. */
export async function callDetail(sid: string): Promise<CallDetail | null> {
  try {
    return await ask(
      client.GET('/api/calls/{sid}', {
        params: { path: { sid } },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return null;
    throw error;
  }
}
