// Who called, in the words of a row.

import type { Call } from '../api/types.ts';
import { grouped } from '../format/phone.ts';
import { language, text } from '../text.ts';

export interface Caller {
  name: string;
  /** Second line; empty when nothing more is known. */
  more: string;
}

type Origin = Pick<
  Call,
  'from' | 'caller_name' | 'caller_city' | 'caller_region' | 'caller_country'
>;

export function callerOf(call: Origin): Caller {
  const number = numberOf(call.from);
  const place = placeOf(call);
  const known = [number, place].filter((part) => part !== null);
  if (call.caller_name) return { name: call.caller_name, more: known.join(' · ') };
  if (number !== null) return { name: number, more: place ?? '' };
  if (call.from !== null && /^(client|sips?):/i.test(call.from)) {
    return { name: call.from.replace(/^\w+:/, ''), more: text.caller.internet };
  }
  return { name: text.caller.none, more: place ?? text.caller.withheld };
}

function numberOf(from: string | null): string | null {
  return from !== null && /^\+\d+$/.test(from) ? grouped(from) : null;
}

function placeOf(call: Origin): string | null {
  const place = call.caller_city ?? call.caller_region;
  const country = call.caller_country;
  if (place) return [named(place), country].filter(Boolean).join(', ');
  return country ? countryName(country) : null;
}

const countries = new Map<string, Intl.DisplayNames>();

/** By its own a code says little: GB is United Kingdom. */
function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  let names = countries.get(language);
  if (names === undefined) {
    names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
    countries.set(language, names);
  }
  return names.of(code) ?? code;
}

/** Carriers send places in capitals: SAN FRANCISCO is San Francisco, but CA stays CA. */
function named(place: string): string {
  if (place.length <= 3 || place !== place.toUpperCase()) return place;
  return place
    .toLowerCase()
    .replace(/(^|[\s\-.'’/(])(\p{L})/gu, (_, before: string, letter: string) => {
      return before + letter.toUpperCase();
    });
}
