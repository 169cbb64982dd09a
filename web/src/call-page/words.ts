// The time line in words.

import { shortDuration } from '../format/duration.ts';
import { language, text } from '../text.ts';
import type { Entry, Phone, Step } from './timeline.ts';

export interface EntryWords {
  what: string;
  /** What was said, or why. */
  more: string | null;
}

/** `line` is the name of the line that was called. */
export function entryWords(entry: Entry, line: string): EntryWords {
  const words = text.callPage.timeline;
  switch (entry.kind) {
    case 'came':
      return { what: words.came(line), more: null };
    case 'menu':
      return { what: menuWords(entry.seconds, entry.again), more: entry.said };
    case 'key':
      return { what: (entry.isWrong ? words.keyOutside : words.key)(entry.key), more: null };
    case 'no_key':
      return { what: words.noKey, more: null };
    case 'ring': {
      const rang = entry.seconds === null ? words.ringing : words.rang;
      return { what: rang(phoneNames(entry.phones)), more: null };
    }
    case 'talk': {
      const talked = entry.seconds === null ? words.talking : words.talked;
      return { what: talked(entry.phone ?? words.aPhone), more: null };
    }
    case 'greeting':
      return {
        what: entry.seconds === null ? words.greetingNow : words.greeting,
        more: whyWords(entry.why) ?? entry.said,
      };
    case 'message':
      return { what: words.message, more: null };
    case 'silence':
      return { what: words.silence, more: null };
    case 'rejected':
      return { what: words.rejected, more: whyWords(entry.why) };
    case 'fallback':
      return { what: words.fallback, more: null };
    case 'end':
      return { what: entry.by === 'caller' ? words.hungUp : words.ended, more: null };
  }
}

function menuWords(seconds: number | null, again: boolean): string {
  const words = text.callPage.timeline;
  if (seconds === null) return words.menuNow;
  return again ? words.menuAgain : words.menu;
}

function whyWords(why: Step['why']): string | null {
  return why === null ? null : text.callPage.timeline.why[why];
}

function phoneNames(phones: readonly Phone[]): string {
  const names = phones.map(({ name, number }) => name ?? number ?? text.callPage.timeline.aPhone);
  if (names.length === 0) return text.callPage.timeline.aPhone;
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(new Set(names));
}

/** What became of a phone, and when: "after 18 s" or "rang 18 s". */
export function fateWords({ fate, seconds }: Phone): { word: string; when: string | null } {
  const words = text.callPage.timeline;
  const word = words.fates[fate];
  if (seconds === null) return { word, when: null };
  const hasPickedUp = fate === 'took' || fate === 'not_taken';
  const when = (hasPickedUp ? words.after : words.rangFor)(shortDuration(seconds));
  return { word, when };
}
