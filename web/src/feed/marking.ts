// Marks by the reader: shown at once, sent, and taken back when the server does not take them.

import { unreachable } from '../api/failure.ts';
import { MARK_AT_ONCE, markCall, markCalls, type Marks } from '../api/marks.ts';
import type { Call } from '../api/types.ts';
import { text } from '../text.ts';
import { toasts } from '../toasts/toasts.ts';
import type { Desk } from './desk.ts';

/** The call as it is when the mark has been taken. */
export function marked(call: Call, { heard, done }: Marks, at: string): Call {
  const { voicemail } = call;
  return {
    ...call,
    ...(done !== undefined && { done_at: done ? (call.done_at ?? at) : null }),
    ...(heard !== undefined &&
      voicemail !== null && {
        voicemail: { ...voicemail, heard_at: heard ? (voicemail.heard_at ?? at) : null },
      }),
  };
}

/** Those that the mark would change. */
export function changedBy(calls: readonly Call[], marks: Marks): Call[] {
  return calls.filter((call) => {
    const isHeard = call.voicemail !== null && call.voicemail.heard_at !== null;
    const changesHeard =
      marks.heard !== undefined && call.voicemail !== null && isHeard !== marks.heard;
    const changesDone = marks.done !== undefined && (call.done_at !== null) !== marks.done;
    return changesHeard || changesDone;
  });
}

/** `quiet`: done by itself, so nothing is said of it. */
export async function mark(
  desk: Desk,
  calls: readonly Call[],
  marks: Marks,
  { quiet = false } = {},
): Promise<void> {
  const before = changedBy(calls, marks);
  if (before.length === 0) return;
  if (before.length > MARK_AT_ONCE) {
    toasts.show({ kind: 'failed', words: text.selection.tooMany });
    return;
  }
  const at = new Date().toISOString();
  desk.patch(before.map((call) => marked(call, marks, at)));
  try {
    desk.patch(await send(before, marks));
    if (!quiet) toasts.show({ kind: 'done', words: wordsFor(marks, before.length), ...undo() });
  } catch (error) {
    desk.patch(before);
    desk.endIfSignedOut(error);
    if (!quiet) toasts.show({ kind: 'failed', words: failureWords(error), ...again() });
  }

  function undo() {
    const back: Marks = {
      ...(marks.heard !== undefined && { heard: !marks.heard }),
      ...(marks.done !== undefined && { done: !marks.done }),
    };
    const now = before.map((call) => marked(call, marks, at));
    return {
      action: { words: text.marks.undo, go: () => void mark(desk, now, back, { quiet: true }) },
    };
  }

  function again() {
    return { action: { words: text.marks.again, go: () => void mark(desk, before, marks) } };
  }
}

async function send(calls: readonly Call[], marks: Marks): Promise<Call[]> {
  const [first] = calls;
  if (calls.length === 1 && first !== undefined) return [await markCall(first.sid, marks)];
  return markCalls(
    calls.map(({ sid }) => sid),
    marks,
  );
}

function wordsFor({ heard, done }: Marks, n: number): string {
  const { marks } = text;
  if (heard !== undefined) return heard ? marks.heardToast(n) : marks.unheardToast(n);
  return done === true ? marks.doneToast(n) : marks.undoneToast(n);
}

function failureWords(error: unknown): string {
  const { status } = unreachable(error);
  if (status === 0) return text.marks.failedOffline;
  if (status === 403) return text.marks.notAllowed;
  return status === 404 ? text.marks.gone : text.marks.failed;
}
