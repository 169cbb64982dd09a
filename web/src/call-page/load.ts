import { failureOf } from '../api/failure.ts';
import { client, reached } from '../api/request.ts';
import type { CallDetail } from '../api/types.ts';

export interface Loaded {
  detail: CallDetail;
  etag: string | null;
}

/** The call; 'same' when `etag` still names it, null when there is none of this SID. */
export async function loadCall(sid: string, etag: string | null): Promise<Loaded | 'same' | null> {
  const header = etag === null ? {} : { 'If-None-Match': etag };
  const { data, error, response } = await reached(
    client.GET('/api/calls/{sid}', { params: { path: { sid }, header } }),
  );
  if (response.status === 304) return 'same';
  if (response.status === 404) return null;
  if (data === undefined) throw failureOf(response, error);
  return { detail: data, etag: response.headers.get('ETag') };
}
