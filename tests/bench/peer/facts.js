// The parameters of the statement that writes an event, in its order.

const GOING_ON = ['queued', 'initiated', 'ringing', 'in-progress'];
const OVER = ['canceled', 'failed', 'no-answer', 'busy', 'completed'];
const RECORDING = ['in-progress', 'processing', 'failed', 'absent', 'completed'];
const PROCESSING = 2;

/** A total order over Twilio's words and who said them; migrations/0001_calls.sql. */
function statusRank(status, source) {
  if (OVER.includes(status)) return 100 + 10 * source + OVER.indexOf(status) + 1;
  if (GOING_ON.includes(status)) return 4 * (GOING_ON.indexOf(status) + 1) + source;
  return null;
}

/** The first 63 bits of the key, inverted. */
function rankOf(key) {
  return (BigInt.asUintN(64, ~key.readBigUInt64BE()) >> 1n).toString();
}

function legValues(event, leg) {
  const own = event.legSid !== null && !event.inbound;
  return [
    event.legSid,
    leg?.phone,
    own ? event.params.To : null,
    leg?.status,
    leg?.durationS,
    own ? event.sequence : null,
    event.sipCode,
    event.occurredAt,
  ];
}

function callerValues({ inbound, params }) {
  if (!inbound) return Array(7).fill(null);
  const { From, To, CallerName, FromCity, FromState, FromCountry, StirVerstat } = params;
  return [From, To, CallerName, FromCity, FromState, FromCountry, StirVerstat].map(
    (v) => v || null,
  );
}

function recordingValues(recording) {
  if (!recording) return [null, 0, PROCESSING, false, null];
  const { sid, source, status, message, durationS } = recording;
  return [sid, source, RECORDING.indexOf(status) + 1, message, durationS];
}

export function parameters(event, facts) {
  const { state } = event;
  const forwarded = facts.forwarded ?? { n: state.n, rank: 0 };
  return [
    event.line,
    event.callSid,
    event.key,
    event.kind,
    event.receivedAt,
    event.uri,
    Buffer.from(event.raw),
    event.twiml,
    ...legValues(event, facts.leg),
    event.kind === 'status' ? null : state.n,
    facts.step,
    facts.versionEntry,
    state.version,
    event.inbound ? statusRank(event.status, facts.source) : null,
    facts.durationS,
    null, // duration_rest_s
    facts.startedAt,
    null, // started_rest
    facts.endedAt,
    null, // ended_rest
    ...callerValues(event),
    facts.callerLeft ? 0 : rankOf(event.key),
    facts.place,
    facts.why,
    facts.menuKey,
    forwarded.n,
    forwarded.rank,
    forwarded.to,
    facts.bridged,
    facts.accepted,
    facts.talkS,
    ...recordingValues(facts.recording),
    null, // transcript
    null, // error_code
    null, // reconciled_at
  ];
}
