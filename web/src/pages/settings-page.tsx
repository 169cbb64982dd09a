// What a reader may choose for this browser, and their account.

import { useTitle } from '../components/hooks.ts';
import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { FeedAddress } from '../settings/feed-address.tsx';
import { PasswordChange } from '../settings/password-change.tsx';
import { Sessions } from '../settings/sessions.tsx';
import { ThisBrowser } from '../settings/this-browser.tsx';
import { text } from '../text.ts';

export function SettingsPage() {
  useTitle(text.pageTitle(text.settings.title));
  const { session } = useSession();
  const isUser = session.role != null;
  return (
    <>
      <div class="head">
        <h1>{text.settings.title}</h1>
      </div>
      <div class="wrap settings">
        <ThisBrowser />
        {isUser && <PasswordChange />}
        {isUser && can(session, 'audio') && <FeedAddress />}
        {isUser ? <Sessions /> : <p class="sub set">{text.settings.token}</p>}
      </div>
    </>
  );
}
