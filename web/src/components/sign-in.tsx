// Name and password, or an API token, for a session.  Neither is kept anywhere in the page.

import { useState } from 'preact/hooks';
import type { Session } from '../api/session.ts';
import { text } from '../text.ts';
import { useTitle } from './hooks.ts';
import { Icon } from './icons.tsx';
import { Mark } from './mark.tsx';
import { PasswordForm } from './password-form.tsx';
import { TokenForm } from './token-form.tsx';

interface Props {
  /** What is worth a word: a session ended by itself, or a link was of no use. */
  why: 'ended' | 'link refused' | null;
  onSignedIn: (session: Session) => void;
}

export function SignIn({ why, onSignedIn }: Props) {
  const [byToken, setByToken] = useState(false);
  useTitle(text.pageTitle(text.signIn.short));
  const Form = byToken ? TokenForm : PasswordForm;
  return (
    <main class="gate">
      <div class="gate-in">
        <div class="brand">
          <Mark />
        </div>
        <h1>{text.signIn.title}</h1>
        {why === 'ended' && (
          <p class="sub" role="status">
            {text.signIn.ended}
          </p>
        )}
        {why === 'link refused' && (
          <p class="err" role="alert">
            <Icon name="alert" small />
            {text.signIn.linkRefused}
          </p>
        )}
        <Form onSignedIn={onSignedIn} />
        <button type="button" class="btn btn-quiet other-way" onClick={() => setByToken(!byToken)}>
          {byToken ? text.signIn.usePassword : text.signIn.useToken}
        </button>
        <div class="hintbox">
          <Icon name="lock" />
          {byToken ? <TokenHint /> : <p>{text.signIn.lost}</p>}
        </div>
      </div>
    </main>
  );
}

function TokenHint() {
  return (
    <div>
      <p>{text.signIn.tokenWhere}</p>
      <p>
        <code>{text.signIn.tokenCommand}</code>
      </p>
      <p>
        {text.signIn.local} <code>{text.signIn.localFile}</code>
      </p>
    </div>
  );
}
