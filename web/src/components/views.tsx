// Views of the feed: addresses, so links.

import type { Counts } from '../api/types.ts';
import { feedHref, VIEWS, withView, type Filters, type View } from '../feed/filters.ts';
import { capped } from '../format/count.ts';
import { text } from '../text.ts';

export function Views({ filters, counts }: { filters: Filters; counts: Counts | null }) {
  const waiting: Partial<Record<View, number>> = {
    todo: counts?.to_do ?? 0,
    unheard: counts?.unheard ?? 0,
  };
  return (
    <nav aria-label={text.views.label}>
      <ul class="tabs">
        {VIEWS.map((view) => {
          const n = waiting[view] ?? 0;
          return (
            <li key={view}>
              <a
                href={feedHref(withView(filters, view))}
                aria-current={view === filters.view ? 'page' : undefined}
              >
                {text.views[view]} {n > 0 && <span class="count">{capped(n)}</span>}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
