// Telephone numbers of the REST API: those of the account, those for sale and what they
// cost, and the TwiML Applications that they may be pointed at.

import { notFound, RestError } from './errors.js';
import { isWantedApplication, isWantedAvailable, isWantedNumber } from './filters.js';
import { pageOf } from './paging.js';
import { json, newestFirst, noContent, rowOf } from './reply.js';
import { availableRow } from './rows.js';

/** What Twilio would have refused of a URL. https://www.twilio.com/docs/api/errors/21402 */
function checkUrl(field, value) {
  const isUrl = /(Url|Callback)$/.test(field) && value !== '';
  if (isUrl && !/^https?:\/\/[^/_]+/.test(value))
    throw new RestError(400, 21402, `${field} is not valid: ${value}`);
}

const VOICE_FIELDS = [
  'VoiceUrl',
  'VoiceMethod',
  'VoiceFallbackUrl',
  'VoiceFallbackMethod',
  'StatusCallback',
  'StatusCallbackMethod',
  'VoiceCallerIdLookup',
  'FriendlyName',
];
const NUMBER_FIELDS = [...VOICE_FIELDS, 'VoiceApplicationSid', 'VoiceReceiveMode', 'TrunkSid'];

/** The settings that a form asks for: {voiceUrl, …}. */
function asked(form, fields) {
  const settings = {};
  for (const field of fields) {
    const value = form.get(field);
    if (value === null) continue;
    checkUrl(field, value);
    const setting = field[0].toLowerCase() + field.slice(1);
    settings[setting] = field === 'VoiceCallerIdLookup' ? value === 'true' : value;
  }
  return settings;
}

// ---- those of the account

function listNumbers(account, request) {
  const rows = newestFirst(account.numberRows).filter((row) => isWantedNumber(row, request.query));
  return json(pageOf(rows, request, 'incoming_phone_numbers'));
}

function showNumber(account, request) {
  return json(rowOf(account.numberRows, request));
}

function change(account, number, form) {
  const settings = Object.assign(account.numbers[number], asked(form, NUMBER_FIELDS));
  // Each of these two turns the other off, and VoiceUrl with it.
  if (form.get('TrunkSid')) settings.voiceApplicationSid = undefined;
  if (form.get('VoiceApplicationSid')) settings.trunkSid = undefined;
  settings.trunkSid ||= undefined;
  account.putNumber(number);
}

function changeNumber(account, request) {
  change(account, rowOf(account.numberRows, request).phone_number, request.form);
  return json(account.numberRows.get(request.sids[0]));
}

/** https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#provision-a-phone-number */
function buyNumber(account, { form }) {
  const number = form.get('PhoneNumber') ?? '';
  const offer = account.available.find((each) => each.number === number);
  if (!/^\+[1-9]\d{6,14}$/.test(number))
    throw new RestError(400, 21421, `${number} is not a valid phone number`);
  if (offer === undefined || number in account.numbers)
    throw new RestError(400, 21422, `${number} is not available`);
  if (offer.refused) throw new RestError(...offer.refused);
  if ((offer.address ?? 'none') !== 'none' && !form.get('AddressSid'))
    throw new RestError(400, 21631, 'Phone Number Requires an Address but the AddressSid is empty');
  if (account.isTrial && account.numberRows.size > 0)
    throw new RestError(400, 21404, 'Trial accounts are allowed only one Twilio number');
  account.addNumber(number, asked(form, NUMBER_FIELDS));
  return json(account.numberRows.get(account.numbers[number].sid), 201);
}

// ---- those for sale

const TYPES = { Local: 'local', TollFree: 'toll free', Mobile: 'mobile' };

/** https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource */
function listAvailable(account, { sids: [country, kind], query, path }) {
  const offers = account.available.filter((each) => each.country === country);
  if (!offers.some((each) => each.type === TYPES[kind])) throw notFound(path);
  const rows = offers
    .filter((each) => each.type === TYPES[kind] && !(each.number in account.numbers))
    .map(availableRow)
    .filter((row) => isWantedAvailable(row, query));
  return json({
    available_phone_numbers: rows.slice(0, Number(query.get('PageSize')) || 50),
    uri: path,
  });
}

/** https://www.twilio.com/docs/phone-numbers/pricing: at a host of its own, pricing.twilio.com */
function showPrices(account, { sids: [country], path }) {
  const prices = account.prices[country];
  if (prices === undefined) throw notFound(path);
  return json({
    country: prices.name,
    iso_country: country,
    phone_number_prices: Object.entries(prices.monthly).map(([type, price]) => ({
      number_type: type,
      base_price: price,
      current_price: price,
    })),
    price_unit: prices.unit,
    url: `https://pricing.twilio.com${path}`,
  });
}

// ---- applications

function listApplications(account, request) {
  const rows = newestFirst(account.applications).filter((row) =>
    isWantedApplication(row, request.query),
  );
  return json(pageOf(rows, request, 'applications'));
}

function showApplication(account, request) {
  return json(rowOf(account.applications, request));
}

function createApplication(account, { form }) {
  return json(account.putApplication(null, asked(form, VOICE_FIELDS)), 201);
}

function changeApplication(account, request) {
  const { sid } = rowOf(account.applications, request);
  return json(account.putApplication(sid, asked(request.form, VOICE_FIELDS)));
}

function deleteApplication(account, request) {
  account.deleteApplication(rowOf(account.applications, request).sid);
  return noContent;
}

const SID = (prefix) => `(${prefix}[0-9a-fA-F]{32})`;

/** As the routes of routes.js: below the account. */
export const NUMBER_ROUTES = [
  ['GET', '/IncomingPhoneNumbers\\.json', listNumbers],
  ['POST', '/IncomingPhoneNumbers\\.json', buyNumber],
  ['GET', `/IncomingPhoneNumbers/${SID('PN')}\\.json`, showNumber],
  ['POST', `/IncomingPhoneNumbers/${SID('PN')}\\.json`, changeNumber],
  ['GET', '/AvailablePhoneNumbers/([A-Z]{2})/(Local|TollFree|Mobile)\\.json', listAvailable],
  ['GET', '/Applications\\.json', listApplications],
  ['POST', '/Applications\\.json', createApplication],
  ['GET', `/Applications/${SID('AP')}\\.json`, showApplication],
  ['POST', `/Applications/${SID('AP')}\\.json`, changeApplication],
  ['DELETE', `/Applications/${SID('AP')}\\.json`, deleteApplication],
];

/** Those of other APIs, whose paths name no account. */
export const OTHER_ROUTES = [['GET', '/v1/PhoneNumbers/Countries/([A-Z]{2})', showPrices]];
