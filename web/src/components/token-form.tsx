// Signing in by an API token: the second way, for whoever runs Mainline.

import { useEffect, useRef, useState } from 'preact/hooks';
import { unreachable } from '../api/failure.ts';
import { signIn, type Session } from '../api/session.ts';
import { text } from '../text.ts';
import { SecretField } from './field.tsx';
import { signInWords } from './sign-in-words.ts';

export function TokenForm({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const refuse = (words: string): void => {
    setError(words);
    field.current?.focus();
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const token = field.current?.value.trim() ?? '';
    if (token === '') return refuse(text.signIn.tokenEmpty);
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await signIn({ token }));
    } catch (reason) {
      refuse(signInWords(unreachable(reason), text.signIn.tokenRefused));
      setBusy(false);
    }
  };

  return (
    <form noValidate onSubmit={submit}>
      <SecretField
        id="token"
        label={text.signIn.token}
        showLabel={text.signIn.showToken}
        autocomplete="off"
        inputRef={field}
        error={error}
      />
      <button type="submit" class="btn btn-solid btn-lg btn-wide" aria-disabled={isBusy}>
        {isBusy ? text.signIn.busy : text.signIn.submit}
      </button>
    </form>
  );
}
