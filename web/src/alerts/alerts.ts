// A tone or a notification when a message comes, for who has asked for it.

import type { Call } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { callPath } from '../router/route.ts';
import { preferences } from '../settings/preferences.ts';
import { text } from '../text.ts';
import { playTone } from './tone.ts';

/** For a click in the settings: only then may a page ask.  False when the reader refuses. */
export async function allowNotifications(): Promise<boolean> {
  if (!('Notification' in globalThis)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

export function alertMessage(call: Call): void {
  const { sound, notify } = preferences.get();
  if (sound) playTone();
  const mayNotify = 'Notification' in globalThis && Notification.permission === 'granted';
  if (notify && mayNotify && document.hidden) notifyOf(call);
}

/** The lock screen shows it: who called, and not what they said. */
function notifyOf(call: Call): void {
  try {
    const note = new Notification(text.product, {
      body: text.news.message(callerOf(call).name),
      tag: call.sid,
    });
    note.onclick = () => {
      window.focus();
      window.location.assign(callPath(call.sid));
    };
  } catch {
    // Phones let only a service worker notify.
  }
}
