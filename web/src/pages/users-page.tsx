// Who may sign in, for admins.

import { useTitle } from '../components/hooks.ts';
import { text } from '../text.ts';

export function UsersPage() {
  useTitle(text.pageTitle(text.users.title));
  return (
    <div class="head">
      <h1>{text.users.title}</h1>
    </div>
  );
}
