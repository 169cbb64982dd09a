// What stands around every page: the side bar, on a phone the top bar, the way in and out.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Session } from '../api/session.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { Mark } from './mark.tsx';

interface Props {
  session: Session;
  /** The number, when there is only one. */
  line: string | null;
  linkState: 'live' | 'lost' | 'offline';
  onSignOut: () => Promise<void>;
  children: ComponentChildren;
}

export function Shell({ session, line, linkState, onSignOut, children }: Props) {
  return (
    <>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      <div class="app">
        <aside class="side" aria-label={text.product}>
          <Brand line={line} />
          <nav aria-label={text.nav.label}>
            <ul class="nav">
              <li>
                <a href="/" aria-current="page" title={text.nav.calls}>
                  <Icon name="list" />
                  <span>{text.nav.calls}</span>
                </a>
              </li>
              <li>
                <a href="/docs/" title={text.nav.docs}>
                  <Icon name="braces" />
                  <span>{text.nav.docs}</span>
                </a>
              </li>
            </ul>
          </nav>
          <div class="foot">
            <p class="linkstate">
              <span class={linkState === 'live' ? 'dot dot-live' : 'dot dot-off'} />
              <span>{text.link[linkState]}</span>
            </p>
            <div class="me">
              <span class="ava" aria-hidden="true">
                {initials(session.name)}
              </span>
              <span class="clip">
                <bdi>{session.name}</bdi>
              </span>
              <SignOutButton onSignOut={onSignOut} />
            </div>
          </div>
        </aside>
        <header class="topbar">
          <Brand line={line} />
          <SignOutButton onSignOut={onSignOut} />
        </header>
        <main class="main" id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

function Brand({ line }: { line: string | null }) {
  return (
    <a class="brand" href="/">
      <Mark />
      <div>
        <b>{text.product}</b>
        {line !== null && <small>{line}</small>}
      </div>
    </a>
  );
}

function SignOutButton({ onSignOut }: Pick<Props, 'onSignOut'>) {
  const [hasFailed, setFailed] = useState(false);
  const leave = (): void => {
    setFailed(false);
    onSignOut().catch(() => setFailed(true));
  };
  return (
    <>
      <button
        type="button"
        class="btn btn-icon"
        aria-label={text.signOut.label}
        title={text.signOut.label}
        onClick={leave}
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

function initials(name: string): string {
  const words = name.split(/[\s\-_.@]+/).filter((word) => /\p{L}/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => word.match(/\p{L}/u)?.[0] ?? '')
    .join('')
    .toUpperCase();
}
