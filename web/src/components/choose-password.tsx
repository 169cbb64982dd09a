// After a link that works once: a password, so that the reader can come back.

import { useEffect, useRef, useState } from 'preact/hooks';
import { unreachable } from '../api/failure.ts';
import { setPassword, type Session } from '../api/session.ts';
import { text } from '../text.ts';
import { SecretField } from './field.tsx';
import { useTitle } from './hooks.ts';
import { Mark } from './mark.tsx';

const AT_LEAST = 10;
const AT_MOST = 200;

/** What is wrong with it as a password; null when nothing is. */
export function passwordFault(password: string): string | null {
  const { length } = [...password];
  if (length < AT_LEAST) return text.password.short;
  return length > AT_MOST ? text.password.long : null;
}

interface Props {
  session: Session;
  /** The session as it is now. */
  onDone: (session: Session) => void;
}

export function ChoosePassword({ session, onDone }: Props) {
  useTitle(text.pageTitle(text.password.title));
  return (
    <main class="gate">
      <div class="gate-in">
        <div class="brand">
          <Mark />
        </div>
        <h1>{text.password.title}</h1>
        <p class="sub">{text.password.lead(session.name)}</p>
        <Form
          name={session.name}
          onSet={() => onDone({ ...session, password_wanted: false })}
          onLater={() => onDone(session)}
        />
      </div>
    </main>
  );
}

function Form({ name, onSet, onLater }: { name: string; onSet: () => void; onLater: () => void }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const password = field.current?.value ?? '';
    const fault = passwordFault(password);
    setError(fault);
    if (fault !== null) return field.current?.focus();
    setBusy(true);
    try {
      await setPassword(password);
      onSet();
    } catch (reason) {
      setError(text.password.failed(unreachable(reason).code));
      setBusy(false);
    }
  };

  return (
    <form noValidate onSubmit={submit}>
      {/* For the browser's password store: whose password this is. */}
      <input class="vh" type="text" name="username" autocomplete="username" value={name} hidden />
      <SecretField
        id="new-password"
        label={text.password.field}
        showLabel={text.signIn.showPassword}
        autocomplete="new-password"
        inputRef={field}
        error={error}
        hint={text.password.hint}
      />
      <button type="submit" class="btn btn-solid btn-lg btn-wide" aria-disabled={isBusy}>
        {isBusy ? text.password.busy : text.password.submit}
      </button>
      <button type="button" class="btn btn-quiet btn-lg btn-wide" onClick={onLater}>
        {text.password.later}
      </button>
    </form>
  );
}
