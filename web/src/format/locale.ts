// Words are in the language that is spoken; how it writes dates and clocks is the reader's own
// choice among its regions.

import { language } from '../text.ts';

export interface Locale {
  language: string;
  /** IANA name; the device's own when left out. */
  timeZone?: string;
}

const REGIONS = { en: 'en-GB', fr: 'fr-FR' } as const;

let latest: Locale = { language: REGIONS.en };

/** The same object as long as it says the same. */
export function readersLocale(): Locale {
  const own = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`));
  const spoken = own ?? REGIONS[language];
  if (latest.language !== spoken) latest = { language: spoken };
  return latest;
}
