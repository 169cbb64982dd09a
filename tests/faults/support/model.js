// What must be told of a call, by the simulator's own record of it.

const MIN_MESSAGE_S = 2; // of the flow that the stack begins with
const SENT_ON = ['missed', 'abandoned', 'failed'];

const dialOf = (call) => call.requests.find(({ kind }) => kind === 'dial');
const paramOf = (request, name) => request?.params.find(([key]) => key === name)?.[1];

/**
 * @param {import('../../simulator/inbound-call.js').InboundCall} call that has ended
 * @param {import('../../simulator/stories.js').Story} story
 * @param {boolean} disturbed nginx answered in the place of a worker, and the caller went
 *   where no story leads: what was never written down cannot be told
 */
export function modelOf(call, story, disturbed) {
  const recording = call.recordings.at(-1);
  const dial = dialOf(call);
  const bridged = paramOf(dial, 'DialBridged') === 'true';
  return {
    sid: call.sid,
    story: story.name,
    disturbed,
    status: call.status,
    duration: call.leg.duration,
    verdict: disturbed
      ? verdictsOf(bridged, recording)
      : [`${story.expect.outcome} ${story.expect.reason}`],
    talk: bridged && !disturbed ? Number(paramOf(dial, 'DialCallDuration')) : null,
    recording:
      recording === undefined
        ? null
        : { sid: recording.sid, status: recording.status, duration: recording.duration },
  };
}

function verdictsOf(bridged, recording) {
  if (bridged) return ['answered bridged'];
  if (recording?.status === 'completed' && recording.duration >= MIN_MESSAGE_S)
    return ['voicemail message_left'];
  return SENT_ON;
}

/** One line for each thing that the row tells otherwise; [] where they agree. */
export function differences(model, row) {
  if (row === undefined) return [`${model.sid} ${model.story}: there is no row`];
  const wrong = [];
  const compare = (what, want, got) => {
    if (want !== got) wrong.push(`${model.sid} ${model.story}: ${what} is ${got}, not ${want}`);
  };
  compare('status', model.status, row.status);
  compare('duration', model.duration, row.duration);
  if (!model.verdict.some((each) => `${row.outcome} ${row.reason}`.startsWith(each)))
    compare('verdict', model.verdict.join(' or '), `${row.outcome} ${row.reason}`);
  if (model.talk !== null) compare('talk', model.talk, row.talk);
  compare('recording', model.recording?.sid ?? null, row.recording_sid);
  if (model.recording === null || row.recording_sid === null) return wrong;
  compare('recording status', model.recording.status, row.recording_status);
  if (model.recording.status === 'completed')
    compare('recording duration', model.recording.duration, row.recording_duration);
  return wrong;
}

/** The rows of all calls, by SID. */
export async function rowsOf(stack) {
  const rows = await stack.sql(`
    SELECT sid, status, outcome, reason, talk_s AS talk,
      coalesce(duration_rest_s, duration_callback_s) AS duration,
      (recording).sid AS recording_sid,
      recording_status_word((recording).status) AS recording_status,
      (length).duration_s AS recording_duration
    FROM calls`);
  return new Map(rows.map((row) => [row.sid, row]));
}

/** Calls of which somebody is told. */
export const isNoticed = ({ outcome }) => ['voicemail', 'missed'].includes(outcome);
