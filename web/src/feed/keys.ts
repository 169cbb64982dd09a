// What a key does in the list.  Pure.

export type Command =
  | 'next'
  | 'previous'
  | 'play'
  | 'heard'
  | 'done'
  | 'note'
  | 'select'
  | 'select to'
  | 'escape'
  | 'go calls'
  | 'go figures'
  | 'go';

/** Keys that type nothing always act; letters only where the reader has them act. */
const ALWAYS: Record<string, Command> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  ' ': 'play',
  Escape: 'escape',
};

const LETTERS: Record<string, Command> = {
  j: 'next',
  k: 'previous',
  h: 'heard',
  d: 'done',
  n: 'note',
  x: 'select',
  X: 'select to',
  g: 'go',
};

const AFTER_G: Record<string, Command> = { c: 'go calls', f: 'go figures' };

/** `isAfterG` is true just after the key g. */
export function commandOf(key: string, hasLetters: boolean, isAfterG: boolean): Command | null {
  if (isAfterG && hasLetters && Object.hasOwn(AFTER_G, key)) return AFTER_G[key] ?? null;
  if (Object.hasOwn(ALWAYS, key)) return ALWAYS[key] ?? null;
  return hasLetters && Object.hasOwn(LETTERS, key) ? (LETTERS[key] ?? null) : null;
}
