// What can be done with a message, under its player.

import type { Call } from '../api/types.ts';
import { isWaiting } from '../call/outcome.ts';
import type { Desk } from '../feed/desk.ts';
import { callPath } from '../router/route.ts';
import { text } from '../text.ts';
import { Icon, type IconName } from './icons.tsx';
import { numberOf } from './row-buttons.tsx';
import { useCopy } from './use-copy.ts';
import type { RowActions } from './use-row-actions.ts';
import type { Speed } from './use-speed.ts';

interface Props {
  call: Call;
  who: string;
  url: string | null;
  rows: RowActions;
  desk: Desk;
  speed: Speed;
}

export function PlayerTools({ call, who, url, rows, desk, speed }: Props) {
  const number = numberOf(call);
  const copy = useCopy(desk);
  const { setOpen } = rows;
  return (
    <div class="tools">
      {number !== null && (
        <a class="btn" href={`tel:${number}`} aria-label={text.row.callBackLabel(who)}>
          <Icon name="phone" small />
          {text.row.callBack}
        </a>
      )}
      {number !== null && (
        <Tool
          icon={copy.isCopied ? 'check' : 'copy'}
          words={copy.isCopied ? text.row.copied : text.row.copy}
          onClick={() => void copy.copy(number)}
        />
      )}
      {rows.mayMark && <Marks call={call} rows={rows} />}
      {rows.mayMark && (
        <Tool
          icon="note"
          words={call.note === null ? text.marks.note : text.marks.editNote}
          onClick={() => setOpen({ sid: call.sid, for: 'note' })}
        />
      )}
      {url !== null && (
        <a class="btn" href={url} download="">
          <Icon name="save" small />
          {text.player.download}
        </a>
      )}
      <button
        type="button"
        class="btn"
        aria-label={text.player.speed(speed.words)}
        onClick={speed.turn}
      >
        {speed.words}
      </button>
      <span class="push">
        <a class="btn" href={callPath(call.sid)}>
          {text.player.openCall}
          <Icon name="right" small />
        </a>
        <button
          type="button"
          class="btn btn-icon"
          aria-label={text.player.close}
          title={text.player.close}
          onClick={() => setOpen(null)}
        >
          <Icon name="x" small />
        </button>
      </span>
    </div>
  );
}

function Marks({ call, rows }: { call: Call; rows: RowActions }) {
  const isHeard = call.voicemail !== null && call.voicemail.heard_at !== null;
  return (
    <>
      <Tool
        icon="check"
        words={isHeard ? text.marks.unheard : text.marks.heard}
        onClick={() => rows.markHeard([call], !isHeard)}
      />
      {isWaiting(call) && (
        <Tool icon="done" words={text.marks.done} onClick={() => rows.markDone([call], true)} />
      )}
    </>
  );
}

interface ToolProps {
  icon: IconName;
  words: string;
  onClick: () => void;
}

function Tool({ icon, words, onClick }: ToolProps) {
  return (
    <button type="button" class="btn" onClick={onClick}>
      <Icon name={icon} small />
      {words}
    </button>
  );
}
