// The way of a live call so far, and where it is now.

import type { Call, CallDetail } from '../api/types.ts';
import type { Progress } from '../feed/board.ts';
import { text } from '../text.ts';

export interface Track {
  done: string[];
  now: string;
  icon: 'keypad' | 'bell' | 'phone' | 'voicemail';
  isRinging: boolean;
  /** When the present step began; null where we do not know. */
  since: string | null;
}

type Step = CallDetail['steps'][number];
type Leg = CallDetail['legs'][number];

interface Way {
  /** That was rung last. */
  phone: string | null;
  legs: readonly Leg[];
}

export function trackOf(call: Call, progress: Progress | null): Track {
  const steps = progress?.steps ?? [];
  const last = steps.at(-1);
  if (progress === null || last === undefined) return unknownTrack(call);
  const way = { phone: call.forwarded_to, legs: progress.legs };
  const done = steps.flatMap((step, i) => [
    ...(step.key === null ? [] : [text.live.pressed(step.key)]),
    ...(i === steps.length - 1 ? [] : passed(step, way)),
  ]);
  return { done, ...present(last, way) };
}

/** Before the details have come. */
function unknownTrack(call: Call): Track {
  const pressed = call.menu_key === null ? [] : [text.live.menu, text.live.pressed(call.menu_key)];
  const now = call.menu_key === null ? text.live.inMenu : text.live.inCall;
  return { done: pressed, now, icon: 'phone', isRinging: false, since: null };
}

function passed(step: Step, way: Way): string[] {
  if (step.place === 'menu') return [text.live.menu];
  if (step.place === 'forward') return [text.live.rang(phoneOf(way))];
  return step.place === 'voicemail' ? [text.live.voicemail] : [];
}

function present(step: Step, way: Way): Omit<Track, 'done'> {
  if (step.place === 'menu') {
    return { now: text.live.inMenu, icon: 'keypad', isRinging: false, since: step.at };
  }
  if (step.place === 'forward') return forwarded(step, way);
  if (step.place === 'voicemail') {
    return { now: text.live.message, icon: 'voicemail', isRinging: false, since: step.at };
  }
  return { now: text.live.ending, icon: 'phone', isRinging: false, since: null };
}

function forwarded(step: Step, way: Way): Omit<Track, 'done'> {
  const leg = way.legs.find(isTalking);
  if (leg !== undefined) {
    const now = text.live.talking(leg.phone ?? text.live.aPhone);
    return { now, icon: 'phone', isRinging: false, since: leg.answered_at };
  }
  const now = text.live.ringing(phoneOf(way));
  return { now, icon: 'bell', isRinging: true, since: step.at };
}

/** Picked up alone is not enough: a carrier's voicemail picks up too. */
function isTalking(leg: Leg): boolean {
  return (leg.accepted || leg.bridged) && leg.ended_at === null;
}

function phoneOf(way: Way): string {
  return way.phone ?? way.legs.at(-1)?.phone ?? text.live.aPhone;
}
