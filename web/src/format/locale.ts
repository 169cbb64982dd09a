// Words are English; how English writes dates and clocks is the reader's own choice.

export interface Locale {
  language: string;
  /** IANA name; the device's own when left out. */
  timeZone?: string;
}

export function readersLocale(): Locale {
  const english = navigator.languages.find((language) => /^en\b/i.test(language));
  return { language: english ?? 'en-GB' };
}
