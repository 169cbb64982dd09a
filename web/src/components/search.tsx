// The search field: what is typed comes into the address after a moment.

import { useEffect, useRef, useState } from 'preact/hooks';
import { feedHref, type Filters } from '../feed/filters.ts';
import { onSearchWish } from '../feed/search-wish.ts';
import { router } from '../router/router.ts';
import { preferences } from '../settings/preferences.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

const AFTER_MS = 250;
const LONGEST = 64;

export function Search({ filters }: { filters: Filters }) {
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isOpen, setOpen] = useState(false);
  // At once, or the first letters behind the `/` would be lost.
  const take = (): void => {
    field.current?.focus();
    field.current?.select();
  };
  useEffect(
    () =>
      onSearchWish(() => {
        setOpen(true);
        take();
        // On a phone it has to be there before it can take focus.
        if (document.activeElement !== field.current) requestAnimationFrame(take);
      }),
    [],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  // Going back, or clearing the filters, changes what is searched for; but what is being
  // typed is newer than what it was a moment ago.
  useEffect(() => {
    const input = field.current;
    if (input !== null && timer.current === undefined && input.value.trim() !== filters.q)
      input.value = filters.q;
  }, [filters.q]);

  const look = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const q = field.current?.value.trim() ?? '';
    if (q === filters.q) return;
    // One search is one step back, however many letters it has.
    router.go(feedHref({ ...filters, q }), { replace: filters.q !== '' });
  };
  const type = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(look, AFTER_MS);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') look();
    if (event.key !== 'Escape' || field.current === null) return;
    field.current.value = '';
    look();
  };
  const isSearching = isOpen || filters.q !== '';
  return (
    <search class={isSearching ? 'searching' : undefined}>
      <label class="search">
        <span class="vh">{text.search.label}</span>
        <Icon name="search" small />
        <input
          class="input"
          type="search"
          ref={field}
          defaultValue={filters.q}
          maxLength={LONGEST}
          placeholder={text.search.placeholder}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          onInput={type}
          onKeyDown={keys}
          onBlur={() => setOpen(false)}
        />
        {preferences.get().shortcuts && <kbd aria-hidden="true">/</kbd>}
      </label>
    </search>
  );
}
