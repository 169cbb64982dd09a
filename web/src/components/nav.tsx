// The places of the page, as a side bar and as a phone's bottom bar.

import { text } from '../text.ts';
import { Icon, type IconName } from './icons.tsx';

interface Place {
  href: string;
  icon: IconName;
  words: string;
  /** There is room for four on a phone. */
  isOnPhone: boolean;
}

export function placesOf(isAdmin: boolean): Place[] {
  const { nav } = text;
  const forAdmins: Place[] = [
    { href: '/blocks', icon: 'blocked', words: nav.blocks, isOnPhone: true },
    { href: '/users', icon: 'people', words: nav.users, isOnPhone: false },
  ];
  return [
    { href: '/', icon: 'list', words: nav.calls, isOnPhone: true },
    { href: '/figures', icon: 'chart', words: nav.figures, isOnPhone: true },
    ...(isAdmin ? forAdmins : []),
    { href: '/settings', icon: 'gear', words: nav.settings, isOnPhone: true },
    { href: '/docs/', icon: 'braces', words: nav.docs, isOnPhone: false },
  ];
}

interface Props {
  places: Place[];
  /** The present path. */
  here: string;
}

export function SideNav({ places, here }: Props) {
  return (
    <nav aria-label={text.nav.label}>
      <ul class="nav">
        {places.map((place) => (
          <li key={place.href}>
            <Link place={place} here={here} title={place.words} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function BottomNav({ places, here }: Props) {
  return (
    <nav class="tabbar" aria-label={text.nav.bottom}>
      {places
        .filter(({ isOnPhone }) => isOnPhone)
        .map((place) => (
          <Link key={place.href} place={place} here={here} />
        ))}
    </nav>
  );
}

function Link({ place, here, title }: { place: Place; here: string; title?: string }) {
  const { href, icon, words } = place;
  return (
    <a href={href} aria-current={href === here ? 'page' : undefined} title={title}>
      <Icon name={icon} />
      <span>{words}</span>
    </a>
  );
}
