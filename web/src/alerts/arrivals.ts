// Which messages are new to this page.  Pure.

import type { Call } from '../api/types.ts';
import { isUnheard } from '../call/outcome.ts';

/** One that is told late, after an outage or a repair of the record, disturbs nobody. */
const NEW_FOR_MS = 10 * 60_000;

export class Arrivals {
  readonly #known = new Set<string>();

  /** Calls that were there before. */
  learn(calls: readonly Call[]): void {
    for (const { sid, voicemail } of calls) if (voicemail !== null) this.#known.add(sid);
  }

  /** Of calls that are told, those whose message has just come. */
  fresh(calls: readonly Call[], now: number): Call[] {
    const fresh = calls.filter(
      (call) =>
        isUnheard(call) &&
        !this.#known.has(call.sid) &&
        now - Date.parse(call.started_at) < NEW_FOR_MS,
    );
    this.learn(calls);
    return fresh;
  }
}
