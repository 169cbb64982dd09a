// The shape of what is coming, and only when it does not come at once.

import { text } from '../text.ts';
import { useAfter } from './hooks.ts';

const ROWS = [0, 1, 2, 3, 4];

export function Loading() {
  const isLate = useAfter(300);
  if (!isLate) return null;
  return (
    <div class="loading" aria-busy="true">
      <p class="vh" role="status">
        {text.feed.loading}
      </p>
      <div aria-hidden="true">
        {ROWS.map((row) => (
          <div class="row" key={row}>
            <span class="tile">
              <span class="sk sk-o" />
            </span>
            <div class="who">
              <div class="sk w-1" />
              <div class="sk w-3" />
            </div>
            <div class="how">
              <div class="sk w-3" />
              <div class="sk w-2" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
