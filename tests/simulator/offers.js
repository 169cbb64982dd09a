// What is for sale in the simulated world, and what it costs a month.

/**
 * @typedef {object} Offer
 * @property {string} number
 * @property {string} country
 * @property {'local'|'toll free'|'mobile'} type
 * @property {string} [locality]
 * @property {string} [region]
 * @property {'none'|'any'|'local'|'foreign'} [address] that who buys it must have
 * @property {boolean} [voice] false: for messages alone
 * @property {[status: number, code: number, message: string]} [refused] what Twilio says to who buys it
 */

/** @type {Offer[]} */
export const OFFERS = [
  us('+15105550110', 'Oakland', 'CA'),
  us('+15105550111', 'Oakland', 'CA'),
  us('+15105550112', 'Berkeley', 'CA'),
  us('+12125550113', 'New York', 'NY'),
  { ...us('+12125550114', 'New York', 'NY'), voice: false },
  { number: '+18885550115', country: 'US', type: 'toll free' },
  { number: '+442079460116', country: 'GB', type: 'local', locality: 'London', address: 'any' },
  { number: '+447700900117', country: 'GB', type: 'mobile', address: 'any' },
  { number: '+493023125118', country: 'DE', type: 'local', locality: 'Berlin', address: 'local' },
];

function us(number, locality, region) {
  return { number, country: 'US', type: /** @type {const} */ ('local'), locality, region };
}

export const PRICES = {
  US: { name: 'United States', unit: 'USD', monthly: { local: '1.15', 'toll free': '2.15' } },
  GB: { name: 'United Kingdom', unit: 'USD', monthly: { local: '1.15', mobile: '1.15' } },
  DE: { name: 'Germany', unit: 'USD', monthly: { local: '1.15' } },
};
