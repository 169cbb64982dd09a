// Asks before something is done that others feel, and says what it does.  Focus goes back to
// where it came from; Escape is no.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { unreachable, type Failure } from '../api/failure.ts';
import { Icon } from './icons.tsx';

interface Props {
  title: string;
  words: string;
  yes: string;
  no: string;
  isDanger?: boolean;
  /** What is wrong so far with what was entered; null when nothing is. */
  fault?: () => string | null;
  /** Rejects with a Failure. */
  onYes: () => Promise<void>;
  failed: (failure: Failure) => string;
  onClose: () => void;
  children?: ComponentChildren;
}

export function ConfirmDialog(props: Props) {
  const { title, words, yes, no, isDanger = false, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { error, isBusy, submit } = useYes(props);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // A dialog that is taken away gives no focus back.
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      class="ask"
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-words`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form noValidate onSubmit={submit}>
        <h2 id={`${id}-title`}>{title}</h2>
        <p id={`${id}-words`}>{words}</p>
        {children}
        {error !== null && (
          <p class="err" role="alert">
            <Icon name="alert" small />
            {error}
          </p>
        )}
        <div class="acts">
          <button type="button" class="btn btn-line btn-lg" onClick={onClose}>
            {no}
          </button>
          <button
            type="submit"
            class={isDanger ? 'btn btn-lg btn-danger-solid' : 'btn btn-lg btn-solid'}
            aria-disabled={isBusy}
          >
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function useYes({ fault, onYes, failed }: Props) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const wrong = fault?.() ?? null;
    setError(wrong);
    if (wrong !== null) return;
    setBusy(true);
    try {
      await onYes();
    } catch (reason) {
      setError(failed(unreachable(reason)));
      setBusy(false);
    }
  };
  return { error, isBusy, submit };
}
