// Who is signed in, and the way out.

import { useState } from 'preact/hooks';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

export function Account() {
  const { session } = useSession();
  return (
    <div class="me">
      <span class="ava" aria-hidden="true">
        {initials(session.name)}
      </span>
      <span class="clip" title={session.name}>
        <bdi>{session.name}</bdi>
      </span>
      <SignOutButton />
    </div>
  );
}

/** On a phone. */
export function TopAccount() {
  const { session } = useSession();
  return (
    <div class="push">
      <a
        class="btn btn-icon"
        href="/settings"
        aria-label={text.nav.account(`${initials(session.name)}, ${session.name}`)}
      >
        <span class="ava" aria-hidden="true">
          {initials(session.name)}
        </span>
      </a>
      <SignOutButton />
    </div>
  );
}

function SignOutButton() {
  const { leave } = useSession();
  const [hasFailed, setFailed] = useState(false);
  const go = (): void => {
    setFailed(false);
    leave().catch(() => setFailed(true));
  };
  return (
    <>
      <button
        type="button"
        class="btn btn-icon"
        aria-label={text.signOut.label}
        title={text.signOut.label}
        onClick={go}
      >
        <Icon name="leave" small />
      </button>
      {hasFailed && (
        <p class="toast o-missed" role="alert">
          <Icon name="alert" />
          {text.signOut.failed}
        </p>
      )}
    </>
  );
}

export function initials(name: string): string {
  const words = name.split(/[\s\-_.@]+/).filter((word) => /\p{L}/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => word.match(/\p{L}/u)?.[0] ?? '')
    .join('')
    .toUpperCase();
}
