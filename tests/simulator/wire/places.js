// Where a number seems to be: the geographic parameters that Twilio adds "if
// available".  Invented, but the same for the same number each time.

import { E164 } from '../twiml/rules.js';

const NORTH_AMERICA = [
  { city: 'SAN FRANCISCO', state: 'CA', zip: '94105', country: 'US' },
  { city: 'NEW YORK', state: 'NY', zip: '10028', country: 'US' },
  { city: 'SEATTLE', state: 'WA', zip: '98006', country: 'US' },
  { city: 'CHICAGO', state: 'IL', zip: '60607', country: 'US' },
  { city: '', state: 'ON', zip: '', country: 'CA' },
  { city: 'SAN JOSÉ', state: 'CA', zip: '', country: 'US' },
];
const COUNTRIES = {
  33: 'FR',
  34: 'ES',
  39: 'IT',
  44: 'GB',
  49: 'DE',
  55: 'BR',
  61: 'AU',
  81: 'JP',
  91: 'IN',
};
const NOWHERE = { city: '', state: '', zip: '', country: '' };

/**
 * @param {string} address
 * @returns {{city: string, state: string, zip: string, country: string}|null} null for
 *   client: and sip: addresses, which have no place
 */
export function placeOf(address) {
  if (/^(client|sip):/i.test(address)) return null;
  if (!E164.test(address)) return NOWHERE;
  if (address.startsWith('+1')) {
    const digits = [...address.slice(2)].reduce((sum, digit) => sum + Number(digit), 0);
    return NORTH_AMERICA[digits % NORTH_AMERICA.length];
  }
  return { ...NOWHERE, country: COUNTRIES[address.slice(1, 3)] ?? '' };
}
