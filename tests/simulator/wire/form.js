// application/x-www-form-urlencoded, in the two dialects that Twilio writes:
// requests for TwiML have '+' for a space, callbacks have '%20'.

/** @typedef {[name: string, value: string]} Pair */

/**
 * @param {Pair[]} pairs
 * @param {{space?: '+'|'%20'}} [options]
 */
export function encodeForm(pairs, { space = '+' } = {}) {
  const text = new URLSearchParams(pairs).toString();
  return space === '+' ? text : text.replaceAll('+', space);
}

/** @returns {Pair[]} */
export function decodeForm(text) {
  return [...new URLSearchParams(text)];
}

/** The value of the first pair of that name, or undefined. */
export function valueOf(pairs, name) {
  return pairs.find(([key]) => key === name)?.[1];
}

/** Pairs as the object that the official library signs; repeated names as arrays. */
export function toObject(pairs) {
  const object = Object.create(null);
  for (const [name, value] of pairs) {
    if (object[name] === undefined) object[name] = value;
    else object[name] = [object[name], value].flat();
  }
  return object;
}
