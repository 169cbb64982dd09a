// Callers who are turned away, for admins.

import { useTitle } from '../components/hooks.ts';
import { text } from '../text.ts';

export function BlocksPage() {
  useTitle(text.pageTitle(text.blocks.title));
  return (
    <div class="head">
      <h1>{text.blocks.title}</h1>
    </div>
  );
}
