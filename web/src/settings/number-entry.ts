// A phone number as somebody writes it down.

import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** In E.164; null when it is no whole number with its country code. */
export function e164Of(entered: string): string | null {
  const written = entered.trim().replace(/^00(?=[1-9])/, '+');
  if (!written.startsWith('+')) return null;
  const number = parsePhoneNumberFromString(written);
  return number?.isPossible() ? number.number : null;
}
