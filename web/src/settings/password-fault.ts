// What keeps a change of password from being asked for.  Pure.

export interface PasswordEntry {
  current: string;
  next: string;
  again: string;
}

export type PasswordFault = 'needCurrent' | 'short' | 'long' | 'differ';
export type PasswordFieldName = keyof PasswordEntry;

const AT_LEAST = 10;
const AT_MOST = 200;

/** The first fault and where it is; null when it can be asked for. */
export function faultOf(
  { current, next, again }: PasswordEntry,
  isCurrentWanted: boolean,
): { field: PasswordFieldName; fault: PasswordFault } | null {
  const { length } = [...next];
  if (isCurrentWanted && current === '') return { field: 'current', fault: 'needCurrent' };
  if (length < AT_LEAST) return { field: 'next', fault: 'short' };
  if (length > AT_MOST) return { field: 'next', fault: 'long' };
  return next === again ? null : { field: 'again', fault: 'differ' };
}
