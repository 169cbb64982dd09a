// What a reader may choose, and their account.

import { useTitle } from '../components/hooks.ts';
import { text } from '../text.ts';

export function SettingsPage() {
  useTitle(text.pageTitle(text.settings.title));
  return (
    <div class="head">
      <h1>{text.settings.title}</h1>
    </div>
  );
}
