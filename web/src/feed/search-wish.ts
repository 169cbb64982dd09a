// On a phone the search field is opened by a button that stands elsewhere, and `/` asks for it
// from anywhere on the page.

const listeners = new Set<() => void>();
let isWanted = false;

/** Opens the field and puts focus into it, now or as soon as it is there. */
export function askForSearch(): void {
  isWanted = true;
  for (const listener of [...listeners]) listener();
}

/** `open` is called for every wish, also for one from before. */
export function onSearchWish(open: () => void): () => void {
  const take = (): void => {
    isWanted = false;
    open();
  };
  listeners.add(take);
  if (isWanted) take();
  return () => listeners.delete(take);
}
