// What can be done to rows: open one, select some, mark them.

import { useMemo, useState } from 'preact/hooks';
import type { Call } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import type { Command } from '../feed/keys.ts';
import { mark } from '../feed/marking.ts';
import * as selections from '../feed/selection.ts';
import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { isToDo } from '../call/outcome.ts';
import { useSteady } from './hooks.ts';

/** The row that is open, and what it is open for. */
export interface Open {
  sid: string;
  for: 'message' | 'note';
}

/** The same functions from drawing to drawing, so that a row is drawn anew for its own sake only. */
export interface RowActions {
  setOpen: (open: Open | null) => void;
  toggle: (sid: string) => void;
  selectTo: (sid: string) => void;
  clear: () => void;
  /** Whether who is signed in may mark calls and write notes. */
  mayMark: boolean;
  markHeard: (calls: readonly Call[], heard: boolean, quiet?: boolean) => void;
  markDone: (calls: readonly Call[], done: boolean) => void;
  act: (command: Command, call: Call) => void;
}

export interface Rows {
  open: Open | null;
  selection: selections.Selection;
  actions: RowActions;
}

export function useRows(desk: Desk, calls: readonly Call[]): Rows {
  const { session } = useSession();
  const [open, setOpen] = useState<Open | null>(null);
  const [chosen, setChosen] = useState(selections.NONE_SELECTED);
  const listed = new Set(chosen.sids.size > 0 ? calls.map(({ sid }) => sid) : []);
  const selection = selections.stillListed(chosen, listed);
  const mayMark = can(session, 'mark');

  const toggle = useSteady((sid: string): void => setChosen(selections.toggled(selection, sid)));
  const selectTo = useSteady((sid: string): void => {
    const order = calls.map((call) => call.sid);
    setChosen(selections.selectedTo(selection, sid, order));
  });
  const clear = useSteady((): void => setChosen(selections.NONE_SELECTED));
  const markHeard = useSteady((of: readonly Call[], heard: boolean, quiet?: boolean): void => {
    if (mayMark) void mark(desk, of, { heard }, { quiet: quiet === true });
  });
  const markDone = useSteady((of: readonly Call[], done: boolean): void => {
    if (mayMark) void mark(desk, of, { done });
  });
  const act = useSteady((command: Command, call: Call): void => {
    const { sid, voicemail } = call;
    switch (command) {
      case 'play':
        if (voicemail !== null) setOpen({ sid, for: 'message' });
        return;
      case 'heard':
        return markHeard([call], voicemail?.heard_at === null);
      case 'done':
        if (call.done_at !== null || isToDo(call)) markDone([call], call.done_at === null);
        return;
      case 'note':
        if (mayMark) setOpen({ sid, for: 'note' });
        return;
      case 'select':
        return toggle(sid);
      case 'select to':
        return selectTo(sid);
      case 'escape':
        return open !== null ? setOpen(null) : clear();
    }
  });
  const actions = useMemo(
    () => ({ setOpen, toggle, selectTo, clear, mayMark, markHeard, markDone, act }),
    [mayMark],
  );
  return { open, selection, actions };
}
