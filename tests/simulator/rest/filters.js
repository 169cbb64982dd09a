// The filters of lists: Status=completed, StartTime>=2026-11-22, …

import { parseFilterTime } from '../wire/time.js';
import { RestError } from './errors.js';

const DAY_MS = 24 * 3600 * 1000;

/**
 * Does a time pass `name`, `name<` and `name>`? A date stands for its whole day,
 * and both bounds are inclusive.
 * https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
 */
function passesTime(query, name, value) {
  const at = value === null ? null : Date.parse(value);
  return ['', '<', '>'].every((bound) => {
    const text = query.get(name + bound);
    if (text === null) return true;
    const from = parseFilterTime(text);
    if (from === null) throw new RestError(400, 20001, `${name + bound} is no date: ${text}`);
    if (at === null) return false;
    const until = text.includes('T') ? from + 999 : from + DAY_MS - 1;
    if (bound === '<') return at <= until;
    return bound === '>' ? at >= from : at >= from && at <= until;
  });
}

function passesText(query, names, row) {
  return Object.entries(names).every(([name, field]) => {
    const wanted = query.get(name);
    return wanted === null || wanted === '' || wanted === row[field];
  });
}

/** @param {import('./rows.js').Row} row @param {URLSearchParams} query */
export function isWantedCall(row, query) {
  const names = { To: 'to', From: 'from', ParentCallSid: 'parent_call_sid', Status: 'status' };
  return (
    passesText(query, names, row) &&
    passesTime(query, 'StartTime', row.start_time) &&
    passesTime(query, 'EndTime', row.end_time)
  );
}

export function isWantedRecording(row, query) {
  return (
    (row.status !== 'deleted' || query.get('IncludeSoftDeleted') === 'true') &&
    passesText(query, { CallSid: 'call_sid', ConferenceSid: 'conference_sid' }, row) &&
    passesTime(query, 'DateCreated', row.date_created)
  );
}

export function isWantedNumber(row, query) {
  return passesText(query, { PhoneNumber: 'phone_number', FriendlyName: 'friendly_name' }, row);
}

export function isWantedApplication(row, query) {
  return passesText(query, { FriendlyName: 'friendly_name' }, row);
}

/** Contains: digits, `*` for any one, anywhere in the number. */
export function isWantedAvailable(row, query) {
  const area = query.get('AreaCode');
  const contains = query.get('Contains');
  const pattern = contains?.replace(/[^0-9*]/g, '').replaceAll('*', '\\d');
  return (
    (query.get('VoiceEnabled') !== 'true' || row.capabilities.voice) &&
    (area === null || row.phone_number.slice(2, 5) === area) &&
    (pattern === undefined || new RegExp(pattern).test(row.phone_number))
  );
}
