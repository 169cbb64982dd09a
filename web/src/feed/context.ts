// The desk outlives the page that shows its lists: counts and news go on while somebody is
// elsewhere.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Desk } from './desk.ts';

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('a page is drawn only for who is signed in');
  return desk;
}
