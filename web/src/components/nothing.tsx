// Filters that leave no call: which they are, and the way out.

import type { Desk } from '../feed/desk.ts';
import { countFilters, feedHref, NO_FILTERS } from '../feed/filters.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

export function Nothing({ desk }: { desk: Desk }) {
  const { filters } = desk.feed;
  const { title, words } = wordsFor(desk);
  const isNarrow = countFilters(filters) > 0;
  return (
    <div class="notice" role="status">
      <Icon name={filters.q === '' ? 'list' : 'search'} />
      <h2>{title}</h2>
      <p>{words}</p>
      <div class="acts">
        {isNarrow && (
          <a class="btn btn-line" href={feedHref({ ...NO_FILTERS, view: filters.view })}>
            {text.filters.clear}
          </a>
        )}
        {filters.q !== '' && (
          <a class="btn btn-line" href={feedHref({ ...filters, q: '' })}>
            {text.nothing.withoutSearch}
          </a>
        )}
        {filters.view !== 'all' && (
          <a class="btn btn-quiet" href={feedHref(NO_FILTERS)}>
            {text.nothing.viewAll}
          </a>
        )}
      </div>
    </div>
  );
}

function wordsFor(desk: Desk): { title: string; words: string } {
  const { filters } = desk.feed;
  const { nothing } = text;
  if (filters.q !== '') return { title: nothing.searched(filters.q), words: nothing.searchedWords };
  if (countFilters(filters) > 0) return { title: nothing.title, words: nothing.words };
  switch (filters.view) {
    case 'unheard':
      return { title: nothing.unheard, words: nothing.unheardWords };
    case 'todo':
      return { title: nothing.todo, words: nothing.todoWords };
    case 'missed':
      return { title: nothing.missed, words: nothing.todoWords };
    case 'voicemail':
      return { title: nothing.voicemail, words: nothing.unheardWords };
    case 'all':
      return { title: nothing.title, words: nothing.words };
  }
}
