// A labelled field with what is wrong about it, and for secrets a button that shows them.

import type { ComponentChildren, Ref } from 'preact';
import { useState } from 'preact/hooks';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

interface Props {
  id: string;
  label: string;
  autocomplete: 'username' | 'current-password' | 'new-password' | 'off';
  inputRef: Ref<HTMLInputElement>;
  /** What is wrong; null while nothing is. */
  error: string | null;
  hint?: string;
}

export function Field(props: Props) {
  return (
    <Frame {...props}>
      <Input {...props} type="text" />
    </Frame>
  );
}

/** `showLabel` says what the button beside it shows. */
export function SecretField({ showLabel, ...props }: Props & { showLabel: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <Frame {...props}>
      <div class="withbtn">
        <Input {...props} type={isShown ? 'text' : 'password'} />
        <button
          type="button"
          class="btn"
          aria-label={showLabel}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          <Icon name="eye" small />
          {text.signIn.show}
        </button>
      </div>
    </Frame>
  );
}

function Frame({ id, label, error, hint, children }: Props & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p class="sub" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== null && (
        <p class="err" id={`${id}-error`} role="alert">
          <Icon name="alert" small />
          {error}
        </p>
      )}
    </div>
  );
}

function Input({
  id,
  autocomplete,
  inputRef,
  error,
  hint,
  type,
}: Props & { type: 'text' | 'password' }) {
  const told = [hint !== undefined && `${id}-hint`, error !== null && `${id}-error`];
  return (
    <input
      class={error === null ? 'input' : 'input input-bad'}
      id={id}
      name={id}
      ref={inputRef}
      {...(type === 'text' ? { type: 'text' as const } : { type: 'password' as const })}
      autocomplete={autocomplete}
      autocapitalize="none"
      spellcheck={false}
      aria-invalid={error !== null}
      aria-describedby={told.filter(Boolean).join(' ') || undefined}
    />
  );
}
