// Every icon, on one grid of 20 units.

import type { JSX } from 'preact';

const DOT = { fill: 'currentColor', stroke: 'none' } as const;

const ICONS = {
  answered: () => (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M6.9 10.3l2.1 2.1 4.2-4.6" />
    </>
  ),
  voicemail: () => (
    <>
      <circle cx="5.75" cy="10" r="3.25" />
      <circle cx="14.25" cy="10" r="3.25" />
      <path d="M5.75 13.25h8.5" />
    </>
  ),
  missed: () => (
    <>
      <path d="M6 4.75H4.3A1.3 1.3 0 0 0 3 6.15 11.25 11.25 0 0 0 13.6 17a1.3 1.3 0 0 0 1.4-1.3V14l-3-1.5-1.45 1.45a9.3 9.3 0 0 1-4.4-4.5L7.5 8z" />
      <path d="M12.25 3.25l4.5 4.5M16.75 3.25l-4.5 4.5" />
    </>
  ),
  abandoned: () => (
    <path d="M13.6 15.1A6.75 6.75 0 1 1 13.6 4.9M9 10h8.25M14.75 7.5l2.5 2.5-2.5 2.5" />
  ),
  blocked: () => (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M5.1 14.9l9.8-9.8" />
    </>
  ),
  failed: () => <path d="M10 3.5l7.25 12.75H2.75zM10 8.25v3.5M10 14v.1" />,
  live: () => (
    <>
      <circle cx="10" cy="10" r="1.75" />
      <path d="M6.3 13.7a5.25 5.25 0 0 1 0-7.4M13.7 6.3a5.25 5.25 0 0 1 0 7.4M4 16a8.5 8.5 0 0 1 0-12M16 4a8.5 8.5 0 0 1 0 12" />
    </>
  ),
  phone: () => (
    <path d="M6.4 3.5H4.6A1.5 1.5 0 0 0 3.1 5.1 12.6 12.6 0 0 0 14.9 16.9a1.5 1.5 0 0 0 1.6-1.5v-1.8l-3.4-1.7-1.6 1.6a10.6 10.6 0 0 1-5-5l1.6-1.6z" />
  ),
  list: () => (
    <>
      <path d="M8 5h8.5M8 10h8.5M8 15h8.5" />
      <circle cx="4.25" cy="5" r="1" {...DOT} />
      <circle cx="4.25" cy="10" r="1" {...DOT} />
      <circle cx="4.25" cy="15" r="1" {...DOT} />
    </>
  ),
  keypad: () => (
    <>
      {[4.75, 10, 15.25].flatMap((cy) =>
        [4.75, 10, 15.25].map((cx) => (
          <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r="1.25" {...DOT} />
        )),
      )}
    </>
  ),
  chart: () => <path d="M4.5 16V11M10 16V4.5M15.5 16V8" />,
  gear: () => (
    <>
      <path d="M3.5 6.5h7M14.5 6.5h2M3.5 13.5h2M9.5 13.5h7" />
      <circle cx="12.5" cy="6.5" r="2" />
      <circle cx="7.5" cy="13.5" r="2" />
    </>
  ),
  people: () => (
    <>
      <circle cx="7.5" cy="7" r="2.75" />
      <path d="M2.5 16a5 5 0 0 1 10 0M12.5 4.6a2.75 2.75 0 0 1 0 4.8M14.5 11.7A5 5 0 0 1 17.5 16" />
    </>
  ),
  search: () => (
    <>
      <circle cx="9" cy="9" r="5.25" />
      <path d="M13 13l3.75 3.75" />
    </>
  ),
  down: () => <path d="M6 8l4 4 4-4" />,
  right: () => <path d="M8 6l4 4-4 4" />,
  copy: () => (
    <>
      <rect x="7.25" y="7.25" width="9" height="9" rx="1.5" />
      <path d="M12.75 4.5A1.5 1.5 0 0 0 11.5 3.75H5.25a1.5 1.5 0 0 0-1.5 1.5v6.25a1.5 1.5 0 0 0 .75 1.25" />
    </>
  ),
  funnel: () => <path d="M3.5 5.5h13M6 10h8M8.5 14.5h3" />,
  braces: () => (
    <path d="M7.5 3.5H7A2 2 0 0 0 5 5.5v2A2.5 2.5 0 0 1 3 10a2.5 2.5 0 0 1 2 2.5v2a2 2 0 0 0 2 2h.5M12.5 3.5h.5a2 2 0 0 1 2 2v2a2.5 2.5 0 0 0 2 2.5 2.5 2.5 0 0 0-2 2.5v2a2 2 0 0 1-2 2h-.5" />
  ),
  leave: () => <path d="M8 3.75H4.5v12.5H8M8.5 10h8M13.5 7l3 3-3 3" />,
  play: () => <path d="M7 4.6v10.8c0 .5.5.8.9.5l8-5.4a.6.6 0 0 0 0-1l-8-5.4c-.4-.3-.9 0-.9.5z" />,
  pause: () => <path d="M6 4.5h2.75v11H6zM11.25 4.5H14v11h-2.75z" />,
  save: () => <path d="M10 3.5v8.75M6.5 9l3.5 3.5L13.5 9M3.75 16.25h12.5" />,
  note: () => <path d="M4 4.5h12v7.75L12.25 16H4zM16 12.25h-3.75V16M7 8h6M7 11h2.5" />,
  check: () => <path d="M4.5 10.5l3.75 3.75 7.25-8" />,
  done: () => <path d="M2.5 10.75l3.5 3.5 7-8M9.25 13.5l.75.75 7-8" />,
  x: () => <path d="M5.5 5.5l9 9M14.5 5.5l-9 9" />,
  bell: () => <path d="M5 13.5V9a5 5 0 0 1 10 0v4.5l1 1H4zM8.5 16.75h3" />,
  up: () => <path d="M10 16V4.5M5.5 9L10 4.5 14.5 9" />,
  mark: () => (
    <>
      <path d="M3 16V9.5a3.5 3.5 0 0 1 7 0V16M10 9.5a3.5 3.5 0 0 1 7 0V13" />
      <circle cx="17" cy="16" r=".6" />
    </>
  ),
  eye: () => (
    <>
      <path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5z" />
      <circle cx="10" cy="10" r="2.25" />
    </>
  ),
  lock: () => <path d="M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9" />,
  alert: () => (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 6.5v4M10 13.4v.1" />
    </>
  ),
  back: () => <path d="M4.25 5v4h4M4.6 9A6.1 6.1 0 1 1 4 11.5" />,
  left: () => <path d="M12 6l-4 4 4 4" />,
  incoming: () => <path d="M16 4 5 15M5 8v7h7" />,
  headset: () => (
    <path d="M4 10.25V8.5a6 6 0 0 1 12 0v1.75M4 10.25h2.5v4.25H5.5A1.5 1.5 0 0 1 4 13zM16 10.25h-2.5v4.25h1A1.5 1.5 0 0 0 16 13z" />
  ),
  stop: () => <path d="M5 5h10v10H5z" />,
  trash: () => <path d="M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4.25M11.5 9v4.25" />,
  plus: () => <path d="M10 4v12M4 10h12" />,
  off: () => (
    <path d="M3 3l14 14M3.2 8.2A10 10 0 0 1 6.4 6.2M9.3 5.3A10 10 0 0 1 16.8 8.2M5.9 11.1a6 6 0 0 1 2.9-1.6M12.7 10a6 6 0 0 1 1.4 1.1M10 14.75h.01" />
  ),
} satisfies Record<string, () => JSX.Element>;

export type IconName = keyof typeof ICONS;

export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg class={small ? 'icon icon-16' : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
      {ICONS[name]()}
    </svg>
  );
}
