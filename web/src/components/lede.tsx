// Today in figures, as soon as all of today is here.

import type { Call } from '../api/types.ts';
import { isUnheard } from '../call/outcome.ts';
import type { Day } from '../feed/days.ts';
import { readersLocale } from '../format/locale.ts';
import { dayKey } from '../format/time.ts';
import { text } from '../text.ts';

export function Lede({ days, now }: { days: readonly Day[]; now: number }) {
  const today = dayKey(new Date(now), readersLocale());
  const day = days.find(({ key }) => key === today);
  if (day === undefined || !day.isWhole) return null;
  const count = (is: (call: Call) => boolean): number => day.calls.filter(is).length;
  const words = text.feed.lede;
  const toHear = count(isUnheard);
  const parts: [number, string][] = [
    [count(({ outcome }) => outcome === 'answered'), words.answered],
    [count(({ outcome }) => outcome === 'missed'), words.missed],
    [toHear, words.toHear(toHear)],
  ];
  return (
    <p class="lede">
      <b>{day.calls.length}</b> {words.today}:{' '}
      {parts.map(([n, word], i) => (
        <>
          {i > 0 && ', '}
          <b>{n}</b> {word}
        </>
      ))}
    </p>
  );
}
