// The places of the page, as a side bar and as a phone's bottom bar.

import { capped } from '../format/count.ts';
import { text } from '../text.ts';
import { Icon, type IconName } from './icons.tsx';

interface Place {
  href: string;
  icon: IconName;
  words: string;
  /** There is room for four on a phone. */
  isOnPhone: boolean;
}

export function placesOf(isAdmin: boolean, hasKeypad: boolean): Place[] {
  const { nav } = text;
  const forAdmins: Place[] = [
    { href: '/blocks', icon: 'blocked', words: nav.blocks, isOnPhone: true },
    { href: '/users', icon: 'people', words: nav.users, isOnPhone: false },
    { href: '/doctor', icon: 'check', words: nav.doctor, isOnPhone: false },
  ];
  const keypad: Place = { href: '/keypad/', icon: 'keypad', words: nav.keypad, isOnPhone: false };
  return [
    { href: '/', icon: 'list', words: nav.calls, isOnPhone: true },
    { href: '/figures', icon: 'chart', words: nav.figures, isOnPhone: true },
    ...(isAdmin ? forAdmins : []),
    ...(hasKeypad ? [keypad] : []),
    { href: '/settings', icon: 'gear', words: nav.settings, isOnPhone: true },
    { href: '/docs/', icon: 'braces', words: nav.docs, isOnPhone: false },
  ];
}

interface Props {
  places: Place[];
  /** The present one. */
  path: string;
  /** Messages that nobody has heard. */
  unheard: number;
}

export function SideNav({ places, ...props }: Props) {
  return (
    <nav aria-label={text.nav.label}>
      <ul class="nav">
        {places.map((place) => (
          <li key={place.href}>
            <Link place={place} title={place.words} {...props} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function BottomNav({ places, ...props }: Props) {
  return (
    <nav class="tabbar" aria-label={text.nav.bottom}>
      {places
        .filter(({ isOnPhone }) => isOnPhone)
        .map((place) => (
          <Link key={place.href} place={place} {...props} />
        ))}
    </nav>
  );
}

interface LinkProps extends Omit<Props, 'places'> {
  place: Place;
  title?: string;
}

function Link({ place: { href, icon, words }, path, unheard, title }: LinkProps) {
  return (
    <a href={href} aria-current={href === path ? 'page' : undefined} title={title}>
      <Icon name={icon} />
      <span>{words}</span>
      {href === '/' && unheard > 0 && <Badge unheard={unheard} />}
    </a>
  );
}

function Badge({ unheard }: { unheard: number }) {
  const n = capped(unheard);
  return (
    <span class="count count-voice">
      <span aria-hidden="true">{n}</span>
      <span class="vh">{text.nav.unheard(n, unheard === 1)}</span>
    </span>
  );
}
