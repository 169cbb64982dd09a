// Which rows are selected.  Pure.

export interface Selection {
  sids: ReadonlySet<string>;
  /** The row that was selected last: "to here" begins there. */
  anchor: string | null;
}

export const NONE_SELECTED: Selection = { sids: new Set(), anchor: null };

export function toggled({ sids }: Selection, sid: string): Selection {
  const next = new Set(sids);
  if (!next.delete(sid)) next.add(sid);
  return { sids: next, anchor: sid };
}

/** Everything from the anchor to this row, in the order of the list. */
export function selectedTo(selection: Selection, sid: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(sid);
  if (from === -1 || to === -1) return toggled(selection, sid);
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { sids: new Set([...selection.sids, ...between]), anchor: selection.anchor };
}

/** Without rows that are no longer in the list; the same object when all of them are. */
export function stillListed(selection: Selection, listed: ReadonlySet<string>): Selection {
  const sids = new Set([...selection.sids].filter((sid) => listed.has(sid)));
  return sids.size === selection.sids.size ? selection : { ...selection, sids };
}
