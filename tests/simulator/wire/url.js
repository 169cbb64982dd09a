// URLs as Twilio treats them: sent and signed as they were written, never put
// into a normal form.  WHATWG's URL would escape and lower-case on the way.

/** Characters that may stand in a request line; anything else is 11100. */
const SENDABLE = /^[\x21-\x7e]+$/;
const PARTS = /^(https?):\/\/([^/?#]*)([^#]*)(?:#(.*))?$/i;

/**
 * @typedef {object} Target
 * @property {string} protocol http: or https:
 * @property {string} authority host and port, for the Host header
 * @property {string} hostname
 * @property {number} port
 * @property {string} path raw path and query, as it goes into the request line
 * @property {string} fragment connection overrides; never sent and never signed
 */

/**
 * @param {string} url absolute
 * @returns {Target|null} null for what cannot be requested
 */
export function splitUrl(url) {
  const match = PARTS.exec(url);
  if (!match || !SENDABLE.test(url)) return null;
  const protocol = `${match[1].toLowerCase()}:`;
  const authority = match[2].slice(match[2].lastIndexOf('@') + 1);
  const [, hostname, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority) ?? [];
  if (!hostname) return null;
  const path = match[3].startsWith('/') ? match[3] : `/${match[3]}`;
  return {
    protocol,
    authority,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (protocol === 'https:' ? 443 : 80)),
    path,
    fragment: match[4] ?? '',
  };
}

/**
 * What enters the signature: no fragment, no credentials, and over HTTPS no port,
 * since the voice service drops it.
 * https://www.twilio.com/docs/usage/security#test-the-validity-of-your-webhook-signature
 * @param {string} url
 * @param {{keepPort?: boolean}} [options]
 */
export function signedUrl(url, { keepPort = false } = {}) {
  const bare = url.replace(/#.*$/s, '').replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1');
  if (keepPort || !/^https:/i.test(bare)) return bare;
  return bare.replace(/^(https:\/\/(?:\[[^\]]*\]|[^/?#:]*)):\d+/i, '$1');
}

/** A URL of TwiML, seen from the document it stands in. */
export function resolveUrl(reference, base) {
  const ref = reference.trim();
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(base)?.[0] ?? '';
  if (ref === '') return base.replace(/#.*$/s, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(ref)) return ref;
  if (ref.startsWith('//')) return origin.replace(/\/\/.*$/, '') + ref;
  if (ref.startsWith('/')) return origin + ref;
  return URL.canParse(ref, base) ? new URL(ref, base).href : ref;
}

/** Add pairs to a URL's query, as a webhook with method GET carries them. */
export function withQuery(url, query) {
  if (query === '') return url;
  const [bare, ...fragment] = url.split('#');
  const joined = `${bare}${bare.includes('?') ? '&' : '?'}${query}`;
  return [joined, ...fragment].join('#');
}
