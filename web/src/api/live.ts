// The change counter, and the file with the calls that changed last: files that nginx sends.

import { Failure, failureOf } from './failure.ts';
import { ask, client, reached } from './request.ts';
import type { Live } from './types.ts';

/** The present word; null where the server has no such counter. */
export async function currentChange(): Promise<string | null> {
  try {
    return (await ask(client.GET('/api/changes'))).change;
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return null;
    throw error;
  }
}

/** Where the file is for the next few minutes. */
export async function livePath(): Promise<string> {
  return (await ask(client.GET('/api/live'))).path;
}

/** The file; null when its address is over. */
export async function readLive(path: string): Promise<Live | null> {
  const key = /^\/api\/live\/([0-9a-f]{32})\.json$/.exec(path)?.[1];
  if (key === undefined) throw new Failure(0, 'not_understood', path);
  const { data, error, response } = await reached(
    client.GET('/api/live/{key}.json', { params: { path: { key } } }),
  );
  if (response.status === 404) return null;
  if (data === undefined) throw failureOf(response, error);
  return data;
}
