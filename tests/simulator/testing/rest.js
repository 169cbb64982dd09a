// A network whose REST API is up, and ways to ask it.

import { ACCOUNT, TOKEN, withMainline } from './network.js';
import { officialClient } from './official.js';

export const BASE = `/2010-04-01/Accounts/${ACCOUNT}`;
const START = new Date('2026-11-22T09:00:00Z');
export const basic = (user, password) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
export const leavesMessage = [{ press: '2' }, { message: 12, then: '#' }];

/** A network that listens, after some calls. */
export async function served(t, calls = [{ caller: leavesMessage }], options = {}) {
  const { network, call, server } = await withMainline(t, {
    people: { '*': { does: 'answers' } },
    startAt: START,
    apiKeys: [{ sid: 'SKkey', secret: 'hush' }],
    ...options,
  });
  const told = [];
  for (const about of calls) told.push(await call(about));
  const origin = await network.listen();
  const ask = async (path, init = {}) => {
    const response = await fetch(
      path.startsWith('/20') ? origin + path : `${origin}${BASE}${path}`,
      { ...init, headers: { ...basic(ACCOUNT, TOKEN), ...init.headers } },
    );
    const body = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      headers: response.headers,
      body,
      json: isJson ? JSON.parse(String(body)) : null,
    };
  };
  const post = (path, form) => ask(path, { method: 'POST', body: new URLSearchParams(form) });
  const client = () => officialClient(origin, ACCOUNT, TOKEN, ACCOUNT);
  return { network, origin, ask, post, client, told, call, server };
}
