// The calls counted.

import { useTitle } from '../components/hooks.ts';
import { text } from '../text.ts';

export function FiguresPage() {
  useTitle(text.pageTitle(text.figures.title));
  return (
    <div class="head">
      <h1>{text.figures.title}</h1>
    </div>
  );
}
