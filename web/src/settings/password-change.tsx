// Another password, or the first one for who has come in by a link.

import { useRef, useState } from 'preact/hooks';
import { unreachable, type Failure } from '../api/failure.ts';
import { setPassword } from '../api/session.ts';
import { SecretField } from '../components/field.tsx';
import { Icon } from '../components/icons.tsx';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';
import { faultOf, type PasswordFieldName } from './password-fault.ts';

interface Wrong {
  field: PasswordFieldName;
  words: string;
}

export function PasswordChange() {
  const { session, onChanged } = useSession();
  const words = text.settings.password;
  const isFirst = session.password_wanted;
  const form = useRef<HTMLFormElement>(null);
  const fields = {
    current: useRef<HTMLInputElement>(null),
    next: useRef<HTMLInputElement>(null),
    again: useRef<HTMLInputElement>(null),
  };
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [state, setState] = useState<'no' | 'busy' | 'done'>('no');

  const refuse = (field: PasswordFieldName, said: string): void => {
    setWrong({ field, words: said });
    fields[field].current?.focus();
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (state === 'busy') return;
    const entry = {
      current: fields.current.current?.value ?? '',
      next: fields.next.current?.value ?? '',
      again: fields.again.current?.value ?? '',
    };
    const found = faultOf(entry, !isFirst);
    setWrong(null);
    if (found !== null) return refuse(found.field, words[found.fault]);
    setState('busy');
    try {
      await (isFirst ? setPassword(entry.next) : setPassword(entry.next, entry.current));
      form.current?.reset();
      setState('done');
      if (isFirst) onChanged({ ...session, password_wanted: false });
    } catch (reason) {
      const failure = unreachable(reason);
      setState('no');
      refuse(failure.code === 'wrong_password' && !isFirst ? 'current' : 'next', said(failure));
    }
  };
  const field = (name: PasswordFieldName, label: string) => ({
    id: `password-${name}`,
    label,
    showLabel: words.showLabel,
    inputRef: fields[name],
    error: wrong?.field === name ? wrong.words : null,
  });
  return (
    <section class="set" aria-labelledby="set-password">
      <h2 id="set-password">{words.title}</h2>
      {isFirst && <p class="sub">{words.wanted}</p>}
      <form class="set-form" noValidate ref={form} onSubmit={submit}>
        {/* For the browser's password store: whose password this is. */}
        <input type="text" name="username" autocomplete="username" value={session.name} hidden />
        {!isFirst && (
          <SecretField {...field('current', words.current)} autocomplete="current-password" />
        )}
        <SecretField {...field('next', words.next)} autocomplete="new-password" hint={words.hint} />
        <SecretField {...field('again', words.again)} autocomplete="new-password" />
        <div class="set-acts">
          <button type="submit" class="btn btn-solid btn-lg" aria-disabled={state === 'busy'}>
            {state === 'busy' ? words.saving : words.save}
          </button>
        </div>
        <p class="good" role="status">
          {state === 'done' && (
            <>
              <Icon name="check" small />
              {words.done}
            </>
          )}
        </p>
      </form>
    </section>
  );
}

function said(failure: Failure): string {
  const words = text.settings.password;
  if (failure.code === 'wrong_password') return words.wrong;
  if (failure.status === 429) return words.tooMany;
  return words.failed(failure.code);
}
