import { Failure, failureOf } from './failure.ts';
import { NEWEST_CALLS } from './newest.ts';
import { ask, client, reached } from './request.ts';
import type { CallsQuery } from '../feed/query.ts';
import type { Call, CallDetail, CallPage } from './types.ts';

const OLDER_CALLS = 100;
const LIVE_STATUS = 'queued,initiated,ringing,in-progress';

export interface NewestCalls {
  page: CallPage;
  etag: string | null;
}

/** The first page that the filters leave, or null when `etag` still names it. */
export async function newestCalls(
  filters: CallsQuery,
  etag: string | null,
): Promise<NewestCalls | null> {
  const { data, error, response } = await reached(
    client.GET('/api/calls', {
      params: {
        query: { ...filters, limit: NEWEST_CALLS },
        header: etag ? { 'If-None-Match': etag } : {},
      },
    }),
  );
  if (response.status === 304) return null;
  if (data === undefined) throw failureOf(response, error);
  return { page: data, etag: response.headers.get('ETag') };
}

/** The page behind a cursor, which carries the filters. */
export function callsAfter(cursor: string): Promise<CallPage> {
  const query = { limit: OLDER_CALLS, after: cursor };
  return ask(client.GET('/api/calls', { params: { query } }));
}

/** Calls that are going on, whatever the list shows. */
export async function callsGoingOn(): Promise<Call[]> {
  const query = { limit: NEWEST_CALLS, status: LIVE_STATUS };
  return (await ask(client.GET('/api/calls', { params: { query } }))).calls;
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
