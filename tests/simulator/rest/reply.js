// What the handlers of the REST API answer with.

import { notFound } from './errors.js';

export const json = (body, status = 200) => ({
  status,
  headers: {},
  type: 'application/json',
  body: JSON.stringify(body),
});

export const noContent = { status: 204, headers: {}, body: '' };

export const newestFirst = (rows) => [...rows.values()].reverse();

/** The row that the path names. */
export function rowOf(rows, { sids, path }) {
  const row = rows.get(sids[0]);
  if (row === undefined) throw notFound(path);
  return row;
}
