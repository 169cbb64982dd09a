// Lists of the REST API, a page at a time.  The only way to the next page is
// next_page_uri: its token names the last row shown, so that rows which come or
// go in between neither repeat nor hide one.

import { RestError } from './errors.js';

const PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

/**
 * @param {import('./rows.js').Row[]} rows newest first, filtered already
 * @param {object} request
 * @param {string} request.path
 * @param {URLSearchParams} request.query
 * @param {string} key what the list is called in the answer
 * @param {(sid: string) => number} [order] the place of a row among all, deleted ones too
 */
export function pageOf(rows, { path, query }, key, order) {
  const size = Math.min(MAX_PAGE_SIZE, Math.max(1, Number(query.get('PageSize')) || PAGE_SIZE));
  const page = Math.max(0, Number(query.get('Page')) || 0);
  const token = query.get('PageToken');
  // A page's number is for the client alone; it leads nowhere.
  if (page > 0 && token === null) throw new RestError(400, 20001, 'Page needs a PageToken');
  const start = token === null ? 0 : startAfter(rows, token.slice(2), order);
  const shown = rows.slice(start, start + size);
  const uri = (number, last) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(size));
    params.set('Page', String(number));
    params.delete('PageToken');
    if (last !== undefined) params.set('PageToken', `PA${last.sid}`);
    return `${path}?${params}`;
  };
  const more = start + size < rows.length;
  return {
    [key]: shown,
    start: page * size,
    end: page * size + Math.max(0, shown.length - 1),
    page,
    page_size: size,
    first_page_uri: uri(0),
    next_page_uri: more ? uri(page + 1, shown.at(-1)) : null,
    previous_page_uri: page > 0 ? uri(page - 1, rows[start - size - 1]) : null,
    uri: `${path}?${query}`.replace(/\?$/, ''),
  };
}

/** The first row behind the one named, which may be gone. */
function startAfter(rows, sid, order) {
  const at = rows.findIndex((row) => row.sid === sid);
  if (at >= 0 || order === undefined) return at + 1;
  const next = rows.findIndex((row) => order(row.sid) < order(sid));
  return next < 0 ? rows.length : next;
}
