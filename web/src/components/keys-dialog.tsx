// The table of keys, behind `?`; and `/`, which goes to the search from anywhere on the page.

import { useEffect } from 'preact/hooks';
import { askForSearch } from '../feed/search-wish.ts';
import { preferences } from '../settings/preferences.ts';
import { text } from '../text.ts';
import { Dialog } from './dialog.tsx';
import { useDialog } from './hooks.ts';

export function KeysDialog() {
  const dialog = useDialog();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!preferences.get().shortcuts || isBusy(event.target)) return;
      if (event.key === '?') dialog.open();
      else if (event.key === '/') askForSearch();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  if (!dialog.isOpen) return null;
  return (
    <Dialog title={text.keys.title} onClose={dialog.close}>
      <p class="sub">{text.keys.lead}</p>
      <dl class="keys-table">
        {rows().map(([keys, does]) => (
          <div key={does}>
            <dt>{keys}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function rows() {
  const { does, space, then } = text.keys;
  const key = (...names: string[]) => names.map((name) => <kbd key={name}>{name}</kbd>);
  const pair = (second: string) => (
    <>
      <kbd>g</kbd> {then} <kbd>{second}</kbd>
    </>
  );
  return [
    [key('j', 'k', '↓', '↑'), does.move],
    [key('Enter'), does.open],
    [key(space), does.play],
    [key('h'), does.heard],
    [key('d'), does.done],
    [key('n'), does.note],
    [key('x', 'Shift x'), does.select],
    [key('Esc'), does.escape],
    [key('←', '→'), does.skip],
    [key('<', '>'), does.speed],
    [key('/'), does.search],
    [
      <>
        {pair('c')}, {pair('f')}
      </>,
      does.places,
    ],
    [key('?'), does.table],
  ] as const;
}

function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest('dialog, textarea, select, input:not([type="checkbox"])') !== null;
}
