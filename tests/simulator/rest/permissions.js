// Whom the account may ring: verified numbers, and countries.
// https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource

import { pageOf } from './paging.js';
import { json } from './reply.js';

export function listCallerIds(account, request) {
  const wanted = request.query.get('PhoneNumber');
  const rows = account.callerIds
    .filter((number) => wanted === null || number === wanted)
    .map((number) => ({
      account_sid: account.sid,
      friendly_name: number,
      phone_number: number,
      sid: `PN${number.replace(/\D/g, '').padStart(32, '0')}`,
    }));
  return json(pageOf(rows, request, 'outgoing_caller_ids'));
}

const COUNTRIES = [
  { iso_code: 'US', name: 'United States/Canada', code: '1' },
  { iso_code: 'GB', name: 'United Kingdom', code: '44' },
  { iso_code: 'FR', name: 'France', code: '33' },
  { iso_code: 'DE', name: 'Germany', code: '49' },
];

function listCountries(account, request) {
  const wanted = request.query.get('CountryCode');
  const content = COUNTRIES.filter(({ code }) => wanted === null || code === wanted).map(
    ({ iso_code, name, code }) => ({
      iso_code,
      name,
      country_codes: [`+${code}`],
      low_risk_numbers_enabled: !account.closedCodes.includes(code),
      high_risk_special_numbers_enabled: false,
      high_risk_tollfraud_numbers_enabled: false,
    }),
  );
  return json({
    content,
    meta: { key: 'content', page: 0, page_size: 50, next_page_url: null },
  });
}

export const DIALING_ROUTES = [['GET', '/v1/DialingPermissions/Countries', listCountries]];
