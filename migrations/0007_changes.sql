-- Which calls have changed lately: what open pages are told of.

-- Unlogged: who writes an event waits for its own rows alone, and after a crash
-- the reader takes everything as changed anyway.
CREATE UNLOGGED TABLE changes (
  line text NOT NULL,
  call_sid text NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (vacuum_truncate = off); -- that would lock out who adds to it
COMMENT ON TABLE changes IS
  'Calls that have changed within the last seconds, or were removed: a row each time.';
COMMENT ON COLUMN changes.line IS 'As in calls.';
COMMENT ON COLUMN changes.call_sid IS 'As in calls.';
COMMENT ON COLUMN changes.xid IS
  'The transaction that changed it: who reads compares it with the snapshot of the last look, so that one that commits late is not missed.';
COMMENT ON COLUMN changes.at IS 'When; the row itself is removed some seconds after its commit.';

CREATE INDEX changes_xid ON changes (xid);
