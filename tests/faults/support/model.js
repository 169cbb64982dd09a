// What must be told of a call, by the simulator's own record of it, and what is.

import { modelOf } from '../../simulator/model.js';
import { isNginx } from './ledger.js';

const MIN_MESSAGE_S = 2; // of the flow that the stack begins with
const ANY_OTHER_END = ['missed', 'abandoned', 'failed'];

/**
 * @param {import('../../simulator/inbound-call.js').InboundCall} call that has ended
 * @param {import('../../simulator/stories.js').Story} story
 * @param {boolean} disturbed nginx answered in the place of a worker, and the caller went
 *   where no story leads: of what was never written down nothing can be told
 */
export function wantedOf(call, story, disturbed) {
  const model = modelOf(call);
  const { outcome, reason } = story.expect;
  return {
    ...model,
    story: story.name,
    disturbed,
    verdicts: disturbed
      ? [...verdictsOf(model), ...(hidesItsEnd(call) ? ['answered bridged'] : [])]
      : [`${outcome} ${reason}`],
    recording: model.recordings.at(-1) ?? null,
  };
}

/**
 * A key was pressed on the phone that picked up, and what came of it no worker was
 * told: then it counts as answered, also where nginx has hung up on that phone.
 */
function hidesItsEnd({ requests }) {
  const told = ({ response }) => response?.status === 200 && !isNginx(response);
  const of = (route) => requests.filter(({ url }) => url.includes(`/twilio/${route}?`));
  return of('screen-key').length > 0 && !of('dial').some(told);
}

function verdictsOf({ bridged, recordings }) {
  const isMessage = ({ status, duration_s: s }) => status === 'completed' && s >= MIN_MESSAGE_S;
  if (bridged) return ['answered bridged'];
  if (recordings.some(isMessage)) return ['voicemail message_left'];
  return ANY_OTHER_END;
}

/** One line for each thing that the row tells otherwise; [] where they agree. */
export function differences(wanted, row) {
  const name = `${wanted.sid} ${wanted.story}${wanted.disturbed ? ', disturbed' : ''}`;
  if (row === undefined) return [`${name}: there is no row`];
  const wrong = [];
  const compare = (what, want, got) => {
    if (want !== got) wrong.push(`${name}: ${what} is ${got}, not ${want}`);
  };
  const { recording } = wanted;
  const verdict = `${row.outcome} ${row.reason}`;
  compare('status', wanted.status, row.status);
  compare('duration', wanted.duration_s, row.duration_s);
  if (!wanted.verdicts.some((each) => verdict.startsWith(each)))
    compare('verdict', wanted.verdicts.join(' or '), verdict);
  if (wanted.bridged && !wanted.disturbed) compare('talk', wanted.talk_s, row.talk_s);
  compare('recording', recording?.sid ?? null, row.recording_sid);
  if (recording === null || row.recording_sid === null) return wrong;
  compare('recording status', recording.status, row.recording_status);
  if (recording.status === 'completed')
    compare('recording duration', recording.duration_s, row.recording_s);
  return wrong;
}

/** The rows of all calls, by SID. */
export async function rowsOf(stack) {
  const rows = await stack.sql(`
    SELECT sid, status, outcome, reason, talk_s,
      coalesce(duration_rest_s, duration_callback_s) AS duration_s,
      (recording).sid AS recording_sid,
      recording_status_word((recording).status) AS recording_status,
      (length).duration_s AS recording_s
    FROM calls`);
  return new Map(rows.map((row) => [row.sid, row]));
}

/** Calls of which somebody is told: as many distinct notices must have gone out. */
export const noticed = (rows) =>
  [...rows.values()].filter(({ outcome }) => ['voicemail', 'missed'].includes(outcome));
