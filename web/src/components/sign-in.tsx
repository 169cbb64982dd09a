// An API token for a session.  The token is sent once and kept nowhere in the page.

import { useEffect, useRef, useState } from 'preact/hooks';
import { Failure, unreachable } from '../api/failure.ts';
import { signIn, type Session } from '../api/session.ts';
import { text } from '../text.ts';
import { useTitle } from './hooks.ts';
import { Icon } from './icons.tsx';
import { Mark } from './mark.tsx';

interface Props {
  /** A session ended by itself, which is worth a word. */
  hasEnded: boolean;
  onSignedIn: (session: Session) => void;
}

export function SignIn({ hasEnded, onSignedIn }: Props) {
  useTitle(text.pageTitle(text.signIn.short));
  return (
    <main class="gate">
      <div class="gate-in">
        <div class="brand">
          <Mark />
        </div>
        <h1>{text.signIn.title}</h1>
        {hasEnded && (
          <p class="sub" role="status">
            {text.signIn.ended}
          </p>
        )}
        <TokenForm onSignedIn={onSignedIn} />
        <div class="hintbox">
          <Icon name="lock" />
          <div>
            <p>{text.signIn.where}</p>
            <p>
              <code>{text.signIn.command}</code>
            </p>
            <p>
              {text.signIn.local} <code>{text.signIn.localFile}</code>
            </p>
          </div>
        </div>
      </div>
    </main>
  );
}

function TokenForm({ onSignedIn }: Pick<Props, 'onSignedIn'>) {
  const [error, setError] = useState<string | null>(null);
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const refuse = (words: string): void => {
    setError(words);
    field.current?.focus();
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (isBusy) return;
    if (token === '') return refuse(text.signIn.empty);
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await signIn(token));
    } catch (reason) {
      refuse(wordsFor(unreachable(reason)));
      setBusy(false);
    }
  };

  return (
    <form noValidate onSubmit={submit}>
      <div class="field">
        <label for="token">{text.signIn.field}</label>
        <div class="withbtn">
          <input
            class={error === null ? 'input' : 'input input-bad'}
            id="token"
            ref={field}
            {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
            autocomplete="current-password"
            autocapitalize="none"
            spellcheck={false}
            aria-invalid={error !== null}
            aria-describedby={error === null ? undefined : 'token-error'}
          />
          <button
            type="button"
            class="btn"
            aria-label={text.signIn.showLabel}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            <Icon name="eye" small />
            {text.signIn.show}
          </button>
        </div>
        {error !== null && (
          <p class="err" id="token-error" role="alert">
            <Icon name="alert" small />
            {error}
          </p>
        )}
      </div>
      <button type="submit" class="btn btn-solid btn-lg btn-wide" aria-disabled={isBusy}>
        {isBusy ? text.signIn.busy : text.signIn.submit}
      </button>
    </form>
  );
}

function wordsFor(failure: Failure): string {
  if (failure.status === 401) return text.signIn.refused;
  // What is no token at all is refused as a bad request.
  if (failure.status === 400) return text.signIn.refused;
  if (failure.status === 429) return text.signIn.tooMany;
  if (failure.status === 0) return text.signIn.offline;
  return text.signIn.failed(failure.code);
}
