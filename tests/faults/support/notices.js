// Who is told of calls, and how often: one distinct notice a call that left a message
// or was missed.  The same one may come again only where a kill hid that it had gone.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { WebhookSink } from '../../simulator/peers/webhook-sink.js';
import { assertNone } from './ledger.js';
import { noticed } from './model.js';
import { until } from './processes.js';

const TOLD_WITHIN_MS = 60_000;
/** What was sent just before a kill may be sent again after it. */
const BEFORE_KILL_MS = 5000;

export class Notices {
  /**
   * Has the line's calls told to a sink.
   * @param {import('../../e2e/support/stack.js').Stack} stack
   */
  static async open(stack) {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const env = { MAINLINE_WEBHOOK_SECRET: secret };
    const notices = new Notices();
    notices.env = env;
    notices.stack = stack;
    notices.sink = await WebhookSink.start({ secret });
    const flow = JSON.parse((await stack.mainline(['flow', 'show'])).out);
    flow.lines[stack.line].notify = { webhook: notices.sink.url };
    const published = await stack.mainline(['flow', 'publish', '-'], {
      input: JSON.stringify(flow),
    });
    assert.equal(published.code, 0, published.err);
    return notices;
  }

  /** Forget what came. */
  begin() {
    this.sink.deliveries.length = 0;
  }

  /**
   * @param {Map<string, object>} rows of all calls
   * @param {import('./killer.js').Killer} killer
   */
  async assertTold(t, rows, killer) {
    const wanted = noticed(rows).length;
    // Four minutes pass: so long nobody is told who might have left a message.
    await this.stack.sql(
      "UPDATE jobs SET due_at = due_at - interval '4 minutes' WHERE kind = 'notify' AND state = 'due'",
    );
    await until(() => this.sink.accepted.size >= wanted, 'all are told', TOLD_WITHIN_MS).catch(
      () => {},
    );
    const doubles = [...this.sink.accepted].filter(([, times]) => times > 1).map(([id]) => id);
    const unexplained = doubles.filter((id) => !this.#wasKilledThen(id, killer));
    t.diagnostic(
      `notices: ${this.sink.accepted.size} of ${wanted}, doubles: ${doubles.length}, unexplained: ${unexplained.length}`,
    );
    assert.equal(this.sink.accepted.size, wanted);
    assertNone('notices sent again without a kill', unexplained);
    assertNone(
      'notices with a bad signature',
      this.sink.deliveries.filter(({ refused }) => refused !== null).map(({ refused }) => refused),
    );
  }

  #wasKilledThen(id, killer) {
    const times = this.sink.deliveries.filter((each) => each.id === id).map(({ at }) => at);
    return killer.times.some(
      ({ at, role }) =>
        role === 'jobs' && at >= Math.min(...times) - BEFORE_KILL_MS && at <= Math.max(...times),
    );
  }

  close() {
    return this.sink.close();
  }
}
