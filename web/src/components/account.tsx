// Who is signed in, and the way out.

import { router } from '../router/router.ts';
import { askForSearch } from '../feed/search-wish.ts';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';
import { toasts } from '../toasts/toasts.ts';
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

/** The field itself is in the feed; what is searched for now stays. */
function openSearch(event: MouseEvent): void {
  event.preventDefault();
  if (router.route?.page !== 'feed') router.go('/');
  askForSearch();
}

/** On a phone. */
export function TopAccount() {
  const { session } = useSession();
  return (
    <div class="push">
      <a class="btn btn-icon" href="/" aria-label={text.search.open} onClick={openSearch}>
        <Icon name="search" />
      </a>
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
  const go = (): void => {
    leave().catch(() => toasts.show({ kind: 'failed', words: text.signOut.failed }));
  };
  return (
    <button
      type="button"
      class="btn btn-icon"
      aria-label={text.signOut.label}
      title={text.signOut.label}
      onClick={go}
    >
      <Icon name="leave" small />
    </button>
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
