// One call of the list: who, how it ended and why, how long, when.  A message opens under it.

import { useEffect, useRef } from 'preact/hooks';
import type { Line } from '../api/lines.ts';
import type { Call } from '../api/types.ts';
import { callerOf, type Caller } from '../call/caller.ts';
import { isToDo, isUnheard, isWaiting, shapeOf } from '../call/outcome.ts';
import type { Desk } from '../feed/desk.ts';
import { lineName } from '../feed/filter-words.ts';
import type { Locale } from '../format/locale.ts';
import { fullTime } from '../format/time.ts';
import { callPath } from '../router/route.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { NoteForm } from './note-form.tsx';
import { Player } from './player.tsx';
import { RowButtons } from './row-buttons.tsx';
import { How, Length } from './row-parts.tsx';
import type { Open, RowActions } from './use-row-actions.ts';

export interface RowProps {
  call: Call;
  /** When it began, in the row's words. */
  when: string;
  locale: Locale;
  lines: readonly Line[];
  laterAt: string | undefined;
  rows: RowActions;
  openFor: Open['for'] | null;
  isSelected: boolean;
  /** The keyboard is at this row: its link and buttons are the list's stops. */
  isActive: boolean;
  /** In its day, from 1; `of` is -1 while the day is not all here. */
  position: number;
  of: number;
  desk: Desk;
  onClosed: (sid: string) => void;
}

export function CallRow(props: RowProps) {
  const { call, rows, openFor: open, isSelected, isActive, position, of, desk } = props;
  const { sid, voicemail } = call;
  const caller = callerOf(call);
  useFocusAfterClose(open !== null, () => props.onClosed(sid));
  const row = useReveal(open !== null);
  const close = (): void => rows.setOpen(null);
  const states = [`o-${shapeOf(call)}`, isToDo(call) && 'todo', isUnheard(call) && 'unheard'];
  return (
    <li
      ref={row}
      class={[open !== null && 'is-open', isSelected && 'is-picked'].filter(Boolean).join(' ')}
      data-sid={sid}
      aria-posinset={position}
      aria-setsize={of}
    >
      <div class={['row', ...states.filter(Boolean)].join(' ')}>
        <Tile {...props} who={caller.name} />
        <Who call={call} caller={caller} isActive={isActive} />
        <How call={call} laterAt={props.laterAt} />
        <RowButtons
          call={call}
          who={caller.name}
          rows={rows}
          isActive={isActive}
          isOpen={open !== null}
          desk={desk}
        />
        <Length call={call} />
        <When {...props} />
      </div>
      {open === 'message' && voicemail !== null && (
        <Player call={call} who={caller.name} message={voicemail} rows={rows} desk={desk} />
      )}
      {open === 'note' && <NoteForm call={call} who={caller.name} desk={desk} onClose={close} />}
    </li>
  );
}

/** The outcome's shape; under the pointer, or while rows are selected, a box to tick. */
function Tile({ call, who, rows, isSelected, isActive }: RowProps & { who: string }) {
  return (
    <span class="tile">
      <Icon name={shapeOf(call)} />
      <label class="pick">
        <input
          type="checkbox"
          checked={isSelected}
          tabIndex={isActive ? 0 : -1}
          aria-label={text.row.select(who)}
          onClick={(event) => {
            if (!event.shiftKey) return rows.toggle(call.sid);
            event.preventDefault();
            rows.selectTo(call.sid);
          }}
        />
      </label>
    </span>
  );
}

interface WhoProps {
  call: Call;
  caller: Caller;
  isActive: boolean;
}

function Who({ call, caller, isActive }: WhoProps) {
  return (
    <div class="who">
      <h3 class="name">
        <a class="row-link" href={callPath(call.sid)} tabIndex={isActive ? 0 : -1}>
          <span class="clip">
            {isUnheard(call) && <span class="vh">{text.row.unheard} </span>}
            {isWaiting(call) && <span class="vh">{text.row.todo} </span>}
            <bdi>{caller.name}</bdi>
          </span>
        </a>
      </h3>
      <p class="sub clip">{caller.more}</p>
    </div>
  );
}

function When({ call, when, locale, lines }: RowProps) {
  const at = new Date(call.started_at);
  return (
    <div class="when">
      <time dateTime={at.toISOString()} title={fullTime(at, locale)}>
        {when}
      </time>
      {lines.length > 1 && <p class="sub clip">{lineName(call.line, lines)}</p>}
    </div>
  );
}

/** What was opened at the end of the view is brought into it whole. */
function useReveal(isOpen: boolean): { current: HTMLLIElement | null } {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return row;
}

/** What was open goes; when that leaves focus nowhere, it comes back to the row. */
function useFocusAfterClose(isOpen: boolean, focus: () => void): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    const { activeElement } = document;
    const isNowhere = activeElement === document.body || activeElement?.matches('[data-list]');
    if (wasOpen.current && !isOpen && isNowhere) focus();
    wasOpen.current = isOpen;
  });
}
