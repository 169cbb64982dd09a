import { Failure, failureOf } from './failure.ts';
import { ask, client, reached } from './request.ts';
import type { CallDetail, CallPage } from './types.ts';

const PAGE_CALLS = 50;

export interface NewestCalls {
  page: CallPage;
  etag: string | null;
}

/** The first page, or null when `etag` still names it. */
export async function newestCalls(etag: string | null): Promise<NewestCalls | null> {
  const { data, error, response } = await reached(
    client.GET('/api/calls', {
      params: { query: { limit: PAGE_CALLS }, header: etag ? { 'If-None-Match': etag } : {} },
    }),
  );
  if (response.status === 304) return null;
  if (data === undefined) throw failureOf(response, error);
  return { page: data, etag: response.headers.get('ETag') };
}

/** The page behind a cursor. */
export function callsAfter(cursor: string): Promise<CallPage> {
  return ask(client.GET('/api/calls', { params: { query: { limit: PAGE_CALLS, after: cursor } } }));
}

/** One call; null when it was erased. */
export async function callDetail(sid: string): Promise<CallDetail | null> {
  try {
    return await ask(client.GET('/api/calls/{sid}', { params: { path: { sid } } }));
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return null;
    throw error;
  }
}
