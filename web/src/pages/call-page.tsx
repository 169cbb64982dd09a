// One call, with all that is known of it.

import { useTitle } from '../components/hooks.ts';
import { text } from '../text.ts';

export function CallPage({ sid }: { sid: string }) {
  useTitle(text.pageTitle(text.callPage.title));
  return (
    <div class="head">
      <h1>{text.callPage.title}</h1>
      <p class="sub mono">{sid}</p>
    </div>
  );
}
