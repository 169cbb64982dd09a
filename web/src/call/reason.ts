// Why a call ended the way it did, in plain words.

import type { Call, Reason } from '../api/types.ts';
import { shortDuration } from '../format/duration.ts';
import { text } from '../text.ts';

type Facts = Pick<Call, 'reason' | 'forwarded_to' | 'menu_key' | 'duration_s'>;

const REASONS: Record<Reason, (call: Facts) => string> = {
  bridged: ({ forwarded_to }) => text.reason.bridged(forwarded_to),
  message_left: messageLeft,
  not_accepted: ({ forwarded_to }) => text.reason.not_accepted(forwarded_to),
  no_answer: ({ forwarded_to }) => text.reason.no_answer(forwarded_to),
  busy: ({ forwarded_to }) => text.reason.busy(forwarded_to),
  bad_number: ({ forwarded_to }) => text.reason.bad_number(forwarded_to),
  line_closed: () => text.reason.line_closed,
  empty_message: ({ menu_key }) =>
    menu_key === null ? text.reason.emptyMessage : text.reason.emptyMessageChosen,
  hung_up_in_greeting: () => text.reason.hung_up_in_greeting,
  hung_up_in_menu: ({ duration_s }) =>
    text.reason.hung_up_in_menu(duration_s === null ? null : shortDuration(duration_s)),
  hung_up_while_ringing: ({ forwarded_to }) => text.reason.hung_up_while_ringing(forwarded_to),
  blocklist: () => text.reason.blocklist,
  anonymous: () => text.reason.anonymous,
  twilio_error: () => text.reason.twilio_error,
  unknown: () => text.reason.unknown,
};

function messageLeft({ forwarded_to, menu_key }: Facts): string {
  if (forwarded_to !== null) return text.reason.messageNotTaken(forwarded_to);
  return menu_key === null ? text.reason.messageNoKey : text.reason.messagePressed(menu_key);
}

/** `laterAt` is the clock time of the same caller's answered call, where we know it. */
export function reasonText(call: Facts & Pick<Call, 'answered_later'>, laterAt?: string): string {
  if (call.reason === null) return text.reason.untold;
  const words = REASONS[call.reason](call);
  return call.answered_later === null ? words : text.reason.calledAgain(words, laterAt);
}
