// What can be done to the selected rows together.

import type { Call } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import { csvOf } from '../feed/csv.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import type { Rows } from './use-row-actions.ts';

interface Props {
  desk: Desk;
  calls: readonly Call[];
  rows: Rows;
}

export function BulkBar({ desk, calls, rows }: Props) {
  const { actions } = rows;
  const { sids } = rows.selection;
  if (sids.size === 0) return null;
  const chosen = calls.filter(({ sid }) => sids.has(sid));
  const save = (): void => {
    download(csvOf(chosen), text.selection.file);
    desk.say(text.selection.exported(chosen.length));
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') actions.clear();
  };
  return (
    <div class="bulk" role="toolbar" aria-label={text.selection.label} onKeyDown={keys}>
      <b role="status">{text.selection.count(sids.size)}</b>
      {actions.mayMark && (
        <>
          <button type="button" class="btn" onClick={() => actions.markHeard(chosen, true)}>
            <Icon name="check" small />
            {text.marks.heard}
          </button>
          <button type="button" class="btn" onClick={() => actions.markDone(chosen, true)}>
            <Icon name="done" small />
            {text.marks.done}
          </button>
        </>
      )}
      <button type="button" class="btn" onClick={save}>
        <Icon name="save" small />
        {text.feed.export}
      </button>
      <button
        type="button"
        class="btn btn-icon"
        aria-label={text.selection.clear}
        title={text.selection.clear}
        onClick={actions.clear}
      >
        <Icon name="x" small />
      </button>
    </div>
  );
}

/** A byte order mark, without which a spreadsheet takes UTF-8 for something else. */
function download(csv: string, name: string): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
