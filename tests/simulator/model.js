// The network's own truth of a call, whatever the server under test was told of
// it: what its rows are compared with.  Names and units are those of GET /api/calls
// where it has the same thing.

/**
 * @typedef {object} Model
 * @property {string} sid
 * @property {string} line the number that was called
 * @property {string} from
 * @property {string} to
 * @property {string} status in Twilio's words
 * @property {string} started_at
 * @property {string|null} ended_at
 * @property {number|null} duration_s null while the call lasts
 * @property {boolean} bridged somebody talked to the caller
 * @property {string|null} accepted_by the number of whoever did
 * @property {number|null} talk_s of that leg, screening included
 * @property {string|null} menu_key the last key that a menu was told of
 * @property {boolean} application_error
 * @property {{sid: string, to: string, status: string, duration_s: number|null, bridged: boolean}[]} legs
 *   those that were dialled
 * @property {{sid: string, status: string, duration_s: number|null, error_code: number|null,
 *   transcript: string|null}[]} recordings
 * @property {string[]} lost kinds of the callbacks that never reached the server or that it refused
 * @property {boolean} prompted a menu was heard
 */

const CALLBACKS = ['status', 'leg', 'recording', 'transcription'];
const iso = (at) => (at === null ? null : new Date(at).toISOString());

/** @param {import('./inbound-call.js').InboundCall} call @returns {Model} */
export function modelOf(call) {
  const [inbound, ...dialled] = call.legs;
  const legs = dialled.map(legOf);
  const taken = legs.find(({ bridged }) => bridged);
  return {
    sid: call.sid,
    line: call.to,
    from: call.from,
    to: call.to,
    status: call.status,
    started_at: iso(inbound.createdAt),
    ended_at: iso(inbound.endedAt),
    duration_s: inbound.over ? inbound.duration : null,
    bridged: taken !== undefined,
    accepted_by: taken?.to ?? null,
    talk_s: taken?.duration_s ?? null,
    menu_key: menuKey(call),
    application_error: call.applicationError,
    legs,
    recordings: call.recordings.map(recordingOf),
    lost: [...call.lost.map(({ kind }) => kind), ...undelivered(call)],
    prompted: call.heard.some(({ prompt }) => prompt),
  };
}

function legOf(leg) {
  return {
    sid: leg.sid,
    to: leg.to,
    status: leg.status,
    duration_s: leg.over ? leg.duration : null,
    bridged: leg.heard.some(({ kind }) => kind === 'talking'),
  };
}

function recordingOf({ sid, status, duration, errorCode, transcript }) {
  return {
    sid,
    status,
    duration_s: duration,
    error_code: errorCode === 0 ? null : errorCode,
    transcript: transcript ?? null,
  };
}

function menuKey(call) {
  const told = call.requests.filter(
    ({ kind, legSid, error }) => kind === 'gather' && legSid === call.sid && !error?.simulated,
  );
  const digits = told.map(({ params }) => params.find(([name]) => name === 'Digits')?.[1] ?? '');
  return digits.findLast((each) => each !== '') ?? null;
}

/** Callbacks of which no copy was answered with 2xx. */
function undelivered({ requests }) {
  const told = new Map();
  for (const { kind, name, response } of requests) {
    if (!CALLBACKS.includes(kind)) continue;
    const [, before] = told.get(name) ?? [kind, false];
    told.set(name, [kind, before || Math.floor((response?.status ?? 0) / 100) === 2]);
  }
  return [...told.values()].filter(([, heard]) => !heard).map(([kind]) => kind);
}

const OF_LEG = {
  completed: ['missed', 'not_accepted'],
  busy: ['missed', 'busy'],
  'no-answer': ['missed', 'no_answer'],
  failed: ['missed', 'bad_number'],
  canceled: ['abandoned', 'hung_up_while_ringing'],
};

/**
 * How a person would tell of the call, given the usual menu (1 rings somebody, all
 * else leads to the voicemail) and that the server was there all the time.
 * @param {Model} model
 * @param {{minS?: number}} [flow] the shortest message that counts
 * @returns {{status: string, outcome: string|null, reason: string|null}}
 */
export function verdictOf(model, { minS = 2 } = {}) {
  const [outcome, reason] = verdict(model, minS);
  return { status: model.status, outcome, reason };
}

function verdict({ ended_at, bridged, recordings, legs, menu_key, prompted }, minS) {
  if (ended_at === null) return [null, null];
  if (bridged) return ['answered', 'bridged'];
  const left = ({ status, duration_s }) => status === 'completed' && duration_s >= minS;
  if (recordings.some(left)) return ['voicemail', 'message_left'];
  if (legs.length > 0) return OF_LEG[legs.at(-1).status];
  if (recordings.length > 0 || menu_key !== null) return ['missed', 'empty_message'];
  return ['abandoned', prompted ? 'hung_up_in_menu' : 'hung_up_in_greeting'];
}
