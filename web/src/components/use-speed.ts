import { useState } from 'preact/hooks';

const RATES = [0.75, 1, 1.25, 1.5, 2] as const;

export interface Speed {
  /** As it is shown: 1.25×. */
  words: string;
  /** One slower or faster; stops at the ends. */
  step: (by: number) => void;
  /** The next one, from the fastest back to the slowest. */
  turn: () => void;
}

export function useSpeed(setRate: (rate: number) => void): Speed {
  const [at, setAt] = useState(RATES.indexOf(1));
  const to = (next: number): void => {
    const rate = RATES[next];
    if (rate === undefined) return;
    setAt(next);
    setRate(rate);
  };
  return {
    words: `${RATES[at] ?? 1}×`,
    step: (by) => to(at + by),
    turn: () => to((at + 1) % RATES.length),
  };
}
