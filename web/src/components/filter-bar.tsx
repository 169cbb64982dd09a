// Views, the button that opens the filters, and each filter that is set, to be taken away.

import type { Desk } from '../feed/desk.ts';
import { countFilters, feedHref, NO_FILTERS } from '../feed/filters.ts';
import { filterWords } from '../feed/filter-words.ts';
import { text } from '../text.ts';
import { FilterDialog } from './filter-dialog.tsx';
import { useDialog } from './hooks.ts';
import { Icon } from './icons.tsx';
import { Views } from './views.tsx';

export function FilterBar({ desk }: { desk: Desk }) {
  const { filters } = desk.feed;
  const dialog = useDialog();
  const set = countFilters(filters);
  return (
    <>
      <div class="bar">
        <Views filters={filters} counts={desk.counts} />
        <div class="filters">
          <button type="button" class="btn btn-line" aria-haspopup="dialog" onClick={dialog.open}>
            <Icon name="funnel" small />
            {set === 0 ? text.filters.open : text.filters.openCount(set)}
          </button>
        </div>
      </div>
      <ActiveFilters desk={desk} />
      {dialog.isOpen && <FilterDialog desk={desk} onClose={dialog.close} />}
    </>
  );
}

function ActiveFilters({ desk }: { desk: Desk }) {
  const { filters } = desk.feed;
  const chips = filterWords(filters, desk.lines);
  if (chips.length === 0) return null;
  const kept = { ...NO_FILTERS, view: filters.view };
  return (
    <ul class="chips" aria-label={text.filters.active}>
      {chips.map(({ words, without }) => (
        <li key={words}>
          <a class="chip" href={feedHref(without)} aria-label={text.filters.remove(words)}>
            <bdi>{words}</bdi>
            <Icon name="x" small />
          </a>
        </li>
      ))}
      <li>
        <a class="btn btn-quiet" href={feedHref(kept)}>
          {text.filters.clear}
        </a>
      </li>
    </ul>
  );
}
