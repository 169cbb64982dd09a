// Signing in by name and password.

import { useEffect, useRef, useState } from 'preact/hooks';
import { unreachable } from '../api/failure.ts';
import { signIn, type Session } from '../api/session.ts';
import { text } from '../text.ts';
import { Field, SecretField } from './field.tsx';
import { signInWords } from './sign-in-words.ts';

interface Wrong {
  field: 'name' | 'password';
  words: string;
}

export function PasswordForm({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [isBusy, setBusy] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => name.current?.focus(), []);

  const refuse = (field: Wrong['field'], words: string): void => {
    setWrong({ field, words });
    (field === 'name' ? name : password).current?.focus();
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const who = name.current?.value.trim() ?? '';
    const secret = password.current?.value ?? '';
    if (who === '') return refuse('name', text.signIn.nameEmpty);
    if (secret === '') return refuse('password', text.signIn.passwordEmpty);
    setBusy(true);
    setWrong(null);
    try {
      onSignedIn(await signIn({ name: who, password: secret }));
    } catch (reason) {
      refuse('password', signInWords(unreachable(reason), text.signIn.refused));
      setBusy(false);
    }
  };

  return (
    <form noValidate onSubmit={submit}>
      <Field
        id="username"
        label={text.signIn.name}
        autocomplete="username"
        inputRef={name}
        error={wrong?.field === 'name' ? wrong.words : null}
      />
      <SecretField
        id="password"
        label={text.signIn.password}
        showLabel={text.signIn.showPassword}
        autocomplete="current-password"
        inputRef={password}
        error={wrong?.field === 'password' ? wrong.words : null}
      />
      <button type="submit" class="btn btn-solid btn-lg btn-wide" aria-disabled={isBusy}>
        {isBusy ? text.signIn.busy : text.signIn.submit}
      </button>
    </form>
  );
}
