// Selected calls as CSV, in the columns of the server's export.  Pure.

import type { Call } from '../api/types.ts';

const COLUMNS: [string, (call: Call) => string | number | null][] = [
  ['sid', ({ sid }) => sid],
  ['started_at', ({ started_at }) => started_at],
  ['line', ({ line }) => line],
  ['from', ({ from }) => from],
  ['caller_name', ({ caller_name }) => caller_name],
  ['caller_city', ({ caller_city }) => caller_city],
  ['caller_region', ({ caller_region }) => caller_region],
  ['caller_country', ({ caller_country }) => caller_country],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['duration_s', ({ duration_s }) => duration_s],
  ['talk_s', ({ talk_s }) => talk_s],
  ['forwarded_to', ({ forwarded_to }) => forwarded_to],
  ['menu_key', ({ menu_key }) => menu_key],
  ['voicemail_s', ({ voicemail }) => voicemail?.duration_s ?? null],
  ['transcript', ({ voicemail }) => voicemail?.transcript ?? null],
  ['heard_at', ({ voicemail }) => voicemail?.heard_at ?? null],
  ['done_at', ({ done_at }) => done_at],
  ['note', ({ note }) => note],
  ['status', ({ status }) => status],
];

export function csvOf(calls: readonly Call[]): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...calls.map((call) => COLUMNS.map(([, value]) => cell(value(call)))),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
