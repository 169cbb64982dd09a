// A dialog over the page: the browser keeps focus in it and gives it back.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const outside = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose();
  };
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={onClose} onClick={outside}>
      <div class="dialog-in">
        <div class="dialog-h">
          <h2 id={heading}>{title}</h2>
          <button
            type="button"
            class="btn btn-icon"
            aria-label={text.filters.close}
            onClick={onClose}
          >
            <Icon name="x" small />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
