// What happened in a call, in order, as a reader tells it: from the steps that the caller went
// through, the phones that were rung, and what was said to them.  Pure, and without words.

import type { CallDetail } from '../api/types.ts';
import { spokenIn } from './twiml.ts';

export type Step = CallDetail['steps'][number];
export type Leg = CallDetail['legs'][number];

/** What became of a phone; a colleague who declined and a carrier's voicemail look alike. */
export type Fate = 'took' | 'not_taken' | 'no_answer' | 'busy' | 'failed' | 'stopped' | 'ringing';

export interface Phone {
  name: string | null;
  number: string | null;
  fate: Fate;
  /** How long it rang. */
  seconds: number | null;
}

interface Common {
  /** When it began. */
  at: number;
  /** How long it lasted; null for a moment, and while it lasts. */
  seconds: number | null;
}

export type Entry = Common &
  (
    | { kind: 'came'; line: string }
    | { kind: 'menu'; step: string | null; said: string | null; again: boolean }
    | { kind: 'key'; key: string; isWrong: boolean }
    | { kind: 'no_key' }
    | { kind: 'ring'; phones: Phone[] }
    | { kind: 'talk'; phone: string | null }
    | { kind: 'greeting'; why: Step['why']; said: string | null }
    | { kind: 'message' }
    | { kind: 'silence' }
    | { kind: 'rejected'; why: Step['why'] }
    | { kind: 'fallback' }
    | { kind: 'end'; by: 'caller' | 'unknown' }
  );

export function timeline(detail: CallDetail): Entry[] {
  const { steps } = detail;
  const started = Date.parse(detail.started_at);
  const entries: Entry[] = [{ kind: 'came', at: started, seconds: null, line: detail.line }];
  steps.forEach((step, i) => {
    entries.push(...howTheyCame(step, detail));
    entries.push(...whatWasThere(step, i, detail));
  });
  const end = endOf(detail);
  if (end !== null) entries.push({ kind: 'end', at: end, seconds: null, by: whoHungUp(detail) });
  return inOrder(entries);
}

/**
 * Two clocks tell of a call, ours and the phone network's: nothing begins before what led to it
 * is over.
 */
function inOrder(entries: Entry[]): Entry[] {
  let free = -Infinity;
  return entries.map((entry) => {
    const at = Math.max(free, entry.at);
    free = at + Math.max(0, (entry.seconds ?? 0) * 1000 - ROUNDED_MS);
    return { ...entry, at };
  });
}

/** Lengths are whole seconds. */
const ROUNDED_MS = 500;

/** What led to a step: a key, none, a failure, or the end of a recording. */
function howTheyCame(step: Step, detail: CallDetail): Entry[] {
  const at = Date.parse(step.at);
  const entries: Entry[] = [];
  if (step.event === 'fallback') entries.push({ kind: 'fallback', at, seconds: null });
  if (step.event === 'voicemail') entries.push(recorded(at, detail));
  const key = keyOf(step, detail);
  if (key !== null) {
    entries.push({ kind: 'key', at, seconds: null, key, isWrong: step.key === null });
  } else if (step.event === 'menu' && !isHangUp(step, detail)) {
    entries.push({ kind: 'no_key', at, seconds: null });
  }
  return entries;
}

/** The steps hold the keys that the menu has; any other one only the request tells of. */
function keyOf(step: Step, { events }: CallDetail): string | null {
  if (step.event !== 'menu' || step.key !== null) return step.key;
  const event = events.find(({ n, kind }) => n === step.n && kind === 'menu');
  const digits = event?.params.find(({ name }) => name === 'Digits')?.value ?? '';
  return /^[0-9*#]+$/.test(digits) ? digits : null;
}

/** The caller came to where they were before. */
function isSame(step: Step, before: Step | undefined): boolean {
  return step.place === 'menu' && before?.place === 'menu' && before.step === step.step;
}

function recorded(at: number, { voicemail }: CallDetail): Entry {
  const seconds = voicemail?.duration_s ?? null;
  if (voicemail === null) return { kind: 'silence', at, seconds: null };
  return { kind: 'message', at: at - (seconds ?? 0) * 1000, seconds };
}

function whatWasThere(step: Step, i: number, detail: CallDetail): Entry[] {
  const at = Date.parse(step.at);
  const next = detail.steps[i + 1];
  const until = next === undefined ? endOf(detail) : Date.parse(next.at);
  const said = sayOf(step, detail);
  switch (step.place) {
    case 'menu': {
      const again = isSame(step, detail.steps[i - 1]);
      return [{ kind: 'menu', at, seconds: between(at, until), step: step.step, said, again }];
    }
    case 'forward':
      // Asked what comes next after the caller hung up: no phone rings any more.
      if (step.event === 'dial' && step.step === null) return [];
      return forwarded(step, next, until, detail);
    case 'voicemail': {
      const begins = messageBegins(next, detail) ?? until;
      return [{ kind: 'greeting', at, seconds: between(at, begins), why: step.why, said }];
    }
    case 'rejected':
      return [{ kind: 'rejected', at, seconds: null, why: step.why }];
    default:
      return [];
  }
}

function forwarded(
  step: Step,
  next: Step | undefined,
  until: number | null,
  detail: CallDetail,
): Entry[] {
  const at = Date.parse(step.at);
  const legs = legsOf(step, next, detail);
  const took = legs.find((leg) => leg.bridged) ?? legs.find((leg) => leg.accepted);
  const answered = took === undefined ? null : time(took.answered_at);
  const phones = legs.map((leg) => phoneOf(leg));
  const rang: Entry = { kind: 'ring', at, seconds: rangFor(at, until, took, legs), phones };
  if (took === undefined || answered === null) return [rang];
  const talked = time(took.ended_at) ?? until;
  const seconds = detail.talk_s ?? between(answered, talked);
  return [rang, { kind: 'talk', at: answered, seconds, phone: took.phone ?? detail.forwarded_to }];
}

/** Until somebody took the call; else until the last phone gave up, being asked to included. */
function rangFor(
  at: number,
  until: number | null,
  took: Leg | undefined,
  legs: readonly Leg[],
): number | null {
  const answered = time(took?.answered_at ?? null);
  if (answered !== null) return between(time(took?.started_at ?? null) ?? at, answered);
  if (until === null) return null;
  const each = legs.map(({ started_at, ended_at }) => {
    const began = time(started_at);
    return began === null ? 0 : (between(began, time(ended_at)) ?? 0);
  });
  return Math.max(between(at, until) ?? 0, ...each);
}

/** Those that began to ring between this step and the next. */
function legsOf(step: Step, next: Step | undefined, detail: CallDetail): Leg[] {
  const forwards = detail.steps.filter(({ place, step: name }) => place === 'forward' && name);
  if (forwards.length < 2) return detail.legs;
  const isLast = forwards.at(-1) === step;
  const from = Date.parse(step.at) - CLOCKS_DIFFER_MS;
  const to = next === undefined ? Infinity : Date.parse(next.at) - CLOCKS_DIFFER_MS;
  return detail.legs.filter(({ started_at }) => {
    const began = time(started_at);
    return began === null ? isLast : began >= from && began < to;
  });
}

/** The phone network's clock is not ours, and tells whole seconds. */
const CLOCKS_DIFFER_MS = 1500;

function phoneOf(leg: Leg): Phone {
  const began = time(leg.started_at);
  const stopped = time(leg.answered_at) ?? time(leg.ended_at);
  const seconds = began === null ? null : between(began, stopped);
  return { name: leg.phone, number: leg.to, fate: fateOf(leg), seconds };
}

export function fateOf(leg: Leg): Fate {
  if (leg.bridged || leg.accepted) return 'took';
  switch (leg.status) {
    case 'busy':
      return 'busy';
    case 'no-answer':
      return 'no_answer';
    case 'failed':
      return 'failed';
    case 'canceled':
      return 'stopped';
    case 'completed':
      return 'not_taken';
    default:
      return 'ringing';
  }
}

function messageBegins(next: Step | undefined, { voicemail }: CallDetail): number | null {
  if (next?.event !== 'voicemail' || voicemail === null) return null;
  return Date.parse(next.at) - (voicemail.duration_s ?? 0) * 1000;
}

/** The words of the answer to this step. */
function sayOf(step: Step, { events }: CallDetail): string | null {
  const event = events.find(({ n, kind }) => n === step.n && kind === step.event);
  return event?.twiml == null ? null : spokenIn(event.twiml);
}

function endOf({ outcome, ended_at, started_at, duration_s }: CallDetail): number | null {
  if (outcome === null) return null;
  if (ended_at !== null) return Date.parse(ended_at);
  return duration_s === null ? null : Date.parse(started_at) + duration_s * 1000;
}

/**
 * Who is asked for the next step while the call is over was left by the caller, and so is who is
 * never asked, though a menu, a phone or a tone waited for something.
 */
function whoHungUp(detail: CallDetail): 'caller' | 'unknown' {
  const last = detail.steps.at(-1);
  if (last === undefined) return 'unknown';
  const isWaiting = last.place === 'menu' || last.place === 'forward' || last.place === 'voicemail';
  return isWaiting || isHangUp(last, detail) ? 'caller' : 'unknown';
}

function isHangUp(step: Step, { events }: CallDetail): boolean {
  const event = events.find(({ n, kind }) => n === step.n && kind === step.event);
  return (event?.params ?? []).some(
    ({ name, value }) =>
      (name === 'CallStatus' && value === 'completed') || (name === 'Digits' && value === 'hangup'),
  );
}

function time(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}

function between(from: number, to: number | null): number | null {
  return to === null ? null : Math.max(0, Math.round((to - from) / 1000));
}

export type StretchKind = 'menu' | 'ring' | 'talk' | 'greeting' | 'message';

export interface Stretch {
  kind: StretchKind;
  seconds: number;
}

/** The call as a strip: what took its time, neighbours of one kind as one. */
export function stretches(entries: readonly Entry[]): Stretch[] {
  const all: Stretch[] = [];
  for (const { kind, seconds } of entries) {
    if (seconds === null || seconds === 0 || !isStretch(kind)) continue;
    const last = all.at(-1);
    if (last?.kind === kind) last.seconds += seconds;
    else all.push({ kind, seconds });
  }
  return all;
}

function isStretch(kind: Entry['kind']): kind is StretchKind {
  return ['menu', 'ring', 'talk', 'greeting', 'message'].includes(kind);
}
