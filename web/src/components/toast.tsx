// The toast that is shown, if any.

import { toasts, type Toast } from '../toasts/toasts.ts';
import { useStore } from './hooks.ts';
import { Icon } from './icons.tsx';

export function ToastPlace() {
  useStore(toasts);
  const { shown } = toasts;
  // The regions are there before their words, or no reader would be told of them.
  return (
    <div
      class="toast-place"
      onPointerEnter={toasts.pause}
      onPointerLeave={toasts.resume}
      onFocusIn={toasts.pause}
      onFocusOut={toasts.resume}
    >
      <div role="status">{shown?.kind === 'done' && <One toast={shown} />}</div>
      <div role="alert">{shown?.kind === 'failed' && <One toast={shown} />}</div>
    </div>
  );
}

function One({ toast: { kind, words, action } }: { toast: Toast }) {
  const act = (): void => {
    toasts.hide();
    action?.go();
  };
  return (
    <div class={kind === 'done' ? 'toast o-answered' : 'toast o-missed'}>
      <Icon name={kind === 'done' ? 'check' : 'alert'} />
      <span>{words}</span>
      {action !== undefined && (
        <button type="button" class="btn" onClick={act}>
          {action.words}
        </button>
      )}
    </div>
  );
}
