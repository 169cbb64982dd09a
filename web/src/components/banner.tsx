// A word about the connection, above everything, only when there is something to say.

import type { Desk } from '../feed/desk.ts';
import { isInterrupted } from '../feed/link.ts';
import { shortDuration } from '../format/duration.ts';
import { readersLocale } from '../format/locale.ts';
import { clockTime } from '../format/time.ts';
import { text } from '../text.ts';
import { useNow, useOffline } from './hooks.ts';
import { Icon, type IconName } from './icons.tsx';

export function Banner({ desk }: { desk: Desk }) {
  const isOffline = useOffline();
  const now = useNow(1000);
  const { freshAt, back } = desk.link;
  if (isInterrupted(desk.link, isOffline, now)) {
    const words = isOffline ? offlineWords(freshAt) : lostWords(desk, now);
    return (
      <Strip
        class={isOffline ? 'banner warn' : 'banner'}
        icon={isOffline ? 'off' : 'back'}
        title={isOffline ? text.link.offlineTitle : text.link.lostTitle}
        words={words}
        action={isOffline ? text.link.again : text.link.now}
        onAction={desk.poller.now}
      />
    );
  }
  if (back === null || back.until <= now) return null;
  return (
    <Strip
      class="banner good"
      icon="check"
      title={text.link.backTitle}
      words={text.link.back(back.calls)}
    />
  );
}

interface StripProps {
  class: string;
  icon: IconName;
  title: string;
  words: string;
  action?: string;
  onAction?: () => void;
}

/** The seconds in `words` count down: they are for the eye, only the title is announced. */
function Strip({ class: name, icon, title, words, action, onAction }: StripProps) {
  return (
    <div class={name}>
      <Icon name={icon} />
      <div>
        <b role="status">{title}</b> <span>{words}</span>
      </div>
      {action !== undefined && (
        <button type="button" class="btn push" onClick={onAction}>
          {action}
        </button>
      )}
    </div>
  );
}

function offlineWords(freshAt: number | null): string {
  return text.link.offlineSince(clockTime(new Date(freshAt ?? Date.now()), readersLocale()));
}

function lostWords(desk: Desk, now: number): string {
  const { nextAt } = desk.poller;
  if (nextAt === null) return text.link.trying;
  const next = shortDuration(Math.max(1, (nextAt - now) / 1000));
  return text.link.lostNext(next, shortDuration((now - (desk.link.freshAt ?? now)) / 1000));
}
