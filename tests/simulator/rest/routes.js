// The paths of the REST API that are served, and what is answered.

import { API_VERSION } from '../wire/parameters.js';
import { rfc2822 } from '../wire/time.js';
import { notFound, RestError } from './errors.js';
import { isWantedCall, isWantedRecording } from './filters.js';
import { media } from './media.js';
import { NUMBER_ROUTES, OTHER_ROUTES } from './numbers.js';
import { pageOf } from './paging.js';
import { DIALING_ROUTES, listCallerIds } from './permissions.js';
import { json, newestFirst, noContent, rowOf } from './reply.js';
import { callRecordingRow, eventRow, isOver } from './rows.js';

/**
 * @typedef {object} Request
 * @property {string} path
 * @property {string[]} sids those in the path, the account's left out
 * @property {URLSearchParams} query
 * @property {URLSearchParams} form
 * @property {Record<string, string>} headers
 */

const SID = (prefix) => `(${prefix}[0-9a-fA-F]{32})`;

/**
 * method, path below /2010-04-01/Accounts/{AC}, handler
 * @type {[string, string, (account: any, request: Request, hooks: any) => object][]}
 */
const ROUTES = [
  ['GET', '\\.json', showAccount],
  ['GET', '/Calls\\.json', listCalls],
  ['GET', `/Calls/${SID('CA')}\\.json`, showCall],
  ['POST', `/Calls/${SID('CA')}\\.json`, changeCall],
  ['DELETE', `/Calls/${SID('CA')}(?:\\.json)?`, deleteCall],
  ['GET', `/Calls/${SID('CA')}/Events\\.json`, listEvents],
  ['GET', `/Calls/${SID('CA')}/Recordings\\.json`, listCallRecordings],
  ['GET', '/Recordings\\.json', listRecordings],
  ['GET', `/Recordings/${SID('RE')}\\.json`, showRecording],
  ['DELETE', `/Recordings/${SID('RE')}(?:\\.json)?`, deleteRecording],
  ['GET', `/Recordings/${SID('RE')}(|\\.wav|\\.mp3)`, showMedia],
  ...NUMBER_ROUTES,
  ['GET', '/OutgoingCallerIds\\.json', listCallerIds],
];

const HOME = `/${API_VERSION}/Accounts/(AC[0-9a-fA-F]{32})`;
const pattern = (home) => (route) => ({
  method: route[0],
  path: new RegExp(`^${home}${route[1]}$`),
  handler: route[2],
});
// "()" stands where the account would.
const PATTERNS = [...ROUTES.map(pattern(HOME)), ...OTHER_ROUTES.concat(DIALING_ROUTES).map(pattern('()'))];

/** @returns {{handler: Function, accountSid: string|null, sids: string[], isMedia: boolean}|null} null: no account is named */
export function findRoute(method, path) {
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const { method: served, path: shape, handler } of PATTERNS) {
    const match = served === asked && shape.exec(path);
    if (match)
      return {
        handler,
        accountSid: match[1] || null,
        sids: match.slice(2),
        isMedia: handler === showMedia,
      };
  }
  return null;
}

function showAccount(account, { path }) {
  const at = rfc2822(0);
  return json({
    auth_token: '[hidden]',
    date_created: at,
    date_updated: at,
    friendly_name: 'Simulated account',
    owner_account_sid: account.sid,
    sid: account.sid,
    status: account.status,
    subresource_uris: {},
    type: account.isTrial ? 'Trial' : 'Full',
    uri: path,
  });
}

// ---- calls

function listCalls(account, request) {
  const rows = newestFirst(account.calls).filter((row) => isWantedCall(row, request.query));
  return json(pageOf(rows, request, 'calls', (sid) => account.calls.order(sid)));
}

function showCall(account, request) {
  return json(rowOf(account.calls, request));
}

/** https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource */
function changeCall(account, request, { endCall }) {
  const row = rowOf(account.calls, request);
  const status = request.form.get('Status');
  if (!['completed', 'canceled'].includes(status)) {
    throw new RestError(400, 21218, 'Only Status=completed and Status=canceled are simulated');
  }
  if (isOver(account.calls.latest(row.sid)) || !endCall(row.sid, status)) {
    throw new RestError(400, 21220, 'Call is not in-progress. Cannot redirect.');
  }
  return json(account.calls.get(row.sid));
}

/** The row alone goes: its recordings stay. */
function deleteCall(account, request) {
  const row = rowOf(account.calls, request);
  if (!isOver(account.calls.latest(row.sid))) {
    throw new RestError(409, 20009, 'Unable to delete record: the call is not over');
  }
  account.deleteCall(row.sid);
  return noContent;
}

function listEvents(account, request) {
  rowOf(account.calls, request);
  const requests = account.requestsOf.get(request.sids[0])?.() ?? [];
  return json(pageOf(requests.map(eventRow), request, 'events'));
}

// ---- recordings

function listRecordings(account, request) {
  const rows = newestFirst(account.recordings).filter((row) =>
    isWantedRecording(row, request.query),
  );
  return json(pageOf(rows, request, 'recordings', (sid) => account.recordings.order(sid)));
}

function listCallRecordings(account, request) {
  rowOf(account.calls, request);
  const ofCall = newestFirst(account.recordings).filter((row) => row.call_sid === request.sids[0]);
  const rows = ofCall.filter((row) => isWantedRecording(row, request.query));
  return json(pageOf(rows.map(callRecordingRow), request, 'recordings'));
}

function showRecording(account, request) {
  const row = rowOf(account.recordings, request);
  if (!isWantedRecording(row, request.query)) throw notFound(request.path);
  return json(row);
}

function deleteRecording(account, request) {
  const row = rowOf(account.recordings, request);
  if (row.status === 'deleted') throw notFound(request.path);
  account.deleteRecording(row.sid);
  return noContent;
}

function showMedia(account, request, { mediaLagMs }) {
  const [sid, suffix] = request.sids;
  if (account.recordings.ageMs(sid) < mediaLagMs()) throw notFound(request.path);
  const row = account.recordings.get(sid);
  return media(row, suffix, request, (spoken, kind) => account.audioOf(spoken, kind));
}
