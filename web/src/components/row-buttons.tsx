// What a row offers: its message, or to call back, to copy the number, to be done with it.

import type { Call } from '../api/types.ts';
import { isToDo } from '../call/outcome.ts';
import type { Desk } from '../feed/desk.ts';
import { clockDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import type { RowActions } from './use-row-actions.ts';
import { useCopy } from './use-copy.ts';

interface Props {
  call: Call;
  who: string;
  rows: RowActions;
  isActive: boolean;
  isOpen: boolean;
  desk: Desk;
}

export function RowButtons(props: Props) {
  if (props.isOpen) return <div class="act gone" />;
  return (
    <div class="act">
      {props.call.voicemail === null ? <Buttons {...props} /> : <Pill {...props} />}
    </div>
  );
}

function Pill({ call, who, rows, isActive }: Props) {
  const seconds = call.voicemail?.duration_s ?? null;
  const length = seconds === null ? null : clockDuration(seconds);
  return (
    <button
      type="button"
      class="playpill"
      tabIndex={isActive ? 0 : -1}
      aria-label={text.row.playLabel(who, length)}
      onClick={() => rows.setOpen({ sid: call.sid, for: 'message' })}
    >
      <span class="disc">
        <Icon name="play" small />
      </span>
      <span class="pword">{text.row.play}</span>
      <span class="plen">{length ?? text.row.play}</span>
    </button>
  );
}

function Buttons({ call, who, rows, isActive, desk }: Props) {
  const number = numberOf(call);
  const copy = useCopy(desk);
  const tabIndex = isActive ? 0 : -1;
  return (
    <>
      {number !== null && (
        <a
          class="btn btn-icon hover"
          href={`tel:${number}`}
          tabIndex={tabIndex}
          aria-label={text.row.callBackLabel(who)}
          title={text.row.callBack}
        >
          <Icon name="phone" small />
        </a>
      )}
      {number !== null && (
        <button
          type="button"
          class={copy.isCopied ? 'btn btn-icon hover is-copied' : 'btn btn-icon hover'}
          tabIndex={tabIndex}
          aria-label={text.row.copyLabel(who)}
          title={copy.isCopied ? text.row.copied : text.row.copy}
          onClick={() => void copy.copy(number)}
        >
          <Icon name={copy.isCopied ? 'check' : 'copy'} small />
        </button>
      )}
      {rows.mayMark && isToDo(call) && (
        <button
          type="button"
          class="btn btn-icon hover"
          tabIndex={tabIndex}
          aria-label={text.row.markDoneLabel(who)}
          title={text.row.markDone}
          onClick={() => rows.markDone([call], true)}
        >
          <Icon name="done" small />
        </button>
      )}
    </>
  );
}

/** In E.164; null when there is nobody to call back. */
export function numberOf({ from }: Pick<Call, 'from'>): string | null {
  return from !== null && /^\+\d{5,15}$/.test(from) ? from : null;
}
