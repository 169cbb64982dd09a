import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** An E.164 number grouped as its country writes it; anything else as it is. */
export function grouped(number: string): string {
  if (!/^\+\d{5,15}$/.test(number)) return number;
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}
