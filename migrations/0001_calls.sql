-- The record of calls: an inbox of events, and one row a call that is a function
-- of its events.
--
-- How a row of `calls` comes to be.  Every column of `events` behind `leg_sid` is a
-- fact that the event tells, or NULL.  A call's fact is the greatest of those that
-- its events tell (the least for times of first receipt), and nothing else: so
-- duplicates, lost events and any order of arrival give the same row, and the row
-- can be made anew from the events at any time.  Where "greatest" has to mean "the
-- latest step" or "the better source", the fact is a composite value whose fields
-- compare from left to right.

CREATE TYPE step_word AS (
  n integer,
  rank bigint,
  word text COLLATE "C"
);
COMMENT ON TYPE step_word IS
  'A word that was learnt at a step of the call; the latest step has it.';
COMMENT ON COLUMN step_word.n IS
  'The call''s step counter, as it travels in the URLs; 1 is the entry, 1000 and more unknown.';
COMMENT ON COLUMN step_word.rank IS
  'Which of several words of one step is taken: that of the smallest event_key (its first 63 bits, inverted), 0 when the caller had left already, or how sure it is.';
COMMENT ON COLUMN step_word.word IS 'The word itself.';

CREATE TYPE recording_fact AS (
  sid text,
  source smallint,
  status smallint,
  message boolean
);
COMMENT ON TYPE recording_fact IS
  'What is known of a call''s recording: by its SID, what the best source says. A call has one; of several the greatest SID''s counts.';
COMMENT ON COLUMN recording_fact.sid IS 'RecordingSid, RE and 32 hexadecimal digits.';
COMMENT ON COLUMN recording_fact.source IS
  'Who says so: 1 the action request, 2 the recording callback, 3 the REST API.';
COMMENT ON COLUMN recording_fact.status IS
  '1 in-progress, 2 processing, 3 failed, 4 absent, 5 completed: see recording_status_word().';
COMMENT ON COLUMN recording_fact.message IS
  'Long enough to count as a message, by min_s of the voicemail step.';

-- Apart from the rest: who knows best that a recording is there need not know how
-- long it is.
CREATE TYPE recording_length AS (
  sid text,
  source smallint,
  duration_s integer
);
COMMENT ON TYPE recording_length IS 'How long a recording is, by its SID, as the best source says.';
COMMENT ON COLUMN recording_length.sid IS 'RecordingSid.';
COMMENT ON COLUMN recording_length.source IS 'As in recording_fact.';
COMMENT ON COLUMN recording_length.duration_s IS 'Its length in seconds.';

-- status_rank: a total order over Twilio's words and who said them.  Up to 99 the
-- call goes on: 4 * word + source.  From 100 it is over: 100 + 10 * source + word.
CREATE FUNCTION call_status_word(rank smallint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
RETURN CASE
  WHEN rank >= 100 THEN
    (ARRAY['canceled', 'failed', 'no-answer', 'busy', 'completed'])[rank % 10]
  ELSE
    (ARRAY['queued', 'initiated', 'ringing', 'in-progress'])[rank / 4]
END;
END $$;
COMMENT ON FUNCTION call_status_word(smallint) IS
  'Twilio''s CallStatus of a status_rank.';

CREATE FUNCTION recording_status_word(status smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (ARRAY['in-progress', 'processing', 'failed', 'absent', 'completed'])[status];
COMMENT ON FUNCTION recording_status_word(smallint) IS
  'Twilio''s RecordingStatus of recording_fact.status.';

-- How a call ended and why, "outcome reason" in one word each; NULL while it lasts.
--
-- What a person did counts first, then what the caller left behind, then where the
-- caller was last.  What sent a caller on (busy, nobody answered, ...) is the reason
-- only for one who ended at the voicemail: who was sent on to another menu or phone
-- and left there has abandoned that one.
--
-- It and call_status_word() are in PL/pgSQL, whose plans are kept: functions in SQL
-- would be taken apart anew at each write (measured: a third of an event's cost).
-- They name nothing of this schema: pg_restore computes them while no schema is in
-- the search path.
--
-- It stands in stored generated columns, which are computed when a row is written:
-- a migration that replaces it must be followed by `mainline migrate
-- --rebuild-calls`.
CREATE FUNCTION call_verdict(
  status_rank smallint, -- see call_status_word()
  bridged boolean,      -- a leg was bridged to the caller; false: Twilio said that none was
  accepted boolean,     -- somebody pressed a key on the phone that picked up
  why text,             -- what sent the caller on, of the latest step that did
  place text,           -- where the latest step put the caller
  recording recording_fact,
  error_code integer    -- Twilio's, that led to the fallback
) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
RETURN CASE
  WHEN status_rank IS NULL OR status_rank < 100
    THEN NULL
  WHEN bridged
    THEN 'answered bridged'
  -- What became of the leg was not told, or lost; the key press was not.
  WHEN accepted AND bridged IS NULL AND (why IS NULL OR why NOT IN ('not_accepted', 'no_answer', 'busy', 'bad_number'))
    THEN 'answered bridged'
  WHEN (recording).message
    THEN 'voicemail message_left'
  WHEN place = 'rejected' AND why IN ('blocklist', 'anonymous')
    THEN 'blocked ' || why
  WHEN place IN ('voicemail', 'recorded')
    AND why IN ('not_accepted', 'no_answer', 'busy', 'bad_number', 'line_closed')
    THEN 'missed ' || why
  WHEN place = 'recorded' OR (recording).sid IS NOT NULL
    THEN 'missed empty_message'
  WHEN place = 'voicemail'
    THEN 'abandoned hung_up_in_greeting'
  WHEN place = 'menu'
    THEN 'abandoned hung_up_in_menu'
  WHEN place = 'forward'
    THEN 'abandoned hung_up_while_ringing'
  WHEN error_code IS NOT NULL OR status_rank % 10 = 2 -- failed
    THEN 'failed twilio_error'
  ELSE 'failed unknown'
END;
END $$;
COMMENT ON FUNCTION call_verdict IS
  'Outcome and reason of a call, one word each with a blank between; NULL while it lasts.';

-- Numbers that stand for a word on a telephone's keys, where Twilio has no caller
-- id: ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, BLOCKED.
CREATE FUNCTION caller_is_known(from_number text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN from_number ~ '^\+[1-9][0-9]{6,14}$' AND from_number NOT IN
  ('+266696687', '+7378742883', '+86282452253', '+8656696', '+2562533');
COMMENT ON FUNCTION caller_is_known(text) IS
  'Is it a number, so that two calls from it are the same caller''s?';

CREATE TABLE events (
  line text NOT NULL,
  call_sid text NOT NULL,
  event_key bytea NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  received_at timestamptz NOT NULL,
  uri text NOT NULL,
  body bytea NOT NULL,
  twiml text,

  leg_sid text,
  leg_phone text,
  leg_to text,
  leg_status text,
  leg_duration_s integer,
  sequence integer,
  sip_code integer,
  occurred_at timestamptz,

  n integer,
  step text,
  version_entry integer,
  version_url integer,
  status_rank smallint,
  duration_callback_s integer,
  duration_rest_s integer,
  started_callback timestamptz,
  started_rest timestamptz,
  ended_callback timestamptz,
  ended_rest timestamptz,
  from_number text,
  to_number text,
  caller_name text,
  caller_city text,
  caller_region text,
  caller_country text,
  verstat text,
  place step_word,
  why step_word,
  menu_key step_word,
  forwarded step_word,
  bridged boolean,
  accepted boolean,
  talk_s integer,
  recording recording_fact,
  length recording_length,
  transcript text,
  error_code integer,
  PRIMARY KEY (line, call_sid, event_key)
);
COMMENT ON TABLE events IS
  'Inbox, append-only: every signed request once, with the facts drawn from it and what was answered.';
COMMENT ON COLUMN events.line IS
  'Whose call: the called number in E.164, or the SIP or client address as sent. First in every key.';
COMMENT ON COLUMN events.call_sid IS 'CallSid of the inbound leg, also for events of other legs.';
COMMENT ON COLUMN events.event_key IS
  'SHA-256 over length-prefixed kind, URI and sorted signed parameters: the same request twice is one event.';
COMMENT ON COLUMN events.id IS 'Order of arrival in this database, nearly.';
COMMENT ON COLUMN events.kind IS
  'voice, menu, dial, screen, screen_key, voicemail, fallback, status, leg, recording or transcription.';
COMMENT ON COLUMN events.received_at IS 'When the worker had read the request, by its clock.';
COMMENT ON COLUMN events.uri IS 'Path and query as received.';
COMMENT ON COLUMN events.body IS 'Form body as received.';
COMMENT ON COLUMN events.twiml IS 'What was answered; NULL for a callback.';
COMMENT ON COLUMN events.leg_sid IS 'CallSid of the child leg that the event is about.';
COMMENT ON COLUMN events.leg_phone IS 'Name of the phone that the leg rings.';
COMMENT ON COLUMN events.leg_to IS 'Number that the leg rings.';
COMMENT ON COLUMN events.leg_status IS 'CallStatus of the child leg, in Twilio''s words.';
COMMENT ON COLUMN events.leg_duration_s IS 'CallDuration of the child leg, seconds.';
COMMENT ON COLUMN events.sequence IS 'SequenceNumber: the order in which Twilio fired a leg''s events.';
COMMENT ON COLUMN events.sip_code IS 'SipResponseCode.';
COMMENT ON COLUMN events.occurred_at IS 'Timestamp parameter: when it happened at Twilio.';
COMMENT ON COLUMN events.n IS 'Step counter of the URL; NULL for the number''s own status callback.';
COMMENT ON COLUMN events.step IS 'Fact: the flow''s step at which the answer has put the caller.';
COMMENT ON COLUMN events.version_entry IS 'Fact: flow version chosen at the entry.';
COMMENT ON COLUMN events.version_url IS 'Fact: flow version in the URL, which Twilio has followed.';
COMMENT ON COLUMN events.status_rank IS 'Fact: CallStatus of the inbound leg; see call_status_word().';
COMMENT ON COLUMN events.duration_callback_s IS 'Fact: CallDuration of the inbound leg, from its status callback.';
COMMENT ON COLUMN events.duration_rest_s IS 'Fact: the same, from the REST API.';
COMMENT ON COLUMN events.started_callback IS 'Fact: status callback''s Timestamp less its CallDuration.';
COMMENT ON COLUMN events.started_rest IS 'Fact: start_time at the REST API.';
COMMENT ON COLUMN events.ended_callback IS 'Fact: status callback''s Timestamp.';
COMMENT ON COLUMN events.ended_rest IS 'Fact: end_time at the REST API.';
COMMENT ON COLUMN events.from_number IS 'Fact: From of the inbound leg, as sent.';
COMMENT ON COLUMN events.to_number IS 'Fact: To of the inbound leg.';
COMMENT ON COLUMN events.caller_name IS 'Fact: CallerName, where the number looks it up.';
COMMENT ON COLUMN events.caller_city IS 'Fact: FromCity.';
COMMENT ON COLUMN events.caller_region IS 'Fact: FromState.';
COMMENT ON COLUMN events.caller_country IS 'Fact: FromCountry.';
COMMENT ON COLUMN events.verstat IS 'Fact: StirVerstat.';
COMMENT ON COLUMN events.place IS 'Fact: menu, forward, voicemail, recorded, rejected or done.';
COMMENT ON COLUMN events.why IS
  'Fact: chosen, not_accepted, no_answer, busy, bad_number, line_closed, blocklist or anonymous.';
COMMENT ON COLUMN events.menu_key IS 'Fact: the key of the menu that was pressed.';
COMMENT ON COLUMN events.forwarded IS 'Fact: name of the phone rung (rank 0), that picked up (1), that took the call (2).';
COMMENT ON COLUMN events.bridged IS 'Fact: whether a leg was bridged to the caller, where Twilio said.';
COMMENT ON COLUMN events.accepted IS 'Fact: a key was pressed on the phone that picked up.';
COMMENT ON COLUMN events.talk_s IS 'Fact: DialCallDuration of the bridged leg, seconds, screening included.';
COMMENT ON COLUMN events.recording IS 'Fact: what is known of a recording.';
COMMENT ON COLUMN events.length IS 'Fact: how long it is.';
COMMENT ON COLUMN events.transcript IS 'Fact: TranscriptionText.';
COMMENT ON COLUMN events.error_code IS 'Fact: Twilio''s error that led to the fallback.';

CREATE TABLE calls (
  line text NOT NULL,
  sid text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  first_received_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,

  version_entry integer,
  version_url integer,
  status_rank smallint,
  duration_callback_s integer,
  duration_rest_s integer,
  started_callback timestamptz,
  started_rest timestamptz,
  ended_callback timestamptz,
  ended_rest timestamptz,
  from_number text,
  to_number text,
  caller_name text,
  caller_city text,
  caller_region text,
  caller_country text,
  verstat text,
  place step_word,
  why step_word,
  menu_key step_word,
  forwarded step_word,
  bridged boolean,
  accepted boolean,
  talk_s integer,
  recording recording_fact,
  length recording_length,
  transcript text,
  error_code integer,

  heard_at timestamptz,
  done_at timestamptz,
  note text,

  status text GENERATED ALWAYS AS (call_status_word(status_rank)) STORED,
  outcome text GENERATED ALWAYS AS (split_part(call_verdict(status_rank,
    bridged, accepted, (why).word, (place).word, recording, error_code), ' ', 1)) STORED,
  reason text GENERATED ALWAYS AS (split_part(call_verdict(status_rank,
    bridged, accepted, (why).word, (place).word, recording, error_code), ' ', 2)) STORED,
  PRIMARY KEY (line, sid)
) WITH (fillfactor = 70);
COMMENT ON TABLE calls IS 'One row a call: the greatest of what its events tell. See the head of this file.';
COMMENT ON COLUMN calls.line IS 'As in events.';
COMMENT ON COLUMN calls.sid IS 'CallSid of the inbound leg.';
COMMENT ON COLUMN calls.first_seen_at IS 'Receipt of the first event merged; never changes, so lists are ordered by it.';
COMMENT ON COLUMN calls.first_received_at IS 'The earliest receipt of any event.';
COMMENT ON COLUMN calls.updated_at IS 'The latest receipt of any event, or change by a person.';
COMMENT ON COLUMN calls.version_entry IS 'Flow version chosen at the entry; version_url outranks it.';
COMMENT ON COLUMN calls.version_url IS 'Flow version that later URLs carried.';
COMMENT ON COLUMN calls.status_rank IS 'See call_status_word().';
COMMENT ON COLUMN calls.duration_callback_s IS 'Length of the call in seconds, from the status callback.';
COMMENT ON COLUMN calls.duration_rest_s IS 'The same from the REST API, which outranks it.';
COMMENT ON COLUMN calls.started_callback IS 'Begin, from the status callback.';
COMMENT ON COLUMN calls.started_rest IS 'Begin, from the REST API, which outranks it.';
COMMENT ON COLUMN calls.ended_callback IS 'End, from the status callback.';
COMMENT ON COLUMN calls.ended_rest IS 'End, from the REST API, which outranks it.';
COMMENT ON COLUMN calls.from_number IS 'From: E.164, or anything that stands for a caller without a number.';
COMMENT ON COLUMN calls.to_number IS 'To of the inbound leg.';
COMMENT ON COLUMN calls.caller_name IS 'CallerName.';
COMMENT ON COLUMN calls.caller_city IS 'FromCity.';
COMMENT ON COLUMN calls.caller_region IS 'FromState.';
COMMENT ON COLUMN calls.caller_country IS 'FromCountry.';
COMMENT ON COLUMN calls.verstat IS 'StirVerstat.';
COMMENT ON COLUMN calls.place IS 'Where the latest step has put the caller.';
COMMENT ON COLUMN calls.why IS 'What sent the caller on, of the latest step that did.';
COMMENT ON COLUMN calls.menu_key IS 'The key pressed last in a menu.';
COMMENT ON COLUMN calls.forwarded IS 'The phone that took the call, or those that were rung last.';
COMMENT ON COLUMN calls.bridged IS 'A leg was bridged to the caller; false: Twilio said that none was.';
COMMENT ON COLUMN calls.accepted IS 'A key was pressed on the phone that picked up.';
COMMENT ON COLUMN calls.talk_s IS 'DialCallDuration of the bridged leg, seconds.';
COMMENT ON COLUMN calls.recording IS 'What is known of the recording.';
COMMENT ON COLUMN calls.length IS 'How long it is; counts only if its SID is the recording''s.';
COMMENT ON COLUMN calls.transcript IS 'What was said, if Twilio transcribed it.';
COMMENT ON COLUMN calls.error_code IS 'Twilio''s error that led to the fallback.';
COMMENT ON COLUMN calls.heard_at IS 'When somebody marked the message as heard.';
COMMENT ON COLUMN calls.done_at IS 'When somebody marked the caller as called back.';
COMMENT ON COLUMN calls.note IS 'A person''s note.';
COMMENT ON COLUMN calls.status IS 'CallStatus of the inbound leg, in Twilio''s words.';
COMMENT ON COLUMN calls.outcome IS
  'answered, voicemail, missed, abandoned, blocked or failed; NULL while the call lasts.';
COMMENT ON COLUMN calls.reason IS 'Why, in one word: see call_verdict().';

-- The feed, newest first; the SID makes the order total.
CREATE INDEX calls_newest ON calls (first_seen_at DESC, sid DESC);
-- GET /api/calls/{sid} knows no line.
CREATE INDEX calls_sid ON calls (sid);
-- Was the caller answered later?  Only answered calls, so that a caller whom nobody
-- ever answers costs nothing.
CREATE INDEX calls_answered ON calls (from_number, first_seen_at)
  WHERE outcome = 'answered';

CREATE TABLE events_aside (
  event_key bytea PRIMARY KEY,
  received_at timestamptz NOT NULL,
  kind text NOT NULL,
  uri text NOT NULL,
  body bytea NOT NULL,
  why text NOT NULL
);
COMMENT ON TABLE events_aside IS
  'Signed requests that belong to no call that we can name, or that no row can hold: acknowledged and kept.';
COMMENT ON COLUMN events_aside.event_key IS 'As in events.';
COMMENT ON COLUMN events_aside.received_at IS 'As in events.';
COMMENT ON COLUMN events_aside.kind IS 'As in events.';
COMMENT ON COLUMN events_aside.uri IS 'As in events.';
COMMENT ON COLUMN events_aside.body IS 'As in events.';
COMMENT ON COLUMN events_aside.why IS 'What was missing or wrong.';
