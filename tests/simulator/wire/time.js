// The two ways in which Twilio writes a time.

/** RFC 2822 in UTC: 'Sun, 30 May 2021 13:48:10 +0000'. @param {number|Date} at */
export function rfc2822(at) {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

/** A date, or a time in ISO 8601, as filters of the REST API take them. */
export function parseFilterTime(text) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
