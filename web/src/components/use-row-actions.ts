// What can be done to rows: open one, select some, mark them.

import { useState } from 'preact/hooks';
import type { Call } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import type { Command } from '../feed/keys.ts';
import { mark } from '../feed/marking.ts';
import * as selections from '../feed/selection.ts';
import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { isToDo } from '../call/outcome.ts';

/** The row that is open, and what it is open for. */
export interface Open {
  sid: string;
  for: 'message' | 'note';
}

export interface RowActions {
  open: Open | null;
  setOpen: (open: Open | null) => void;
  selection: selections.Selection;
  toggle: (sid: string) => void;
  selectTo: (sid: string) => void;
  clear: () => void;
  /** Whether who is signed in may mark calls and write notes. */
  mayMark: boolean;
  markHeard: (calls: readonly Call[], heard: boolean, quiet?: boolean) => void;
  markDone: (calls: readonly Call[], done: boolean) => void;
  act: (command: Command, call: Call) => void;
}

export function useRowActions(desk: Desk, calls: readonly Call[]): RowActions {
  const { session } = useSession();
  const [open, setOpen] = useState<Open | null>(null);
  const [chosen, setChosen] = useState(selections.NONE_SELECTED);
  const listed = new Set(chosen.sids.size > 0 ? calls.map(({ sid }) => sid) : []);
  const selection = selections.stillListed(chosen, listed);
  const mayMark = can(session, 'mark');

  const toggle = (sid: string): void => setChosen(selections.toggled(selection, sid));
  const selectTo = (sid: string): void => {
    const order = calls.map((call) => call.sid);
    setChosen(selections.selectedTo(selection, sid, order));
  };
  const clear = (): void => setChosen(selections.NONE_SELECTED);
  const markHeard = (of: readonly Call[], heard: boolean, quiet = false): void => {
    if (mayMark) void mark(desk, of, { heard }, { quiet });
  };
  const markDone = (of: readonly Call[], done: boolean): void => {
    if (mayMark) void mark(desk, of, { done });
  };

  const act = (command: Command, call: Call): void => {
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
  };
  return { open, setOpen, selection, toggle, selectTo, clear, mayMark, markHeard, markDone, act };
}
