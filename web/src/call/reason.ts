// Why a call ended the way it did, in plain words.

import type { Call, Reason } from '../api/types.ts';
import { shortDuration } from '../format/duration.ts';

type Facts = Pick<Call, 'reason' | 'forwarded_to' | 'menu_key' | 'duration_s'>;

const REASONS: Record<Reason, (call: Facts) => string> = {
  bridged: ({ forwarded_to }) => `${forwarded_to ?? 'A phone'} picked up`,
  message_left: messageLeft,
  not_accepted: ({ forwarded_to }) => `Not taken by ${forwarded_to ?? 'the phone that rang'}`,
  no_answer: ({ forwarded_to }) => (forwarded_to ? `No answer; ${forwarded_to} rang` : 'No answer'),
  busy: ({ forwarded_to }) => (forwarded_to ? `Busy at ${forwarded_to}` : 'Busy'),
  bad_number: ({ forwarded_to }) => `The number for ${forwarded_to ?? 'a phone'} does not work`,
  line_closed: () => 'Outside opening hours',
  empty_message: ({ menu_key }) =>
    menu_key === null ? 'Came to voicemail, said nothing' : 'Chose voicemail, said nothing',
  hung_up_in_greeting: () => 'Hung up during the voicemail greeting',
  hung_up_in_menu: ({ duration_s }) =>
    duration_s === null
      ? 'Hung up in the menu'
      : `Hung up in the menu after ${shortDuration(duration_s)}`,
  hung_up_while_ringing: ({ forwarded_to }) =>
    forwarded_to ? `Hung up while ${forwarded_to} rang` : 'Hung up while a phone rang',
  blocklist: () => 'Turned away: on the block list',
  anonymous: () => 'Turned away: number withheld',
  twilio_error: () => 'The phone network reported an error',
  unknown: () => 'How it ended is not known',
};

function messageLeft({ forwarded_to, menu_key }: Facts): string {
  if (forwarded_to !== null) return `${forwarded_to} did not take it`;
  return menu_key === null ? 'No key was pressed' : `Pressed ${menu_key} to leave a message`;
}

/** `laterAt` is the clock time of the same caller's answered call, where we know it. */
export function reasonText(call: Facts & Pick<Call, 'answered_later'>, laterAt?: string): string {
  if (call.reason === null) return 'The phone network has not told how it ended';
  const words = REASONS[call.reason](call);
  if (call.answered_later === null) return words;
  return `${words}; called again${laterAt === undefined ? '' : ` at ${laterAt}`}, answered`;
}
