// Orders of things: all of them, or random ones from a seed.

import { createHash } from 'node:crypto';

/** Every order of 0 … n-1. */
export function* permutations(n, head = [], rest = [...Array(n).keys()]) {
  if (rest.length === 0) yield head;
  for (const [i, each] of rest.entries())
    yield* permutations(n, [...head, each], rest.toSpliced(i, 1));
}

/** Numbers from 0 to 1, always the same for the same name. */
export function randomOf(name) {
  let state = createHash('sha256').update(name).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random order of 0 … n-1 (Fisher and Yates). */
export function shuffled(n, random) {
  const order = [...Array(n).keys()];
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
