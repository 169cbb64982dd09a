// Connection overrides: a webhook's URL fragment, such as #rc=2&rp=ct,rt&rt=5000.
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides

const RANGES = {
  ct: [100, 10000],
  rt: [100, 15000],
  tt: [100, 15000],
  rc: [0, 5],
};
const POLICIES = ['4xx', '5xx', 'ct', 'rt', 'all'];
const EDGES = /^(ashburn|dublin|frankfurt|sao-paulo|singapore|sydney|tokyo|umatilla)(-ix)?$/;

/**
 * @typedef {object} Overrides
 * @property {number} ct milliseconds to connect, TLS included
 * @property {number} rt milliseconds to the first byte and between packets
 * @property {number} tt milliseconds in all, retries included
 * @property {number} rc how often to try again
 * @property {string[]} rp after what to try again
 */

/** @type {Overrides} */
export const DEFAULTS = { ct: 5000, rt: 15000, tt: 15000, rc: 1, rp: ['ct'] };

/**
 * @param {string} fragment without '#'
 * @param {Overrides} [defaults]
 * @returns {{overrides: Overrides, fault: [code: number, detail: string]|null}}
 */
export function parseOverrides(fragment, defaults = DEFAULTS) {
  const overrides = { ...defaults };
  for (const [key, value] of new URLSearchParams(fragment)) {
    const code = apply(overrides, key, value);
    if (code !== 0) return { overrides: { ...defaults }, fault: [code, `${key}=${value}`] };
  }
  return { overrides, fault: null };
}

/** Take one override over; the error code if it is wrong, else 0. */
function apply(overrides, key, value) {
  if (key in RANGES) {
    const [low, high] = RANGES[key];
    if (!/^\d+$/.test(value) || value < low || value > high) return 11240;
    overrides[key] = Number(value);
    return 0;
  }
  if (key === 'rp') {
    const policies = value.split(',');
    if (!policies.every((policy) => POLICIES.includes(policy))) return 11243;
    overrides.rp = policies;
    return 0;
  }
  if (key === 'e') return value.split(',').every((edge) => EDGES.test(edge)) ? 0 : 11241;
  return key === 'sni' && /^[yn]$/.test(value) ? 0 : 11240;
}

/**
 * Whether a failed attempt is tried again under these overrides.
 * @param {Overrides} overrides
 * @param {'ct'|'rt'|'4xx'|'5xx'|null} failure null: not of a kind that is retried
 */
export function retries(overrides, failure) {
  return failure !== null && (overrides.rp.includes('all') || overrides.rp.includes(failure));
}
