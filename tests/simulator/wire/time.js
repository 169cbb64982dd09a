// The two ways in which Twilio writes a time.

/** RFC 2822 in UTC: 'Sun, 30 May 2021 13:48:10 +0000'. @param {number|Date} at */
export function rfc2822(at) {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/** A date, or a time in ISO 8601, as filters of the REST API take them: in UTC unless it says. */
export function parseFilterTime(text) {
  const [, , zone] = DATE_TIME.exec(text) ?? (DATE.test(text) ? ['', '', 'Z'] : []);
  if (zone === undefined && !DATE_TIME.test(text)) return null;
  const at = Date.parse(zone === undefined ? `${text}Z` : text);
  return Number.isNaN(at) ? null : at;
}
