-- Background work, the audio that is ours, and what was erased.

CREATE TABLE jobs (
  line text NOT NULL,
  call_sid text NOT NULL,
  kind text NOT NULL,
  channel text NOT NULL,
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'dead')),
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  leased_by text,
  leased_until timestamptz,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  progress text,
  PRIMARY KEY (line, call_sid, kind, channel)
);
COMMENT ON TABLE jobs IS
  'Background work: one row for each thing to do, so that asking for it twice changes nothing.';
COMMENT ON COLUMN jobs.line IS 'As in calls; empty for what is no call''s.';
COMMENT ON COLUMN jobs.call_sid IS 'As in events; empty for what is no call''s.';
COMMENT ON COLUMN jobs.kind IS 'What is to be done: see src/jobs/.';
COMMENT ON COLUMN jobs.channel IS
  'To whom or about what: a recording''s SID (@bucket where it lies there and is erased), email or webhook, a host''s name, or empty.';
COMMENT ON COLUMN jobs.state IS
  'due, done, or dead: given up, until somebody has it tried again.';
COMMENT ON COLUMN jobs.due_at IS 'Not before; moves with each attempt that failed.';
COMMENT ON COLUMN jobs.attempts IS 'How often it was begun since it was last set due by a person.';
COMMENT ON COLUMN jobs.leased_by IS 'The process that works on it, or did last.';
COMMENT ON COLUMN jobs.leased_until IS
  'Until then nobody else begins it; NULL: nobody works on it.';
COMMENT ON COLUMN jobs.last_error IS
  'Why the last attempt failed, or why there was nothing to do.';
COMMENT ON COLUMN jobs.created_at IS 'When it was first asked for, or once more by a person.';
COMMENT ON COLUMN jobs.finished_at IS
  'When it was given up or last done; what is done again and again keeps it while it fails.';
COMMENT ON COLUMN jobs.progress IS
  'Where work that takes several turns has come to; NULL: at its beginning.';

CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'due';
CREATE INDEX jobs_dead ON jobs (finished_at) WHERE state = 'dead';

-- What came before this work was there: the audio of each recording that is
-- complete is brought as well, the newest first, and none in the way of what comes.
INSERT INTO jobs (line, call_sid, kind, channel, due_at, created_at)
SELECT line, call_sid, 'archive', sid, at, at FROM (
  SELECT line, call_sid, sid,
    now() + row_number() OVER (ORDER BY max(received_at) DESC) * interval '1 second'
  FROM (SELECT line, call_sid, received_at, (recording).* FROM events) e
  WHERE status = 5 AND source >= 2
  GROUP BY line, call_sid, sid) r(line, call_sid, sid, at);

CREATE TABLE recordings (
  line text NOT NULL,
  sid text NOT NULL,
  call_sid text NOT NULL,
  place text NOT NULL CHECK (place IN ('folder', 'bucket')),
  mp3_sha256 bytea,
  mp3_bytes bigint,
  wav_sha256 bytea,
  wav_bytes bigint,
  archived_at timestamptz NOT NULL DEFAULT now(),
  deleted_at_twilio_at timestamptz,
  removed_at timestamptz,
  PRIMARY KEY (line, sid)
);
COMMENT ON TABLE recordings IS 'Audio that is kept here.';
COMMENT ON COLUMN recordings.line IS 'As in calls.';
COMMENT ON COLUMN recordings.sid IS 'RecordingSid.';
COMMENT ON COLUMN recordings.call_sid IS 'CallSid of the inbound leg.';
COMMENT ON COLUMN recordings.place IS
  'folder: MAINLINE_DATA/recordings; bucket: the S3-compatible one.';
COMMENT ON COLUMN recordings.mp3_sha256 IS 'SHA-256 of the MP3''s bytes; NULL: there is none.';
COMMENT ON COLUMN recordings.mp3_bytes IS 'Its size.';
COMMENT ON COLUMN recordings.wav_sha256 IS 'SHA-256 of the WAV''s bytes; NULL: there is none.';
COMMENT ON COLUMN recordings.wav_bytes IS 'Its size.';
COMMENT ON COLUMN recordings.archived_at IS 'When it was durable here.';
COMMENT ON COLUMN recordings.deleted_at_twilio_at IS 'When Twilio''s copy was deleted, on our request.';
COMMENT ON COLUMN recordings.removed_at IS 'When its time to be kept was over and it was removed here.';

-- The API knows no line.
CREATE INDEX recordings_sid ON recordings (sid);
CREATE INDEX recordings_call ON recordings (line, call_sid);
-- What is still kept, the oldest first: what is not any more stays a row.
CREATE INDEX recordings_here ON recordings (archived_at) WHERE removed_at IS NULL;

CREATE TABLE listens (
  line text NOT NULL,
  recording_sid text NOT NULL,
  listened_at timestamptz NOT NULL DEFAULT now(),
  who text NOT NULL
);
COMMENT ON TABLE listens IS 'Who has listened to what: one row each time somebody begins to.';
COMMENT ON COLUMN listens.line IS 'As in calls.';
COMMENT ON COLUMN listens.recording_sid IS 'RecordingSid.';
COMMENT ON COLUMN listens.listened_at IS 'When.';
COMMENT ON COLUMN listens.who IS 'Name of the token, or of whoever is signed in.';

CREATE INDEX listens_recording ON listens (line, recording_sid, listened_at);

CREATE TABLE erasure_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea NOT NULL DEFAULT
    sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
);
COMMENT ON TABLE erasure_key IS 'One row: what the hashes in `erased` are keyed with.';
COMMENT ON COLUMN erasure_key.one IS 'Always true, so that there is one.';
COMMENT ON COLUMN erasure_key.key IS '32 random bytes.';
INSERT INTO erasure_key DEFAULT VALUES;

CREATE TABLE erased (
  line text NOT NULL,
  tombstone bytea NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tombstone, line)
);
COMMENT ON TABLE erased IS
  'Calls that were erased: what arrives late, or is replayed, brings nothing back.';
COMMENT ON COLUMN erased.line IS 'As in calls.';
COMMENT ON COLUMN erased.tombstone IS 'SHA-256 of erasure_key.key and the CallSid: it names nobody.';
COMMENT ON COLUMN erased.erased_at IS 'When.';

-- What is there is due at the receipt of the latest event, so that what waited in a
-- spool is not made to wait once more.
CREATE FUNCTION call_notice_due(
  outcome text,
  recording recording_fact,
  updated_at timestamptz,   -- receipt of the latest event
  ended_at timestamptz,     -- when the call was over, if Twilio said
  reconciled_at timestamptz -- when the REST API was last asked
) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
RETURN CASE
  WHEN outcome IS NULL OR outcome NOT IN ('voicemail', 'missed')
    THEN NULL
  -- The callback or the REST API has spoken of the recording for the last time:
  -- a moment, for what comes out of order, or out of a spool.
  WHEN (recording).source >= 2 AND (recording).status >= 3
    THEN updated_at + interval '5 seconds'
  -- Asked about the call when it was over: what it did not know then comes soon.
  WHEN reconciled_at >= ended_at
    THEN reconciled_at + interval '2 minutes'
  -- Two minutes until it is asked, and two more.
  ELSE updated_at + interval '4 minutes'
END;
END $$;
COMMENT ON FUNCTION call_notice_due IS
  'When somebody may be told of a call that was missed or left a message: in a moment when its recording''s fate is known, else 2 minutes after the REST API was asked for it; NULL: nobody is told.';

-- Last, for nobody reads or writes these tables from here to the end.

ALTER TABLE events ADD COLUMN reconciled_at timestamptz;
COMMENT ON COLUMN events.reconciled_at IS
  'Fact: Twilio''s REST API was asked about the call, and said so much.';
ALTER TABLE calls ADD COLUMN reconciled_at timestamptz;
COMMENT ON COLUMN calls.reconciled_at IS
  'When Twilio''s REST API last told something new of the call; NULL: never.';

ALTER TABLE calls ADD COLUMN events_removed_at timestamptz;
COMMENT ON COLUMN calls.events_removed_at IS
  'When its events'' time to be kept was over: the row cannot be made anew.';

-- Calls that go on, or whose end nobody told us: few, and looked for all the time.
CREATE INDEX calls_open ON calls (first_seen_at) WHERE outcome IS NULL;
