// A note on a call, written under its row.

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { markCall } from '../api/marks.ts';
import type { Call } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import { text } from '../text.ts';
import { toasts } from '../toasts/toasts.ts';
import { Icon } from './icons.tsx';

const LONGEST = 2000;

interface Props {
  call: Call;
  who: string;
  desk: Desk;
  onClose: () => void;
}

export function NoteForm({ call, who, desk, onClose }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const note = field.current?.value.trim() ?? '';
    const over = [...note].length - LONGEST;
    if (over > 0) return setError(text.note.long(over));
    setBusy(true);
    setError(null);
    try {
      desk.patch([await markCall(call.sid, { note: note === '' ? null : note })]);
      toasts.show({ kind: 'done', words: note === '' ? text.note.removed : text.note.saved });
      onClose();
    } catch (reason) {
      desk.endIfSignedOut(reason);
      setError(text.note.failed);
      setBusy(false);
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void save(event);
    else return;
    event.preventDefault();
  };
  return (
    <form
      class="panel panel-note"
      aria-label={text.note.label(who)}
      onSubmit={save}
      onKeyDown={keys}
    >
      <div class="field">
        <label for={id}>{text.note.field}</label>
        <textarea
          class={error === null ? 'input' : 'input input-bad'}
          id={id}
          ref={field}
          defaultValue={call.note ?? ''}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : `${id}-error`}
        />
        {error !== null && (
          <p class="err" id={`${id}-error`} role="alert">
            <Icon name="alert" small />
            {error}
          </p>
        )}
      </div>
      <div class="tools">
        <button type="submit" class="btn btn-solid" aria-disabled={isBusy}>
          {isBusy ? text.note.saving : text.note.save}
        </button>
        <button type="button" class="btn" onClick={onClose}>
          {text.note.cancel}
        </button>
      </div>
    </form>
  );
}
